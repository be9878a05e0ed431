/** States as the hosts would tell them, for tests of the page and for looking at its screens. The numbers are invented. */
import { driveCommands, type ArmLive, type DriveState } from '#contract/services/drive.ts'
import type { RecordState } from '#contract/services/record.ts'
import type { RigConfig, RigState } from '#contract/services/rig.ts'
import type { HostStatus, Settings } from '#contract/services/shell.ts'
import type { PolicySettings, PolicyState } from '#contract/services/policy.ts'
import { sourceOf, type Mode } from '#core/control/mode.ts'

export const jointNames = [
  'shoulder_pan',
  'shoulder_lift',
  'elbow_flex',
  'wrist_flex',
  'wrist_roll',
  'gripper',
]

export const settings: Settings = {
  version: 1,
  language: 'en',
  theme: 'dark',
  operator: 'Lin',
  keys: {},
  isSoundOn: false,
  lastRig: null,
  lastDataset: 'cube-box-v4',
  lastTask: 'Put the red cube in the blue box',
}

export const rigConfig: RigConfig = {
  name: 'simulated-pair',
  robotType: 'so_follower',
  follower: { port: { kind: 'simulated' }, calibrationPath: null },
  leader: { port: { kind: 'simulated' }, calibrationPath: null },
  cameras: ['front', 'top', 'wrist'].map((name) => ({ name, kind: 'virtual', width: 320, height: 240 })),
  fps: 30,
}

export const rigState = (changes: Partial<RigState> = {}): RigState => ({
  status: 'connected',
  rig: rigConfig,
  arms: (['follower', 'leader'] as const).map((role) => ({
    role,
    port: `sim:${role}`,
    isSimulated: true,
    status: 'ready',
    fault: null,
    calibrationPath: null,
    calibrationHash: '3f9a51c0',
    jointNames,
  })),
  fault: null,
  ...changes,
})

export const armLive = (changes: Partial<ArmLive> = {}): ArmLive => ({
  torque: 'on',
  servos: jointNames.map((joint, index) => ({
    joint,
    temperatureC: 36 + index * 2,
    voltageV: 7.4 - index * 0.05,
    load: 0.1 + index * 0.05,
    currentA: 0.2,
    statusBits: 0,
    isStale: false,
  })),
  bus: {
    requests: 40_000,
    timeouts: 0,
    corrupt: 0,
    lostFraction: jointNames.map(() => 0),
    silentUs: jointNames.map(() => 0),
    utilisation: 0.34,
    roundTripP99Us: 900,
  },
  ...changes,
})

const notAllowed = { code: 'control/not-allowed', message: 'not in this mode' } as const

const allowed: Readonly<Record<Mode, readonly string[]>> = {
  idle: ['engage', 'stop', 'eStop'],
  holding: ['engage', 'resume', 'endSession', 'stop', 'eStop', 'hold'],
  matching: ['hold', 'stop', 'eStop'],
  teleop: ['hold', 'stop', 'eStop', 'giveToPolicy', 'endSession'],
  policy: ['hold', 'stop', 'eStop', 'takeOver'],
  blend: ['hold', 'stop', 'eStop', 'takeOver'],
  slowStop: ['stop', 'eStop'],
  fault: ['recover', 'eStop', 'endSession'],
  eStop: ['recover'],
}

export function driveState(mode: Mode, changes: Partial<DriveState> = {}): DriveState {
  const isLoose = mode === 'idle' || mode === 'eStop'
  const commands = Object.fromEntries(
    driveCommands.map((command) => [command, allowed[mode].includes(command) ? null : notAllowed]),
  ) as DriveState['commands']
  return {
    timeUs: 60_000_000,
    mode,
    source: sourceOf(mode),
    sinceUs: 55_000_000,
    cause: null,
    warnings: [],
    gaps: jointNames.map((joint, index) => ({
      joint,
      gap: mode === 'idle' || mode === 'matching' ? 0.6 - index * 0.18 : 0.01,
      isWithin: !(mode === 'idle' || mode === 'matching') || index > 3,
    })),
    secondsLeft: mode === 'blend' ? 0.4 : mode === 'slowStop' ? 0.3 : null,
    blend: mode === 'blend' ? { from: 'human', to: 'policy' } : null,
    commands,
    lease: { holder: 'page-1', label: 'browser' },
    derate: 1,
    policy:
      mode === 'policy' || mode === 'blend'
        ? { id: 'demo', name: 'Analytic demo', isLearned: false, isWarm: true }
        : null,
    loop: {
      targetHz: 200,
      rateHz: 200,
      ticks: 12_000,
      overruns: 0,
      periodP50Us: 5000,
      periodP99Us: 5120,
      latenessP50Us: 40,
      latenessP99Us: 180,
      latenessP999Us: 310,
    },
    follower: armLive({ torque: isLoose ? 'off' : 'on' }),
    leader: armLive({ torque: 'off' }),
    lagMs: mode === 'teleop' ? 9.2 : null,
    heldSince: null,
    takeOver: null,
    needsKeepClear: false,
    monitorViolations: 0,
    ...changes,
  }
}

type SessionEntry = RecordState['session'][number]

export const sessionOf = (count: number): SessionEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    takeId: `take-${index + 1}`,
    number: index + 1,
    outcome: index % 8 === 3 ? 'partial' : index % 8 === 6 ? 'failure' : 'success',
    state: 'saved',
  }))

export const recordState = (changes: Partial<RecordState> = {}): RecordState => ({
  timeUs: 60_000_000,
  phase: 'ready',
  dataset: { dir: '/data/cube-box-v4', name: 'cube-box-v4', episodes: 23, fps: 30 },
  task: 'Put the red cube in the blue box',
  operator: 'Lin',
  goal: 50,
  take: null,
  saving: [],
  session: sessionOf(23),
  blocker: null,
  recovered: [],
  trash: 1,
  failure: null,
  diskSecondsLeft: 6 * 3600 + 12 * 60,
  ...changes,
})

export const openTake = (changes: Partial<NonNullable<RecordState['take']>> = {}): RecordState['take'] => ({
  takeId: 'take-24',
  number: 24,
  task: 'Put the red cube in the blue box',
  frames: 372,
  seconds: 12.4,
  outcome: 'unlabelled',
  flushedFrames: 360,
  repeats: { front: 0, top: 0, wrist: 0 },
  t0Us: 47_600_000,
  closedBy: null,
  ...changes,
})

export const hostsRunning: HostStatus[] = (['rig', 'policy', 'library', 'sim'] as const).map(
  (name, index) => ({
    name,
    status: 'running',
    pid: 100 + index,
    restarts: 0,
    lastExit: null,
    memoryMb: 120,
  }),
)

export const policyState = (changes: Partial<PolicyState> = {}): PolicyState => ({
  loaded: null,
  status: 'none',
  provider: null,
  precision: null,
  stages: {},
  fault: null,
  latency: null,
  residentMemoryMb: null,
  ...changes,
})

/** As nothing was chosen yet. */
export const policySettings = (changes: Partial<PolicySettings> = {}): PolicySettings => ({
  provider: 'auto',
  precision: 'auto',
  cameras: {},
  joints: {},
  robot: null,
  hasForesight: true,
  surpriseThreshold: 0.2,
  seed: null,
  ...changes,
})
