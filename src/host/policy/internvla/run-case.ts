/** Runs one case through a model as the live policy would run it, and answers in the names of the reference data. */
import { anchorRows, normaliseState, unnormaliseRows } from '#core/policy/action-space.ts'
import { widthOf, type CaseDescription } from '#core/policy/case/case-description.ts'
import { booleans, floats, type CaseTensor } from '#core/policy/case/named-tensor.ts'
import { thinned } from '#core/policy/case/thinning.ts'
import { traceTensors } from '#core/policy/case/trace-tensors.ts'
import type { Statistics } from '#core/policy/internvla/normalisation.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import { fits, padResize } from '#core/policy/pad-resize.ts'
import { findRobotProfile, type RobotProfile } from '#core/policy/robot-profile.ts'
import { statisticsOf, type RobotStatistics } from '#core/policy/robot-statistics.ts'
import type { TensorValue } from '#core/policy/tensor-value.ts'
import type { InstructionTokeniser, InstructionTokens } from '#core/policy/tokenise.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { allFinite } from './all-finite.ts'
import { callFeeds, type View } from './call-feeds.ts'
import type { CaseFiles, CaseView } from './case-files.ts'
import type { InternVlaEngine } from './engine.ts'
import type { ModelSource } from './model-source.ts'

export interface CaseSetup {
  readonly source: ModelSource
  readonly engine: InternVlaEngine
  readonly tokeniser: InstructionTokeniser
  readonly statistics: RobotStatistics
  readonly profiles: readonly RobotProfile[]
  readonly isTraced: boolean
}

export interface CaseAnswer {
  readonly tensors: ReadonlyMap<string, CaseTensor>
  readonly computeMs: number
  readonly tokens: InstructionTokens
}

/**
 * Fails with `policy/case-invalid` (something does not fit the model), `policy/statistics-mismatch`, `policy/bad-instruction`,
 * `policy/not-finite`,
 * or as the engine does.
 */
export async function runCase(setup: CaseSetup, files: CaseFiles): Promise<Result<CaseAnswer>> {
  const { source, engine, tokeniser } = setup
  const { description } = files
  const { dims, inputSide } = engine.model.trunk
  const space = spaceOf(setup, description)
  if (!space.ok) return space
  const thin = files.views.findIndex(
    (view) => view !== null && !fits(inputSide, view.present.width, view.present.height),
  )
  if (thin >= 0) {
    const message = `nothing is left of image.${thin} in a square of ${inputSide}`
    return fail('policy/case-invalid', message, { slot: thin })
  }
  const tokens = tokeniser.encode(description.task)
  if (!tokens.ok) return tokens
  const rows = await source.textRows(tokens.value.ids)
  if (!rows.ok) return rows
  const views = files.views.map((view) => resized(view, inputSide))
  const { state, action, isRelative } = space.value
  const padded = { actionWidth: dims.max_action_dim, stateWidth: dims.max_state_dim, chunkLength: dims.chunk }
  const meanStd = { ...padded, rule: 'mean_std' as const, state, action, isRelative }
  const normalised = normaliseState(meanStd, files.state)
  const room = await engine.makeRoom(views.findLastIndex((view) => view !== null) + 1, tokens.value.count)
  if (!room.ok) return room
  const inputs = {
    views,
    textRows: rows.value,
    textTokens: tokens.value.count,
    state: normalised,
    noise: files.noise,
    guide: {
      target: new Float32Array(dims.chunk * dims.max_action_dim),
      weight: new Float32Array(dims.chunk),
    },
  }
  const feeds = callFeeds(engine.model, inputs, room.value)
  if (!feeds.ok) return feeds
  const answer = await engine.run(feeds.value)
  if (!answer.ok) return answer
  const { actions, ...intermediates } = answer.value.outputs
  if (actions?.type !== 'float32') return fail('policy/wrong-shape', 'the graph gives no actions')
  if (!allFinite(actions.data)) {
    const message = `the actions are no numbers: the weights are damaged, or too large for ${setup.engine.provider} in this precision`
    return fail('policy/not-finite', message)
  }
  const unnormalised = unnormaliseRows(meanStd, actions.data)
  const byRange = unnormaliseRows({ ...meanStd, rule: 'min_max' }, actions.data)
  const shape = [dims.chunk, action.mean.length]
  const tensors = new Map<string, CaseTensor>([
    [
      'view_mask',
      booleans(
        [internVla.views],
        views.map((view) => view !== null),
      ),
    ],
    ['state.raw', floats([files.state.length], files.state)],
    ['state.normalized', floats([files.state.length], normalised.subarray(0, files.state.length))],
    ['actions.normalized', floats([dims.chunk, dims.max_action_dim], actions.data)],
    ['actions.unnormalized', floats(shape, unnormalised)],
    ['actions.delta_mask', booleans([isRelative.length], isRelative)],
    ['actions.delta_applied', floats(shape, anchorRows(unnormalised, files.state, isRelative))],
    ['actions.unnormalized_min_max', floats(shape, byRange)],
  ])
  const derived = traceTensors({
    model: engine.model,
    feeds: feeds.value,
    viewMask: views.map((view) => view !== null),
    tokens: tokens.value,
    isFull: setup.isTraced,
  })
  for (const [name, tensor] of derived) tensors.set(name, tensor)
  if (setup.isTraced) addIntermediates(tensors, repeatViews(intermediates, setup, views))
  return ok({ tensors, computeMs: answer.value.computeMs, tokens: tokens.value })
}

