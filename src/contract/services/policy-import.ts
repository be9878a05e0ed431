/** Checkpoints become policies here: long jobs with progress, and what they found. Served by the policy host. */
import { z } from 'zod'
import { templatePresets } from '#core/policy/openpi/template-presets.ts'
import { call, defineService, stream } from '../rpc/define.ts'
import { fault, nothing } from './common.ts'
import { policyContract, precision } from './policy.ts'

export const importSteps = ['read', 'check', 'emit', 'convert', 'write', 'selfCheck'] as const

export const importJob = z.object({
  jobId: z.string(),
  /** Folder or server address given. */
  source: z.string(),
  name: z.string(),
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  step: z.enum(importSteps),
  /** 0…1 of the present step, null while it cannot be known. */
  progress: z.number().nullable(),
  bytesDone: z.number(),
  bytesTotal: z.number().nullable(),
  /** Set when done. */
  policyId: z.string().nullable(),
  fault: fault.nullable(),
})
export type ImportJob = z.infer<typeof importJob>

export const importReport = z.object({
  architecture: z.string(),
  source: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
  /** Tensors that the graph uses, those it does not, and how many bytes the folded ones take. */
  used: z.object({ tensors: z.number(), bytes: z.number(), byDtype: z.record(z.string(), z.number()) }),
  skipped: z.array(z.object({ group: z.string(), tensors: z.number(), bytes: z.number(), why: z.string() })),
  folded: z.array(z.object({ name: z.string(), bytes: z.number(), from: z.array(z.string()) })),
  nodes: z.number(),
  /** Memory that a session is expected to take, by each precision in which it could run. */
  memoryBytes: z.partialRecord(precision, z.number()),
  actionMode: z.enum(['delta', 'abs']),
  robots: z.array(z.string()),
  tokenizer: z.string().nullable(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  selfChecks: z.array(
    z.object({ id: z.string(), status: z.enum(['ok', 'warn', 'fail', 'skipped']), detail: z.string() }),
  ),
  elapsedMs: z.number(),
})
export type ImportReport = z.infer<typeof importReport>

export const nearbyCheckpoint = z.object({
  /** As on Hugging Face, or the folder's name. */
  name: z.string(),
  path: z.string(),
  architecture: z.string(),
  /** Of the weights. */
  bytes: z.number(),
})
export type NearbyCheckpoint = z.infer<typeof nearbyCheckpoint>

export const nearbyFolder = z.object({ path: z.string(), isCheckpoint: z.boolean() })
export type NearbyFolder = z.infer<typeof nearbyFolder>

export const policyImport = defineService('policyImport', {
  /** Checkpoints in Hugging Face's cache and beside earlier imports; and folders whose path begins as `path` does. */
  nearby: call(
    z.object({ path: z.string().max(4096) }),
    z.object({ checkpoints: z.array(nearbyCheckpoint), folders: z.array(nearbyFolder) }),
  ),
  /** What a folder holds, before anything is done with it. Fails with the policy codes. */
  inspect: call(z.object({ source: z.string() }), importReport),
  start: call(
    z.object({
      source: z.string().min(1),
      /** Shown in lists; the folder's name when empty. */
      name: z.string().max(80),
      robot: z.string().nullable(),
      tokenizer: z.string().nullable(),
      precision: precision.or(z.literal('auto')),
    }),
    z.object({ jobId: z.string() }),
  ),
  /** A policy on an openpi server (`ws://host:port`), listed like the others. */
  addRemote: call(
    z.object({
      address: z.string().min(1),
      name: z.string().max(80),
      apiKey: z.string().nullable(),
      /** Keys of the observation, where the server does not name them. */
      preset: z.enum(templatePresets),
      /** What the server does not say, where a person does; null leaves it open. */
      contract: policyContract.nullable(),
    }),
    z.object({ policyId: z.string() }),
  ),
  cancel: call(z.object({ jobId: z.string() }), nothing),
  jobs: stream(nothing, z.array(importJob), 'latest'),
  report: call(z.object({ policyId: z.string() }), importReport),
  /** To the trash of the data folder; the checkpoint itself is never touched. */
  remove: call(z.object({ policyId: z.string() }), nothing),
  undoRemove: call(z.object({ policyId: z.string() }), nothing),
})
