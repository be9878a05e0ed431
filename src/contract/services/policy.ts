/** Policies for the page (`policy`), and the door the rig host uses while an arm is under policy control (`policyRunner`). Served by the policy host. */
import { z } from 'zod'
import { call, defineService, stream } from '../rpc/define.ts'
import { fault, nothing } from './common.ts'
import { rigContract } from './rig.ts'

const channel = z.object({ name: z.string(), unit: z.string() })

export const policyContract = z.object({
  fps: z.number(),
  chunkLength: z.number().int(),
  robotType: z.string().nullable(),
  cameras: z.array(z.object({ name: z.string(), width: z.number(), height: z.number() })),
  state: z.array(channel),
  action: z.array(channel),
  extras: z.array(z.object({ name: z.string(), shape: z.array(z.number().int()) })),
})
export type PolicyContractMessage = z.infer<typeof policyContract>

export const policyEntry = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['onnx', 'internvla-a1', 'openpi']),
  description: z.string(),
  isLearned: z.boolean(),
  path: z.string(),
  /** SPDX name or the words of the model card; null while unknown. */
  license: z.string().nullable(),
  contract: policyContract.nullable(),
  fault: fault.nullable(),
})
export type PolicyEntry = z.infer<typeof policyEntry>

export const checkLine = z.object({
  id: z.string(),
  status: z.enum(['ok', 'warn', 'fail']),
  expected: z.string(),
  actual: z.string(),
  /** What to do about it; empty when ok. */
  fix: z.string(),
})
export type CheckLine = z.infer<typeof checkLine>

export const providerNames = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
export const providerName = z.enum(providerNames)
export type ProviderName = z.infer<typeof providerName>

export const precisions = ['fp32', 'fp16', 'int8', 'int4'] as const
export const precision = z.enum(precisions)
export type Precision = z.infer<typeof precision>

/** What a person chose for one policy on this machine; kept beside the policy. */
export const policySettings = z.object({
  /** `auto`: the first that was probed and works. */
  provider: providerName.or(z.literal('auto')),
  precision: precision.or(z.literal('auto')),
  /** Camera of the rig for each camera of the policy's contract; an absent key means the same name, null leaves the slot empty. */
  cameras: z.record(z.string(), z.string().nullable()),
  /** Joint of the rig for each channel of the policy's contract; an absent key means the same name. */
  joints: z.record(z.string(), z.string()),
  /** Key into the checkpoint's statistics; null takes the one the checkpoint names. */
  robot: z.string().nullable(),
  /** Predicted pictures are decoded. */
  hasForesight: z.boolean(),
  /** Surprise above which a take-over is proposed, never made; null proposes none. */
  surpriseThreshold: z.number().positive().nullable().default(null),
  /** Fixed seed of the noise, for replay; null takes a new one for each chunk. */
  seed: z.number().int().nullable(),
})
export type PolicySettings = z.infer<typeof policySettings>

export const latencySummary = z.object({
  count: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  /** Buckets of core/policy/latency-histogram.ts. */
  histogram: z.object({ first: z.number().int(), counts: z.array(z.number().int()) }),
})

export const policyState = z.object({
  loaded: policyEntry.nullable(),
  status: z.enum(['none', 'loading', 'warming', 'warm', 'failed']),
  provider: z.string().nullable(),
  precision: precision.nullable(),
  fault: fault.nullable(),
  /** Milliseconds over the last minute, absent until measured. */
  latency: latencySummary.nullable(),
  /** The same by stage (`queue`, `preprocess`, `infer`, `foresight`), only what was measured. */
  stages: z.record(z.string(), latencySummary),
  /** This host and the processes in which sessions run. */
  residentMemoryMb: z.number().nullable(),
})
export type PolicyState = z.infer<typeof policyState>

export const providerStatus = z.object({
  name: providerName,
  status: z.enum(['works', 'missing', 'fails', 'untried']),
  /** The reason in a word, which the page says in its language; `detail` has the names and the runtime's own words. */
  why: z.enum([
    'everywhere',
    'device',
    'software',
    'other-system',
    'no-build',
    'no-adapter',
    'no-libraries',
    'refused',
    'no-answer',
    'wrong-numbers',
    'untried',
  ]),
  /** Why not, or which device; and what to install. */
  detail: z.string(),
})
export type ProviderStatus = z.infer<typeof providerStatus>

const picture = z.object({
  camera: z.string(),
  /** Machine clock; NaN where the picture comes from a file without one. */
  timeUs: z.number().or(z.nan()),
  width: z.number().int(),
  height: z.number().int(),
  /** Interleaved red, green, blue. */
  rgb: z.instanceof(Uint8Array),
})
export type PictureMessage = z.infer<typeof picture>

