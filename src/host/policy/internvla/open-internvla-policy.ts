/** From an InternVLA policy on disk to one that computes, with the statistics of the robot that a person chose. */
import { randomInt } from 'node:crypto'
import type { ActionSpace } from '#core/policy/action-space.ts'
import { roomOf, type SequenceRoom } from '#core/policy/internvla/sequence-room.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import type { RobotProfile } from '#core/policy/robot-profile.ts'
import { statisticsOf } from '#core/policy/robot-statistics.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { PolicySettings, Precision, ProviderName } from '#contract/services/policy.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import { checkMemory } from '../providers/free-memory.ts'
import { providerEnvironment } from '../providers/probe-provider.ts'
import type { ProviderDesk } from '../providers/provider-desk.ts'
import type { Policy } from '../policy.ts'
import { InternVlaEngine } from './engine.ts'
import { findTokenizer } from './find-tokenizer.ts'
import { profileOf, type InternVlaDescription, type SourceOffer } from './internvla-description.ts'
import { InternVlaPolicy } from './internvla-policy.ts'
import type { ModelSource } from './model-source.ts'
import { roomFor } from './room-for.ts'
import { computeThreads } from './threads.ts'

export interface InternVlaOpenOptions {
  readonly settings: Pick<PolicySettings, 'provider' | 'precision' | 'robot' | 'hasForesight'>
  readonly providers: ProviderDesk
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'> | null
  /** The instruction that will probably be asked for first; null where none is known. */
  readonly task?: string | null
}

/** Providers that our graphs are made for; DirectML has a dialect of its own. */
export const internVlaProviders: readonly ProviderName[] = ['cuda', 'webgpu', 'dml', 'coreml', 'cpu']

/** Seeds of this many bits: `randomInt` gives no more. */
const seedLimit = 2 ** 47

/**
 * Fails with `policy/provider-unavailable`, `policy/no-memory`, `policy/no-tokenizer`, `policy/statistics-mismatch`,
 * `policy/conversion-failed` (no graphs in the precision asked for), or as the source and the runtime do.
 */
export async function openInternVlaPolicy(
  description: InternVlaDescription,
  options: InternVlaOpenOptions,
): Promise<Result<Policy>> {
  const { settings, clock } = options
  const robot = settings.robot ?? description.robot
  const { profile } = profileOf(description, robot)
  const space = actionSpace(description, robot, profile)
  if (!space.ok) return space
  const tokeniser = await findTokenizer(description.tokenizer, description.folder, description.model)
  if (!tokeniser.ok) return tokeniser
  const tokens = options.task == null ? null : tokeniser.value.encode(options.task)
  const expected = {
    cameras: profile.cameras.length,
    textTokens: tokens?.ok === true ? tokens.value.count : 0,
  }
  const opened = await openFirst(description, options, expected)
  if (!opened.ok) return opened
  const { engine, source, precision } = opened.value
  return ok(
    new InternVlaPolicy({
      engine,
      source,
      tokeniser: tokeniser.value,
      profile,
      space: space.value,
      precision,
      clock,
      drawSeed: () => randomInt(seedLimit),
      onWarning: (message, data) => options.log?.warn('policy', message, { ...data }),
    }),
  )
}

/** What calls will bring, as far as it is known. */
interface ExpectedCalls {
  readonly cameras: number
  /** Of the instruction; 0 where it is not known yet. */
  readonly textTokens: number
}

/**
 * The robot's cameras, and the instruction with some room to spare. On CUDA a chunk's time goes into starting nodes, not into
 * tokens (docs/gpu.md): there is room for every instruction from the beginning, and none ever opens the model anew.
 */
const firstRoom = (provider: ProviderName, { cameras, textTokens }: ExpectedCalls): SequenceRoom =>
  roomOf(cameras, provider === 'cuda' ? internVla.textTokens : textTokens)

interface Opened {
  readonly engine: InternVlaEngine
  readonly source: ModelSource
  readonly precision: Precision
}

