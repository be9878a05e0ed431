/**
 * An InternVLA model as a policy: pictures, instruction and state become feeds; the network's chunk becomes actions in the
 * robot's units, checked before it leaves. With the same observation and seed it gives the same chunk, bit for bit.
 */
import {
  anchorRows,
  checkRows,
  normaliseGuide,
  normaliseState,
  unnormaliseRows,
  type ActionSpace,
} from '#core/policy/action-space.ts'
import { applyGripperRules } from '#core/policy/gripper-rule.ts'
import type { SequenceRoom } from '#core/policy/internvla/sequence-room.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import type { RobotProfile } from '#core/policy/robot-profile.ts'
import { samplingNoise } from '#core/policy/sampling-noise.ts'
import type { InstructionTokeniser } from '#core/policy/tokenise.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { Precision } from '#contract/services/policy.ts'
import type { Clock } from '../../shared/clock.ts'
import { checkActions } from '../action-check.ts'
import { neutralObservation } from '../neutral-observation.ts'
import type { Observation, Policy, PolicyChunk, PolicyForesight } from '../policy.ts'
import { callFeeds, type View } from './call-feeds.ts'
import type { InternVlaEngine } from './engine.ts'
import { foresightViews } from './foresight-views.ts'
import { InstructionRows } from './instruction-rows.ts'
import type { ModelSource } from './model-source.ts'

export interface InternVlaParts {
  readonly engine: InternVlaEngine
  readonly source: ModelSource
  readonly tokeniser: InstructionTokeniser
  readonly profile: RobotProfile
  readonly space: ActionSpace
  readonly precision: Precision
  readonly clock: Clock
  /** A new seed for a chunk that is given none. */
  readonly drawSeed: () => number
  /** For what does not stop a chunk, such as an instruction that is cut off; told once per instruction. */
  readonly onWarning: (message: string, data: Readonly<Record<string, unknown>>) => void
}

/** The first run compiles shaders or chooses convolutions, the second settles the arenas; the third is like all later ones. */
const warmUpRuns = 3

export class InternVlaPolicy implements Policy {
  readonly contract: PolicyContract
  readonly provider
  readonly precision
  readonly pictureNeed
  readonly ended: Promise<Fault>
  readonly foresee: Policy['foresee']
  /** The mean of the training data: a state that the network knows. */
  readonly neutralState: Float32Array
  private readonly parts: InternVlaParts
  private readonly rows: InstructionRows
  /** Which slots were filled when a prediction was made. */
  private readonly seen = new WeakMap<Float32Array, readonly boolean[]>()

  constructor(parts: InternVlaParts) {
    const { engine, profile, space } = parts
    this.parts = parts
    this.contract = contractFrom(profile, space.chunkLength)
    this.provider = engine.provider
    this.precision = parts.precision
    this.pictureNeed = { side: engine.model.trunk.inputSide, historyTicks: internVla.historyTicks }
    this.ended = engine.ended
    this.foresee = engine.hasForesight ? (hidden) => this.decode(hidden) : null
    this.neutralState = Float32Array.from(space.state.mean)
    this.rows = new InstructionRows(parts.tokeniser, parts.source, parts.onWarning)
  }

  get processIds(): readonly number[] {
    return this.parts.engine.processIds
  }

  async warmUp(): Promise<Result<{ readonly inferMs: number }>> {
    const given = { state: this.neutralState, task: 'move' }
    const neutral = neutralObservation(this.contract, this.pictureNeed, this.parts.clock(), given)
    for (let run = 1; run < warmUpRuns; run++) {
      const chunk = await this.infer(neutral)
      if (!chunk.ok) return chunk
    }
    return this.infer(neutral)
  }

