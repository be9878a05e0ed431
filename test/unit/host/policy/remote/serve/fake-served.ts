/** A policy to serve: its chunk repeats what it was shown, so that tests see what reached it. */
import { ok, type Result } from '#core/result.ts'
import type { Observation, Policy, PolicyChunk } from '#host/policy/policy.ts'
import { presetTemplate } from '#core/policy/openpi/template-presets.ts'
import { unwrap } from '#core/result.ts'
import { sessionsOf, type ServeOptions } from '#host/policy/remote/serve/serve-policy.ts'

export class FakePolicy implements Policy {
  readonly contract = {
    robotType: null,
    cameras: [
      { name: 'head', width: 8, height: 8 },
      { name: 'left', width: 8, height: 8 },
    ],
    state: [
      { name: 'left_joint_0.pos', unit: 'radians' as const },
      { name: 'left_gripper.pos', unit: 'range_0_1' as const },
      { name: 'right_joint_0.pos', unit: 'radians' as const },
      { name: 'right_gripper.pos', unit: 'range_0_1' as const },
    ],
    action: [
      { name: 'left_joint_0.pos', unit: 'radians' as const },
      { name: 'left_gripper.pos', unit: 'range_0_1' as const },
      { name: 'right_joint_0.pos', unit: 'radians' as const },
      { name: 'right_gripper.pos', unit: 'range_0_1' as const },
    ],
    fps: 30,
    chunkLength: 2,
    extras: [],
  }
  readonly provider = 'cpu'
  readonly precision = null
  readonly processIds = []
  readonly foresee = null
  readonly pictureNeed
  readonly seen: Observation[] = []
  next: ((observation: Observation) => Promise<Result<PolicyChunk>>) | null = null

  constructor(historyTicks = 3) {
    this.pictureNeed = { side: 4, historyTicks }
  }

  warmUp() {
    return Promise.resolve(ok({ inferMs: 1 }))
  }

  infer(observation: Observation): Promise<Result<PolicyChunk>> {
    this.seen.push(observation)
    return this.next?.(observation) ?? Promise.resolve(ok(this.chunk(observation)))
  }

  /** Row 0 is the state, row 1 its double. */
  chunk({ timeUs, state, seed }: Observation): PolicyChunk {
    return {
      observationUs: timeUs,
      actions: Float32Array.from([...state, ...state.map((value) => 2 * value)]),
      length: 2,
      width: 4,
      inferMs: 5,
      seed,
      isGuided: false,
      stagesMs: {},
      hidden: null,
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }
}

export function serveOptions(policy: FakePolicy, changes: Partial<ServeOptions> = {}): ServeOptions {
  let nowUs = 0
  return {
    policy,
    facts: { name: 'fake', description: '', learned: true, license: null },
    dialect: 'openpi',
    template: unwrap(presetTemplate('generic', policy.contract)),
    ticksPerQuestion: 1,
    seed: null,
    clock: () => (nowUs += 1000),
    ...changes,
  }
}

/** One client without a socket: what it sends, and what comes back. */
export function clientOf(options: ServeOptions) {
  const sent: (Uint8Array | string)[] = []
  const closes: [number, string][] = []
  const session = unwrap(sessionsOf(options))({
    send: (message) => void sent.push(message),
    close: (code, reason) => void closes.push([code, reason]),
  })
  session.greet()
  const gone = new AbortController()
  return { sent, closes, gone, hear: (message: Uint8Array | string) => session.hear(message, gone.signal) }
}