/** The first way of computing that works; the last one's fault when none does. Only `auto` goes on after a refusal. */
async function openFirst(
  description: InternVlaDescription,
  { settings, providers, log }: InternVlaOpenOptions,
  expected: ExpectedCalls,
): Promise<Result<Opened>> {
  let suited = internVlaProviders
  for (;;) {
    const provider = await providers.choose(settings.provider, suited)
    if (!provider.ok) return provider
    const ways = waysOf(settings.precision, description.offers, provider.value, providers.isSoftware)
    if (ways.length === 0) {
      const there = description.offers.map(({ precision }) => precision).join(', ')
      const message = `there is no ${settings.precision} form of this policy, only ${there}: import it again with that precision`
      return fail('policy/conversion-failed', message, { precision: settings.precision })
    }
    let refusal: Fault | null = null
    for (const offer of ways) {
      const opened = await openOffer(offer, provider.value, settings.hasForesight, providers, expected)
      if (opened.ok || !isRefusal(opened.error)) return opened
      refusal = opened.error
      log?.warn('policy', opened.error.message, { provider: provider.value, precision: offer.precision })
    }
    suited = suited.filter((name) => name !== provider.value)
    if (settings.provider !== 'auto' || suited.length === 0) return { ok: false, error: refusal ?? noWay }
  }
}

const noWay: Fault = { code: 'policy/provider-unavailable', message: 'no provider works here' }

/** Of what depends on where and how exactly it is computed: another way may do. */
const isRefusal = ({ code }: Fault): boolean =>
  code === 'policy/provider-failed' || code === 'policy/no-memory' || code === 'policy/runner-died'

/**
 * Forms to try, best first. Graphics cards take half floats, in which everything fits twice as well; a CPU has no such
 * arithmetic and takes the smaller forms for lack of memory only. What would have to be converted first is never chosen unasked.
 */
export function waysOf(
  wanted: PolicySettings['precision'],
  offers: readonly SourceOffer[],
  provider: ProviderName,
  isSoftware: boolean,
): readonly SourceOffer[] {
  if (wanted !== 'auto') return offers.filter(({ precision }) => precision === wanted)
  const isCard = provider === 'cuda' || (provider === 'webgpu' && !isSoftware)
  const order: readonly Precision[] = isCard ? ['fp16', 'fp32'] : ['fp32', 'fp16', 'int8', 'int4']
  return order.flatMap((name) =>
    offers.filter(({ precision, needsConversion }) => precision === name && needsConversion !== true),
  )
}

async function openOffer(
  offer: SourceOffer,
  provider: ProviderName,
  hasForesight: boolean,
  { cudaFolders }: ProviderDesk,
  expected: ExpectedCalls,
): Promise<Result<Opened>> {
  const { precision } = offer
  // What an import noted spares opening what does not fit.
  const noted = await checkNoted(provider, offer.memoryBytes)
  if (!noted.ok) return noted
  const source = await offer.open()
  if (!source.ok) return source
  const room = await roomFor(source.value, provider, offer.memoryBytes)
  const engine = room.ok
    ? await InternVlaEngine.open(source.value, {
        provider,
        env: providerEnvironment(provider, cudaFolders),
        threads: computeThreads(),
        hasPrepacking: room.value.forPrepacking,
        hasForesight,
        isTraced: false,
        room: firstRoom(provider, expected),
      })
    : room
  if (engine.ok) return ok({ engine: engine.value, source: source.value, precision })
  await source.value[Symbol.asyncDispose]()
  return engine
}

const checkNoted = async (provider: ProviderName, bytes: number | null): Promise<Result<void>> =>
  bytes === null ? ok(undefined) : checkMemory(provider, bytes)

/** Fails with `policy/statistics-mismatch`. */
export function actionSpace(
  { statistics, training, model }: InternVlaDescription,
  robot: string,
  profile: RobotProfile,
): Result<ActionSpace> {
  const { dims } = model.trunk
  const sized = (features: RobotProfile['state']) =>
    features.map(({ feature, channels }) => ({ name: feature, width: channels.length }))
  const state = statisticsOf(statistics, robot, sized(profile.state))
  if (!state.ok) return state
  const action = statisticsOf(statistics, robot, sized(profile.action))
  if (!action.ok) return action
  if (state.value.mean.length > dims.max_state_dim || action.value.mean.length > dims.max_action_dim)
    return fail('policy/statistics-mismatch', `${robot} has more numbers than the model takes`, { robot })
  const isDelta = training.actionMode === 'delta'
  return ok({
    rule: training.rule,
    state: state.value,
    action: action.value,
    isRelative: profile.action.flatMap(({ isRelative }) => isRelative.map((flag) => flag && isDelta)),
    stateWidth: dims.max_state_dim,
    actionWidth: dims.max_action_dim,
    chunkLength: dims.chunk,
  })
}
