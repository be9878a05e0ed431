/** One moment of the live screen each. */
import type { Mode } from '#core/control/mode.ts'
import type { DriveState } from '#contract/services/drive.ts'
import type { RecordState } from '#contract/services/record.ts'
import type { FakeHosts } from '../fake-hosts.ts'
import {
  armLive,
  driveState,
  hostsRunning,
  jointNames,
  openTake,
  policyState,
  recordState,
  rigState,
} from '../page-states.ts'
import { playTelemetry } from './telemetry.ts'

export type Scenario = (hosts: FakeHosts, rigUs: () => number) => void

function live(mode: Mode, drive: Partial<DriveState> = {}, record: Partial<RecordState> = {}): Scenario {
  return (hosts, rigUs) => {
    hosts.tell('shell.hosts', hostsRunning)
    hosts.tell('rig.state', rigState())
    hosts.tell('policy.state', policyState())
    hosts.tell('record.state', recordState(record))
    hosts.tell('sim.faults', [])
    hosts.tell('sim.operator', { isRunning: false, phase: 'rest', cube: 'red', attempts: 0, cubesInBin: [] })
    hosts.tell('drive.state', driveState(mode, drive))
    playTelemetry(hosts, rigUs, mode)
  }
}

const recording = (): Partial<RecordState> => ({ phase: 'recording', take: openTake() })

const servoSilent = {
  code: 'control/servo-silent',
  message: 'servos 5 and 6 are silent',
  arm: 'follower',
  joint: 'wrist_roll',
  data: { silentMs: 1800 },
  sinceUs: 58_200_000,
} as const

const lostWrist = (): DriveState['follower'] => {
  const arm = armLive({})
  return {
    ...arm,
    servos: arm.servos.map((servo, index) => ({ ...servo, isStale: index > 3 })),
    bus: {
      ...arm.bus,
      timeouts: 360,
      lostFraction: jointNames.map((_, index) => (index > 3 ? 1 : 0)),
      silentUs: jointNames.map((_, index) => (index > 3 ? 1_800_000 : 0)),
    },
  }
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  firstRun: (hosts) => {
    hosts.tell('shell.hosts', hostsRunning)
    hosts.tell('rig.state', rigState({ status: 'none', rig: null, arms: [] }))
    hosts.tell('record.state', recordState({ phase: 'none', dataset: null, session: [], trash: 0, task: '' }))
    hosts.tell('policy.state', policyState())
    hosts.tell('drive.state', driveState('idle', { follower: null, leader: null, gaps: null, loop: null }))
  },
  idle: live('idle'),
  noDataset: live(
    'holding',
    {},
    {
      phase: 'none',
      dataset: null,
      session: [],
      trash: 0,
      task: '',
      blocker: { code: 'record/no-dataset', message: 'none' },
    },
  ),
  holding: live('holding', {
    cause: { code: 'control/stop-asked', message: 'stop', sinceUs: 59_000_000 },
  }),
  matching: live('matching'),
  teleop: live('teleop', {
    warnings: [
      {
        code: 'control/servo-hot',
        message: 'hot',
        arm: 'follower',
        joint: 'elbow_flex',
        data: { temperatureC: 57 },
        sinceUs: 1,
      },
    ],
    commands: {
      ...driveState('teleop').commands,
      giveToPolicy: { code: 'control/no-policy', message: 'none' },
    },
  }),
  recording: live('teleop', {}, recording()),
  policy: live('policy', {}, recording()),
  blend: live('blend', {}, recording()),
  slowStop: live('slowStop', {}, recording()),
  fault: live(
    'fault',
    { cause: servoSilent, follower: lostWrist() },
    { phase: 'closed', take: openTake({ frames: 546, seconds: 18.2, closedBy: servoSilentFault() }) },
  ),
  eStop: live(
    'eStop',
    { cause: { code: 'control/e-stop-asked', message: 'Esc twice', sinceUs: 59_000_000 } },
    {
      phase: 'closed',
      take: openTake({
        frames: 546,
        seconds: 18.2,
        closedBy: { code: 'control/e-stop-asked', message: 'e-stop' },
      }),
    },
  ),
  recovered: live(
    'idle',
    { heldSince: '2026-11-24T14:02:11Z' },
    {
      recovered: [{ ...recoveredTake() }],
    },
  ),
  keepClear: live('idle', { needsKeepClear: true }),
  watching: live('teleop', { lease: { holder: 'page-2', label: 'browser on lab-pc' } }),
  lost: (hosts, rigUs) => {
    live('teleop', {}, recording())(hosts, rigUs)
    hosts.answer('drive.ping', () => new Promise(() => undefined))
    hosts.answer('drive.heartbeat', () => new Promise(() => undefined))
  },
  hostDown: (hosts, rigUs) => {
    live('teleop', {}, recording())(hosts, rigUs)
    hosts.tell(
      'shell.hosts',
      hostsRunning.map((host) =>
        host.name === 'rig' ? { ...host, status: 'restarting', lastExit: 'signal SIGKILL' } : host,
      ),
    )
  },
}

function servoSilentFault(): { code: 'control/servo-silent'; message: string } {
  return { code: 'control/servo-silent', message: 'servos 5 and 6 are silent' }
}

function recoveredTake(): RecordState['recovered'][number] {
  const take = openTake()
  if (take === null) throw new Error('no take')
  const { t0Us: _t0Us, closedBy: _closedBy, ...summary } = take
  return { ...summary, number: 12 }
}
