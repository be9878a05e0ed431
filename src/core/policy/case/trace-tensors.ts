/** What the program computes around the graph, under the names of the reference data: ids, positions, masks, angles, times, pictures. */
import { eulerTimes, timeEmbedding } from '../internvla/flow-time.ts'
import type { InternVlaModel } from '../internvla/internvla-model.ts'
import { internVla } from '../internvla/trunk.ts'
import type { Tensors } from '../tensor-value.ts'
import type { InstructionTokens } from '../tokenise.ts'
import { booleans, floats, integers } from './named-tensor.ts'
import type { CaseTensor } from './named-tensor.ts'
import { cosmosInput, patchRows, sampledPatches } from './picture-trace.ts'
import { thinned } from './thinning.ts'

export interface TraceQuestion {
  readonly model: InternVlaModel
  /** What the graph was fed. */
  readonly feeds: Tensors
  readonly viewMask: readonly boolean[]
  readonly tokens: InstructionTokens
  /** Pictures, angles and the large masks as well. */
  readonly isFull: boolean
}

export function traceTensors(question: TraceQuestion): ReadonlyMap<string, CaseTensor> {
  const tensors = new Map(sequence(question))
  if (question.isFull)
    for (const [name, tensor] of [
      ...attention(question),
      ...angles(question),
      ...times(question),
      ...pictures(question),
    ]) {
      tensors.set(name, tensor)
      for (const [copy, small] of thinned(name, tensor)) tensors.set(copy, small)
    }
  return tensors
}

type Named = readonly [string, CaseTensor]

/** Ids, masks and position numbers: exact, and small. */
function sequence({ model, viewMask, tokens }: TraceQuestion): Named[] {
  const masks = model.masks(viewMask, tokens.count)
  const positions = model.positions(viewMask, tokens.count)
  const { prefixLength } = model.trunk
  const ids = model.ids?.(viewMask, tokens.ids) ?? null
  const textMask = Array.from({ length: tokens.ids.length }, (_, index) => (index < tokens.count ? 1 : 0))
  const own: Named[] =
    ids === null
      ? [
          ['lang_tokens', integers([tokens.ids.length], tokens.ids)],
          ['lang_mask', integers([textMask.length], textMask)],
        ]
      : [
          ['input_ids', integers([ids.length], ids)],
          ['attention_mask', integers([masks.prefix.length], masks.prefix.map(Number))],
          // Of the position numbers' largest, which the policy itself does not use.
          ['prefix.rope_delta', integers([1, 1], [Math.max(...positions.prefix) + 1 - prefixLength])],
        ]
  const axes = positions.prefix.length / prefixLength
  const numbers = (values: Int32Array): CaseTensor => {
    const count = positions.prefix === values ? prefixLength : values.length
    if (axes === 1) return integers([count], values)
    // Middle and suffix have the same number on every axis.
    return values === positions.prefix
      ? integers([axes, count], values)
      : integers([axes, count], Array.from({ length: axes }, () => [...values]).flat())
  }
  return [
    ...own,
    ['prefix.pad_mask', booleans([masks.prefix.length], masks.prefix)],
    ['middle.pad_mask', booleans([masks.middle.length], masks.middle)],
    ['prefix.position_ids', numbers(positions.prefix)],
    ['middle.position_ids', numbers(positions.middle)],
    ['suffix.position_ids', numbers(positions.suffix)],
  ]
}

/** Who may attend to whom; row = query. */
function attention({ model, viewMask, tokens }: TraceQuestion): Named[] {
  const { prefix, middle } = model.masks(viewMask, tokens.count)
  const { chunk } = model.trunk.dims
  const before = [...prefix, ...middle]
  const suffix = Array.from({ length: chunk + 1 }, (_, query) => [
    ...before,
    true,
    ...Array.from({ length: chunk }, () => query > 0),
  ])
  const square = prefix.map((query) => prefix.map((key) => query && key))
  const generation = middle.map((query) => [...prefix, ...middle.map((key) => query && key)])
  return [
    ['prefix.allow', booleans([prefix.length, prefix.length], square.flat())],
    ['middle.allow', booleans([middle.length, before.length], generation.flat())],
    ['suffix.allow', booleans([chunk + 1, before.length + chunk + 1], suffix.flat())],
  ]
}

/** Cosines and sines of whole heads: the fed tables hold one half, and the other repeats it. */
function angles({ feeds }: TraceQuestion): Named[] {
  const named: Named[] = []
  for (const stage of ['prefix', 'middle', 'suffix']) {
    for (const part of ['cos', 'sin']) {
      const table = feeds[`${stage}_${part}`]
      if (table?.type !== 'float32') continue
      const [, tokens = 0, half = 0] = table.shape
      const { data } = table
      const rows = Array.from({ length: tokens }, (_, token) => {
        const row = Array.from(data.subarray(token * half, (token + 1) * half))
        return [...row, ...row]
      })
      named.push([`${stage}.rope_${part}`, floats([tokens, 2 * half], rows.flat())])
    }
  }
  return named
}

function times({ model }: TraceQuestion): Named[] {
  const { minPeriod, maxPeriod, dims } = model.trunk
  const steps = eulerTimes(dims.num_steps)
  const rows = steps.flatMap((t) => [...timeEmbedding(t, dims.exp_hidden, minPeriod, maxPeriod)])
  return [
    ['steps.time', floats([steps.length], steps)],
    ['steps.time_embed', floats([steps.length, dims.exp_hidden], rows)],
  ]
}

function pictures({ model, feeds, viewMask }: TraceQuestion): Named[] {
  const images = feeds['images']
  if (images?.type !== 'float32') return []
  const { inputSide: side, dims } = model.trunk
  const named: Named[] = [
    ['images.resized', floats(images.shape, images.data)],
    ['cosmos.input', cosmosInput(images.data, side, internVla.modelSide)],
  ]
  if (model.ids === null) return named
  const size = 3 * side * side
  const present = new Float32Array(internVla.views * size)
  let shown = 0
  viewMask.forEach((isPresent, view) => {
    // The official processor repeats the pixels of the last view that is there.
    if (isPresent) shown = view
    const start = (shown * internVla.frames + 1) * size
    present.set(images.data.subarray(start, start + size), view * size)
  })
  const { vit_patch: patch } = dims
  const merge = 2
  const rows = patchRows(present, side, internVla.modelSide, patch, merge)
  const width = 3 * patch * patch
  const grid = internVla.modelSide / patch
  return [
    ...named,
    ['pixel_values.one_frame', floats([rows.length / width, width], rows)],
    ['pixel_values.sampled17', sampledPatches(rows, patch)],
    ['pixel_values.view0_one_frame.first64', floats([64, width], rows.slice(0, 64 * width))],
    [
      'image_grid_thw',
      integers(
        [internVla.views, 3],
        viewMask.flatMap(() => [1, grid, grid]),
      ),
    ],
  ]
}