export const policy = defineService('policy', {
  list: call(nothing, z.array(policyEntry)),
  load: call(z.object({ policyId: z.string() }), nothing),
  unload: call(nothing, nothing),
  check: call(
    z.object({
      policyId: z.string(),
      rig: rigContract,
      /** The instruction that is meant to be given; null checks none. */
      task: z.string().nullable().default(null),
      /** Present state by channel name of the rig, in its units; null checks none. */
      state: z.record(z.string(), z.number()).nullable().default(null),
    }),
    z.array(checkLine),
  ),
  state: stream(nothing, policyState, 'latest'),
  settings: call(z.object({ policyId: z.string() }), policySettings),
  /** Takes effect at once: a loaded policy whose provider or precision changes is loaded again. */
  configure: call(z.object({ policyId: z.string(), settings: policySettings }), nothing),
  /** Tries each provider in a process of its own; answers what was found earlier unless `isFresh`. */
  providers: call(z.object({ isFresh: z.boolean() }), z.array(providerStatus)),
  /** Runs the loaded policy on neutral input; stage latencies in milliseconds, one number per run. */
  bench: call(
    z.object({ policyId: z.string(), runs: z.number().int().min(1).max(1000) }),
    z.object({ provider: z.string(), stages: z.record(z.string(), z.instanceof(Float64Array)) }),
  ),
  /**
   * One prediction outside control, for open-loop evaluation: pictures of any size (past first, then present, per camera of
   * the contract), the raw state in the contract's order and units.
   */
  predict: call(
    z.object({
      policyId: z.string(),
      state: z.instanceof(Float32Array),
      extras: z.record(z.string(), z.instanceof(Float32Array)),
      past: z.array(picture),
      present: z.array(picture),
      task: z.string(),
      seed: z.number().int(),
      hasForesight: z.boolean(),
    }),
    z.object({
      /** Row-major [length, width], the policy's units. */
      actions: z.instanceof(Float32Array),
      length: z.number().int(),
      width: z.number().int(),
      foresight: z.array(picture),
      stagesMs: z.record(z.string(), z.number()),
    }),
  ),
})

export const rtcSchedules = ['linear', 'exp', 'ones', 'zeros'] as const

/** Real-time chunking: what is left of the chunk that runs while the next is computed (spec/internvla-a1.md §6.2). */
export const chunkGuide = z.object({
  /** Row-major [rows, width], absolute, the policy's units; row 0 is the first action not yet executed at the observation. */
  leftOver: z.instanceof(Float32Array),
  rows: z.number().int(),
  /** Rows that will have been executed when the answer comes: weight 1. */
  delayRows: z.number().int(),
  /** Rows after which the new chunk is free. */
  horizonRows: z.number().int(),
  schedule: z.enum(rtcSchedules),
})
export type ChunkGuide = z.infer<typeof chunkGuide>

export const observation = z.object({
  /** The policy that is meant: another one that was loaded in between must not answer. */
  policyId: z.string(),
  /** Machine clock of the state below. */
  timeUs: z.number(),
  /** In the policy's own units and order. */
  state: z.instanceof(Float32Array),
  extras: z.record(z.string(), z.instanceof(Float32Array)),
  task: z.string(),
  /** Null for a chunk that need not join another. Policies without guidance ignore it. */
  guide: chunkGuide.nullable(),
})
export type ObservationMessage = z.infer<typeof observation>

export const chunkMessage = z.object({
  chunkId: z.number().int(),
  observationUs: z.number(),
  /** Row-major [length, width], the policy's units. */
  actions: z.instanceof(Float32Array),
  length: z.number().int(),
  width: z.number().int(),
  inferMs: z.number(),
  /** Seed of the noise, null where the policy draws none. */
  seed: z.number().int().nullable(),
  /** True when the guide was followed. */
  isGuided: z.boolean(),
  /** `queue`, `preprocess`, `infer`; and `captureAge`: the oldest present picture's age at the observation. */
  stagesMs: z.record(z.string(), z.number()),
})
export type ChunkMessage = z.infer<typeof chunkMessage>

export const policyRunner = defineService('policyRunner', {
  load: call(z.object({ policyId: z.string() }), policyEntry),
  /** The mapping of cameras and joints is the rig host's to apply to state and actions, the policy host's for pictures. */
  settings: call(z.object({ policyId: z.string() }), policySettings),
  infer: call(observation, chunkMessage),
  state: stream(nothing, policyState, 'latest'),
})