function resized(view: CaseView, side: number): View {
  if (view === null) return null
  const square = (picture: NonNullable<CaseView>['past']) => ({
    width: side,
    height: side,
    planes: padResize(picture, side),
  })
  return { past: square(view.past), present: square(view.present) }
}

interface CaseSpace {
  readonly state: Statistics
  readonly action: Statistics
  readonly isRelative: readonly boolean[]
}

/** Statistics in the case's own feature order; relative dimensions as the official table has them for its robot. */
function spaceOf(
  { engine, statistics, profiles }: CaseSetup,
  description: CaseDescription,
): Result<CaseSpace> {
  const { dims } = engine.model.trunk
  const { robot_type: robot, stats_key: key = robot, state_features, action_features } = description
  const [stateWidth, actionWidth] = [
    widthOf(description, state_features),
    widthOf(description, action_features),
  ]
  if (stateWidth > dims.max_state_dim || actionWidth > dims.max_action_dim) {
    const message = `${stateWidth} state and ${actionWidth} action numbers, the model takes ${dims.max_state_dim} and ${dims.max_action_dim}`
    return fail('policy/case-invalid', message, { stateWidth, actionWidth })
  }
  const sized = (features: readonly string[]) =>
    features.map((name) => ({ name, width: description.feature_dims[name] ?? 0 }))
  const state = statisticsOf(statistics, key, sized(state_features))
  if (!state.ok) return state
  const action = statisticsOf(statistics, key, sized(action_features))
  if (!action.ok) return action
  const official = profiles.filter(({ isOfficial }) => isOfficial)
  const listed = findRobotProfile(official, robot)?.action.flatMap((feature) => feature.isRelative)
  // A robot that the table does not list, or lists with another width, is relative in every dimension.
  const isRelative = listed?.length === actionWidth ? listed : Array.from({ length: actionWidth }, () => true)
  return ok({ state: state.value, action: action.value, isRelative })
}

/**
 * The official processor shows a missing view the pixels of the last one that is there, and masks it; our graph is fed ones and
 * masks it too. Nobody reads either, but a comparison row by row wants the official ones.
 */
function repeatViews(
  outputs: Readonly<Record<string, TensorValue>>,
  { engine: { model } }: CaseSetup,
  views: readonly View[],
): Readonly<Record<string, TensorValue>> {
  if (model.ids === null) return outputs
  const changed = { ...outputs }
  const copyRows = (name: string, tokens: number): void => {
    const value = changed[name]
    if (value?.type !== 'float32') return
    const size = tokens * (value.shape[1] ?? 0)
    const data = Float32Array.from(value.data)
    views.forEach((view, slot) => {
      if (view === null && slot > 0) data.copyWithin(slot * size, (slot - 1) * size, slot * size)
    })
    changed[name] = { ...value, data }
  }
  for (const name of Object.keys(changed).filter((known) => /^vit\.(?:merged|deepstack\.\d+)$/u.test(known)))
    copyRows(name, (changed[name]?.shape[0] ?? 0) / internVla.views)
  copyRows('prefix.embeds', (model.trunk.prefixLength - internVla.textTokens) / internVla.views)
  return changed
}

/** The graph's outputs with their thinned copies. */
function addIntermediates(
  tensors: Map<string, CaseTensor>,
  outputs: Readonly<Record<string, TensorValue>>,
): void {
  const add = (name: string, tensor: CaseTensor): void => {
    tensors.set(name, tensor)
    for (const [copy, small] of thinned(name, tensor)) tensors.set(copy, small)
  }
  for (const [name, value] of Object.entries(outputs)) {
    if (value.type !== 'float32' || name === 'gen_hidden') continue
    add(name, floats(value.shape, value.data))
    if (name !== 'foresight.images') continue
    const [, ...shape] = value.shape
    const size = shape.reduce((product, axis) => product * axis, 1)
    for (let view = 0; view < (value.shape[0] ?? 0); view++)
      add(`${name}.view${view}`, floats(shape, value.data.subarray(view * size, (view + 1) * size)))
  }
}
