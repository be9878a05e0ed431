/** One moment of the live screen each. */
import type { Mode } from '#core/control/mode.ts'
import type { DriveState } from '#contract/services/drive.ts'
import type { PolicyEntry, PolicyState } from '#contract/services/policy.ts'
import { checkContract } from '#core/policy/contract-check.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import type { RecordState } from '#contract/services/record.ts'
import type { FakeHosts } from '../fake-hosts.ts'
import {
  armLive,
  driveState,
  hostsRunning,
  jointNames,
  openTake,
  policySettings,
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

const latency = (p50Ms: number): PolicyState['stages'][string] => ({
  count: 60,
  p50Ms,
  p99Ms: p50Ms * 1.4,
  maxMs: p50Ms * 2,
  histogram: { first: 20, counts: [1] },
})

const a1: PolicyEntry = {
  id: 'own/a1',
  name: 'InternVLA-A1-3B',
  kind: 'internvla-a1',
  description: 'Fine-tuned on cube-box-v4, step 30,000.',
  isLearned: true,
  path: '/data/policies/internvla-a1-3b',
  license: 'CC BY-NC-SA 4.0',
  contract: {
    fps: 30,
    chunkLength: 50,
    robotType: 'so_follower',
    cameras: ['front', 'wrist', 'image2'].map((name) => ({ name, width: 224, height: 224 })),
    state: jointNames.map((name) => ({
      name: `${name}.pos`,
      unit: name === 'gripper' ? 'range_0_100' : 'degrees',
    })),
    action: jointNames.map((name) => ({
      name: `${name}.pos`,
      unit: name === 'gripper' ? 'range_0_100' : 'degrees',
    })),
    extras: [],
  },
  fault: null,
}

const warmA1 = (): PolicyState =>
  policyState({
    loaded: a1,
    status: 'warm',
    provider: 'cuda',
    precision: 'fp16',
    latency: latency(84),
    stages: {
      captureAge: latency(31),
      queue: latency(11),
      preprocess: latency(6),
      infer: latency(84),
      foresight: latency(21),
    },
    residentMemoryMb: 6800,
  })

/** A smooth picture that moves, in the place of a predicted one. */
function invented(side: number, phase: number): Uint8Array {
  const rgb = new Uint8Array(3 * side * side)
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const at = 3 * (y * side + x)
      rgb[at] = 128 + 100 * Math.sin(x / 30 + phase)
      rgb[at + 1] = 110 + 60 * Math.sin(y / 24)
      rgb[at + 2] = 90 + 60 * Math.sin((x + y) / 40 - phase)
    }
  return rgb
}

/** A prediction every second, its moment half a second later, and how it turned out. */
function playForesight(hosts: FakeHosts, rigUs: () => number): void {
  const cameras = ['front', 'wrist', 'top']
  let chunkId = 100
  const tell = (): void => {
    const observationUs = rigUs()
    chunkId += 1
    const told = { policyId: a1.id, chunkId, observationUs, dueUs: observationUs + 500_000 }
    hosts.tell('pictures.predictions', {
      ...told,
      readyMs: 140,
      decodeMs: 21,
      views: cameras.map((camera, index) => ({
        camera,
        width: 256,
        height: 256,
        rgb: invented(256, chunkId + index),
      })),
    })
    setTimeout(() => {
      hosts.tell('pictures.surprises', {
        ...told,
        score: 0.06 + 0.2 * Math.max(0, Math.sin(chunkId / 2)),
        views: cameras.map((camera) => ({
          camera,
          score: 0.05 + 0.1 * Math.max(0, Math.sin(chunkId / 2)),
          offsetUs: 2000,
          mapWidth: 64,
          mapHeight: 64,
          map: Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64 > 40 && i > 2000 ? 120 : 4)),
        })),
      })
    }, 500)
  }
  tell()
  setInterval(tell, 700)
}

const settingsA1 = policySettings({ cameras: { image2: 'top' } })

const foresight: Scenario = (hosts, rigUs) => {
  live(
    'policy',
    { policy: { id: a1.id, name: a1.name, isLearned: true, isWarm: true } },
    recording(),
  )(hosts, rigUs)
  hosts.answer('policy.settings', () => settingsA1)
  hosts.tell('policy.state', warmA1())
  playForesight(hosts, rigUs)
}

const policies: Scenario = (hosts, rigUs) => {
  live('idle')(hosts, rigUs)
  const rig = {
    robotType: 'so_follower',
    fps: 30,
    cameras: ['front', 'top', 'wrist'].map((name) => ({ name, width: 320, height: 240 })),
    state: a1.contract?.state ?? [],
    action: a1.contract?.action ?? [],
    extras: [],
  }
  hosts.answer('rig.contract', () => rig)
  hosts.answer('policy.list', () => [
    a1,
    { ...a1, id: 'demo', name: 'Analytic reach', kind: 'onnx', isLearned: false, license: 'Apache-2.0' },
  ])
  hosts.answer('policy.settings', () => policySettings())
  hosts.answer('policy.check', () => checkContract(a1.contract as PolicyContract, true, rig))
  hosts.answer('policy.providers', () => [
    { name: 'cpu', status: 'works', detail: '2 cores, AVX2' },
    { name: 'webgpu', status: 'works', detail: 'SwiftShader' },
    { name: 'cuda', status: 'missing', detail: 'libcudart.so.13 was not found: install the CUDA 13 runtime' },
    { name: 'dml', status: 'missing', detail: 'Windows only' },
    { name: 'coreml', status: 'missing', detail: 'macOS only' },
  ])
  hosts.answer('policyImport.nearby', () => ({ checkpoints: [], folders: [] }))
  hosts.answer('policyImport.report', () => ({
    architecture: 'InternVLA-A1-3B',
    source: '/data/internvla-a1-3b',
    files: [{ path: 'model.safetensors', bytes: 6.7e9 }],
    used: { tensors: 1102, bytes: 6.3e9, byDtype: { BF16: 5.9e9, F32: 4e8 } },
    skipped: [
      { group: 'deepstack_merger_list', tensors: 18, bytes: 1.5e8, why: 'read by no layer of this model' },
    ],
    folded: [{ name: 'time', bytes: 40_960, from: ['action_time_mlp_in'] }],
    nodes: 5012,
    memoryBytes: { fp32: 1.3e10, fp16: 6.6e9 },
    actionMode: 'delta',
    robots: ['so_follower', 'a2d'],
    tokenizer: 'Qwen3-VL, 151,936 tokens',
    warnings: [],
    selfChecks: [
      { id: 'finite', status: 'ok', detail: '1102 tensors' },
      { id: 'fp16 against fp32', status: 'warn', detail: 'largest difference 3.1e-3' },
    ],
    elapsedMs: 2310,
  }))
  hosts.tell('policy.state', warmA1())
  hosts.tell('policyImport.jobs', [
    {
      jobId: 'job-1',
      source: '/data/towel-fold',
      name: 'towel-fold, step 20,000',
      status: 'running',
      step: 'convert',
      progress: null,
      bytesDone: 3.8e9,
      bytesTotal: 6.3e9,
      policyId: null,
      fault: null,
    },
  ])
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
  foresight,
  policies,
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
