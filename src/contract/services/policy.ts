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

export const policyState = z.object({
  loaded: policyEntry.nullable(),
  status: z.enum(['none', 'loading', 'warming', 'warm', 'failed']),
  provider: z.string().nullable(),
  fault: fault.nullable(),
  /** Milliseconds over the last minute, absent until measured. */
  latency: z
    .object({ count: z.number(), p50Ms: z.number(), p99Ms: z.number(), maxMs: z.number() })
    .nullable(),
  residentMemoryMb: z.number().nullable(),
})
export type PolicyState = z.infer<typeof policyState>

export const policy = defineService('policy', {
  list: call(nothing, z.array(policyEntry)),
  load: call(z.object({ policyId: z.string() }), nothing),
  unload: call(nothing, nothing),
  check: call(z.object({ policyId: z.string(), rig: rigContract }), z.array(checkLine)),
  state: stream(nothing, policyState, 'latest'),
})

export const observation = z.object({
  /** The policy that is meant: another one that was loaded in between must not answer. */
  policyId: z.string(),
  /** Machine clock of the state below. */
  timeUs: z.number(),
  /** In the policy's own units and order. */
  state: z.instanceof(Float32Array),
  extras: z.record(z.string(), z.instanceof(Float32Array)),
  task: z.string(),
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
})
export type ChunkMessage = z.infer<typeof chunkMessage>

export const policyRunner = defineService('policyRunner', {
  load: call(z.object({ policyId: z.string() }), policyEntry),
  infer: call(observation, chunkMessage),
  state: stream(nothing, policyState, 'latest'),
})
