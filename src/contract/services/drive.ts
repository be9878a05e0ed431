/** Who moves the arm: the lease, the commands of the mode machine, its state and the telemetry of the loop. Served by the rig host. */
import { z } from 'zod'
import { executorModes, rtcSchedules } from '#core/control/executor-settings.ts'
import { call, defineService, stream } from '../rpc/define.ts'
import { fault, modeSchema, nothing, sourceSchema, timeUs } from './common.ts'

export const driveCommands = [
  'engage',
  'hold',
  'resume',
  'giveToPolicy',
  'takeOver',
  'stop',
  'eStop',
  'recover',
  'endSession',
] as const
export type DriveCommand = (typeof driveCommands)[number]

/** Why the arm does what it does, or what is about to happen; `arm` and `joint` say where. */
export const cause = z.object({
  code: z.string(),
  message: z.string(),
  arm: z.enum(['follower', 'leader']).optional(),
  joint: z.string().optional(),
  /** Figures for the screen, e.g. `{ temperatureC: 66 }`. */
  data: z.record(z.string(), z.number()).optional(),
  sinceUs: timeUs,
})
export type Cause = z.infer<typeof cause>

export const servoState = z.object({
  joint: z.string(),
  temperatureC: z.number(),
  voltageV: z.number(),
  load: z.number(),
  currentA: z.number(),
  statusBits: z.number(),
  isStale: z.boolean(),
})

export const armLive = z.object({
  torque: z.enum(['off', 'on', 'unknown']),
  servos: z.array(servoState),
  bus: z.object({
    requests: z.number(),
    timeouts: z.number(),
    corrupt: z.number(),
    lostFraction: z.array(z.number()),
    silentUs: z.array(z.number()),
    utilisation: z.number(),
    roundTripP99Us: z.number(),
  }),
})
export type ArmLive = z.infer<typeof armLive>

export const loopStats = z.object({
  targetHz: z.number(),
  rateHz: z.number(),
  ticks: z.number(),
  overruns: z.number(),
  periodP50Us: z.number(),
  periodP99Us: z.number(),
  latenessP50Us: z.number(),
  latenessP99Us: z.number(),
  latenessP999Us: z.number(),
})
export type LoopStats = z.infer<typeof loopStats>

export const driveState = z.object({
  timeUs,
  mode: modeSchema,
  source: sourceSchema,
  sinceUs: timeUs,
  /** Present in `holding`, `slowStop`, `fault`, `eStop` when something caused it. */
  cause: cause.nullable(),
  /** Worst first, three at most. */
  warnings: z.array(cause),
  /** Leader minus follower per joint, program units; only while a leader is there. */
  gaps: z.array(z.object({ joint: z.string(), gap: z.number(), isWithin: z.boolean() })).nullable(),
  secondsLeft: z.number().nullable(),
  blend: z.object({ from: sourceSchema, to: sourceSchema }).nullable(),
  /** Every command with the reason that it must wait, or null when it can be given now. */
  commands: z.record(z.enum(driveCommands), fault.nullable()),
  lease: z.object({ holder: z.string().nullable(), label: z.string().nullable() }),
  /** Speed factor 0…1 when a servo is hot; 1 otherwise. */
  derate: z.number(),
  policy: z
    .object({ id: z.string(), name: z.string(), isLearned: z.boolean(), isWarm: z.boolean() })
    .nullable(),
  loop: loopStats.nullable(),
  follower: armLive.nullable(),
  leader: armLive.nullable(),
  /** Leader sampled → goal written, measured. */
  lagMs: z.number().nullable(),
  /** ISO time since when a previous run left the arm holding, until the first act of this one. */
  heldSince: z.string().nullable(),
  /**
   * The last take-over by command: ticks from its receipt by the rig host to the first one on which the policy no longer
   * drove, and the milliseconds to that tick's goal.
   */
  takeOver: z.object({ ticks: z.number().int(), ms: z.number() }).nullable(),
  needsKeepClear: z.boolean(),
  monitorViolations: z.number(),
})
export type DriveState = z.infer<typeof driveState>

