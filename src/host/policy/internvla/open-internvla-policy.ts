/** From an InternVLA policy on disk to one that computes, with the statistics of the robot that a person chose. */
import { randomInt } from 'node:crypto'
import type { ActionSpace } from '#core/policy/action-space.ts'
import type { RobotProfile } from '#core/policy/robot-profile.ts'
import { statisticsOf } from '#core/policy/robot-statistics.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { PolicySettings, ProviderName } from '#contract/services/policy.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import { checkMemory } from '../providers/free-memory.ts'
import { providerEnvironment } from '../providers/probe-provider.ts'
import type { ProviderDesk } from '../providers/provider-desk.ts'
import type { Policy } from '../policy.ts'
import { InternVlaEngine } from './engine.ts'
import { findTokenizer } from './find-tokenizer.ts'
import { profileOf, type InternVlaDescription } from './internvla-description.ts'
import { InternVlaPolicy } from './internvla-policy.ts'
import { computeThreads } from './threads.ts'

export interface InternVlaOpenOptions {
  readonly settings: Pick<PolicySettings, 'provider' | 'precision' | 'robot' | 'hasForesight'>
  readonly providers: ProviderDesk
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'> | null
}

/** Providers that our graphs are made for. DirectML lacks the attention operator (spec/internvla-a1.md §4.5). */
export const internVlaProviders: readonly ProviderName[] = ['cuda', 'webgpu', 'coreml', 'cpu']

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
  const { settings, providers, clock } = options
  const { offers } = description
  const robot = settings.robot ?? description.robot
  const { profile } = profileOf(description, robot)
  const space = actionSpace(description, robot, profile)
  if (!space.ok) return space
  const provider = await providers.choose(settings.provider, internVlaProviders)
  if (!provider.ok) return provider
  const offer = offers.find(
    ({ precision }) => settings.precision === 'auto' || precision === settings.precision,
  )
  if (offer === undefined) {
    const there = offers.map(({ precision }) => precision).join(', ')
    const message = `there is no ${settings.precision} form of this policy, only ${there}: import it again with that precision`
    return fail('policy/conversion-failed', message, { precision: settings.precision })
  }
  if (offer.memoryBytes !== null) {
    const fits = await checkMemory(provider.value, offer.memoryBytes)
    if (!fits.ok) return fits
  }
  const tokeniser = await findTokenizer(description.tokenizer, description.folder, description.model)
  if (!tokeniser.ok) return tokeniser
  const source = await offer.open()
  if (!source.ok) return source
  const engine = await InternVlaEngine.open(source.value, {
    provider: provider.value,
    env: providerEnvironment(provider.value, providers.cudaFolders),
    threads: computeThreads(),
    hasPrepacking: await hasRoomForPrepacking(offer.memoryBytes),
    hasForesight: settings.hasForesight,
    isTraced: false,
  })
  if (!engine.ok) {
    await source.value[Symbol.asyncDispose]()
    return engine
  }
  return ok(
    new InternVlaPolicy({
      engine: engine.value,
      source: source.value,
      tokeniser: tokeniser.value,
      profile,
      space: space.value,
      precision: offer.precision,
      clock,
      drawSeed: () => randomInt(seedLimit),
      onWarning: (message, data) => options.log?.warn('policy', message, { ...data }),
    }),
  )
}

/** Rearranged weights are a second copy in memory, for about a twelfth of the time (spec/internvla-a1.md §4.3). */
async function hasRoomForPrepacking(memoryBytes: number | null): Promise<boolean> {
  return memoryBytes === null || (await checkMemory('cpu', 2 * memoryBytes)).ok
}

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