  async infer(observation: Observation): Promise<Result<PolicyChunk>> {
    const { engine, space, clock, drawSeed, profile } = this.parts
    const startUs = clock()
    const { state, guide, seed: wanted } = observation
    if (state.length !== this.contract.state.length || !state.every(Number.isFinite))
      return badState(state.length)
    const text = await this.rows.of(observation.task)
    if (!text.ok) return text
    const views = profile.cameras.map(({ name }) => viewOf(observation, name))
    const room = await this.makeRoom(views, text.value.count)
    if (!room.ok) return room
    const { chunkLength: length, actionWidth } = space
    const seed = wanted ?? drawSeed()
    const pull = normaliseGuide(space, guide, state)
    const inputs = {
      views,
      textRows: text.value.rows,
      textTokens: text.value.count,
      state: normaliseState(space, state),
      noise: samplingNoise(seed, length * actionWidth),
      guide: pull,
    }
    const feeds = callFeeds(engine.model, inputs, room.value)
    if (!feeds.ok) return feeds
    const fedUs = clock()
    const answer = await engine.run(feeds.value)
    if (!answer.ok) return answer
    const computedUs = clock()
    const { actions: output, gen_hidden: hidden } = answer.value.outputs
    if (output?.type !== 'float32') return fail('policy/wrong-shape', 'the graph gives no actions')
    const actions = this.finish(output.data, state)
    if (!actions.ok) return actions
    const kept = hidden?.type === 'float32' ? hidden.data : null
    if (kept !== null)
      this.seen.set(
        kept,
        views.map((view) => view !== null),
      )
    return ok({
      observationUs: observation.timeUs,
      actions: actions.value,
      length,
      width: this.contract.action.length,
      inferMs: (clock() - startUs) / 1000,
      seed,
      isGuided: pull.weight.some((weight) => weight > 0),
      stagesMs: { preprocess: (fedUs - startUs) / 1000, infer: (computedUs - fedUs) / 1000 },
      hidden: kept,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.parts.engine[Symbol.asyncDispose]()
    await this.parts.source[Symbol.asyncDispose]()
  }

  private async makeRoom(views: readonly View[], textTokens: number): Promise<Result<SequenceRoom>> {
    const { engine, onWarning } = this.parts
    const needed = views.findLastIndex((view) => view !== null) + 1
    if (!engine.hasRoom(needed, textTokens))
      onWarning(`the model is opened anew for an instruction of ${textTokens} tokens`, { textTokens })
    return engine.makeRoom(needed, textTokens)
  }

  /** From the network's numbers to the robot's. */
  private finish(output: Float32Array, state: Float32Array): Result<Float32Array> {
    const { space, profile } = this.parts
    const { action } = this.contract
    const names = action.map(({ name }) => name)
    const rows = unnormaliseRows(space, output)
    const plausible = checkRows(rows, space, names)
    if (!plausible.ok) return plausible
    const actions = anchorRows(rows, state, space.isRelative)
    applyGripperRules(actions, names, profile.grippers)
    const possible = checkActions(actions, action)
    return possible.ok ? ok(actions) : possible
  }

  private async decode(hidden: Float32Array): Promise<Result<PolicyForesight>> {
    const startUs = this.parts.clock()
    const decoded = await this.parts.engine.decode(hidden)
    if (!decoded.ok) return decoded
    const images = decoded.value.outputs['foresight.images']
    if (images?.type !== 'float32') return fail('policy/wrong-shape', 'the decoder gives no pictures')
    const filled = this.seen.get(hidden) ?? this.contract.cameras.map(() => true)
    return ok({
      horizonTicks: internVla.historyTicks,
      views: foresightViews(images, this.contract.cameras, filled),
      decodeMs: (this.parts.clock() - startUs) / 1000,
    })
  }
}

/** Both frames of a camera; without a past, as on the first tick, the present stands for it. */
function viewOf({ pictures, past }: Observation, camera: string): View {
  const present = pictures[camera]
  return present === undefined ? null : { present, past: past[camera] ?? present }
}

const badState = (length: number) =>
  fail('policy/wrong-shape', `a state of ${length} numbers does not fit, or one of them is not finite`, {
    length,
  })

/** What the policy needs from a rig, by its robot's profile. */
export const contractFrom = (profile: RobotProfile, chunkLength: number): PolicyContract => ({
  robotType: profile.keys[0] ?? null,
  cameras: profile.cameras.map(({ name, width, height }) => ({ name, width, height })),
  state: profile.state.flatMap(({ channels }) => channels),
  action: profile.action.flatMap(({ channels }) => channels),
  fps: profile.fps,
  chunkLength,
  extras: [],
})