/** Ticks since the last batch, oldest first, one flat array per quantity: joint j of tick i is at `i * joints + j`. NaN where there was none. */
export const telemetryBatch = z.object({
  joints: z.number().int(),
  timeUs: z.instanceof(Float64Array),
  /** When each tick computed its goal, a little after it began: what speeds of goals are to be reckoned with. */
  goalUs: z.instanceof(Float64Array).optional(),
  mode: z.array(modeSchema),
  source: z.instanceof(Uint8Array),
  leader: z.instanceof(Float32Array),
  follower: z.instanceof(Float32Array),
  requested: z.instanceof(Float32Array),
  sent: z.instanceof(Float32Array),
})
export type TelemetryBatch = z.infer<typeof telemetryBatch>

export const executorSettings = z.object({
  mode: z.enum(executorModes),
  /** Rows of a chunk that `sync` executes before it asks for the next; null for all. */
  syncRows: z.number().int().min(1).max(1000).nullable(),
  ensembleDecay: z.number().min(0).max(1),
  /** Rows after which a guided chunk is free; null for all that is left. */
  rtcHorizonRows: z.number().int().min(1).max(1000).nullable(),
  rtcSchedule: z.enum(rtcSchedules),
})

/** How chunks follow each other, as measured; null before anything was. Distances in program units. */
export const executorState = z.object({
  settings: executorSettings,
  delayP50Ms: z.number().nullable(),
  delayP95Ms: z.number().nullable(),
  /** Distance bridged at the last join, and the largest since the arm was given. */
  lastJump: z.number(),
  largestJump: z.number(),
  /** Root mean square over joints of wanted minus measured, radians. */
  trackingRad: z.number().nullable(),
  /** Age of the observation behind what is executed now. */
  stalenessMs: z.number().nullable(),
  remainingMs: z.number().nullable(),
  chunks: z.number(),
  late: z.number(),
  failures: z.number(),
  /** Share of chunks that followed the running one; a policy that cannot be guided has 0. */
  guidedShare: z.number().nullable(),
  /** Of the newest chunk. */
  stagesMs: z.record(z.string(), z.number()),
})
export type ExecutorState = z.infer<typeof executorState>

/** The rows of the pending chunk that are ahead, as they will be executed; while the human drives, what the policy would do. */
export const planMessage = z.object({
  chunkId: z.number().int(),
  /** Rows of the whole chunk. */
  length: z.number().int(),
  joints: z.number().int(),
  /** When each row is due, rig clock. */
  timesUs: z.instanceof(Float64Array),
  /** Row-major [rows, joints], program units. */
  values: z.instanceof(Float32Array),
})
export type PlanMessage = z.infer<typeof planMessage>

export const drive = defineService('drive', {
  /** The peer that calls becomes the driving page unless another one holds the lease and is alive; `force` takes it from a silent or watching one. */
  claimLease: call(
    z.object({ label: z.string().max(80), force: z.boolean() }),
    z.object({ isGranted: z.boolean(), holder: z.string().nullable() }),
  ),
  releaseLease: call(nothing, nothing),
  /** Sent at least every 100 ms by the driving page. Silence over 300 ms stops the arm in teleop and policy. */
  heartbeat: call(
    z.object({ hasFocus: z.boolean(), hasOtherStop: z.boolean() }),
    z.object({ isHolder: z.boolean() }),
  ),
  engage: call(z.object({ keepClearAcknowledged: z.boolean() }), nothing),
  hold: call(nothing, nothing),
  resume: call(nothing, nothing),
  selectPolicy: call(z.object({ policyId: z.string().nullable() }), nothing),
  /** Takes effect at once, without a step of the arm; remembered for later runs. */
  setExecutor: call(executorSettings, nothing),
  giveToPolicy: call(nothing, nothing),
  takeOver: call(nothing, nothing),
  /** Any page may call these two. */
  stop: call(nothing, nothing),
  eStop: call(nothing, nothing),
  recover: call(nothing, nothing),
  endSession: call(nothing, nothing),
  state: stream(nothing, driveState, 'latest'),
  telemetry: stream(z.object({ maxHz: z.number().min(1).max(120) }), telemetryBatch, 'latest'),
  /** Null while no policy stands ready. */
  executor: stream(nothing, executorState.nullable(), 'latest'),
  plan: stream(nothing, planMessage.nullable(), 'latest'),
  /** For clock offset: the rig host's clock while it answers. */
  ping: call(z.object({ clientUs: timeUs }), z.object({ clientUs: timeUs, rigUs: timeUs })),
  /** The loop's lateness samples since the last call, microseconds, for `npm run bench`. */
  lateness: call(nothing, z.instanceof(Float64Array)),
})
