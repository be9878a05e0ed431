import type { InferenceSession } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { largestDifference, type LoadedFile } from './golden.ts'
import { emitTiny, loadCase, openModel, openTiny, type TinyCase } from './tiny-model.ts'

const gates = { hidden: 1e-4, actions: 2e-5, pictures: 5e-4 }

/** Rows of the first axis but one that are valid, of tensors [..., tokens, width]. */
function validRows(data: ArrayLike<number>, mask: readonly boolean[], width: number): number[] {
  const kept: number[] = []
  for (let index = 0; index < data.length; index++) {
    if (mask[Math.floor(index / width) % mask.length] === true) kept.push(data[index] ?? Number.NaN)
  }
  return kept
}

/** Every `step`-th token of [..., tokens, width], from 0. */
function everyToken(data: ArrayLike<number>, tokens: number, width: number, step: number): number[] {
  const kept: number[] = []
  for (let index = 0; index < data.length; index++) {
    if ((Math.floor(index / width) % tokens) % step === 0) kept.push(data[index] ?? Number.NaN)
  }
  return kept
}

/** Every `step`-th row and column from `row` and `column` on, of [..., side, side]. */
function everyPixel(
  data: ArrayLike<number>,
  side: number,
  step: number,
  row: number,
  column: number,
): number[] {
  const kept: number[] = []
  for (let plane = 0; plane < data.length; plane += side * side) {
    for (let y = row; y < side; y += step)
      for (let x = column; x < side; x += step) kept.push(data[plane + y * side + x] ?? Number.NaN)
  }
  return kept
}

const tiny3b = openTiny('tiny-3b')
const tiny2b = openTiny('tiny-2b')
/** The form for CPU, CUDA and WebGPU, and the one arranged for a CPU's caches. */
const forms = ['standard', 'cpu'] as const
const cases = [
  ...['all-views', 'two-views', 'one-view-one-token', 'long-text', 'first-tick'].map((name) => ({
    tiny: tiny3b,
    name,
  })),
  ...['all-views', 'two-views'].map((name) => ({ tiny: tiny2b, name })),
].flatMap((one) => forms.map((dialect) => ({ ...one, dialect })))

const sessions = new Map<string, InferenceSession>()
beforeAll(async () => {
  for (const tiny of [tiny3b, tiny2b]) {
    for (const dialect of forms) {
      const emitted = await emitTiny(tiny, { isTraced: true, hasForesight: true, dialect })
      sessions.set(`${tiny.name} ${dialect}`, await openModel(emitted))
    }
  }
})
afterAll(async () => {
  for (const session of sessions.values()) await session.release()
})

describe.each(cases)('the model $tiny.name on $name, $dialect', ({ tiny, name, dialect }) => {
  const { dims, prefixLength } = tiny.model.trunk
  let given: TinyCase
  let golden: LoadedFile
  let outputs: InferenceSession.OnnxValueMapType
  beforeAll(async () => {
    given = await loadCase(tiny, name)
    golden = given.expected
    const session = sessions.get(`${tiny.name} ${dialect}`)
    if (session === undefined) throw new Error('no session')
    outputs = await session.run(given.feeds)
  })

  const output = (key: string): Float32Array => {
    const data = outputs[key]?.data
    if (!(data instanceof Float32Array)) throw new Error(`no output ${key}`)
    return data
  }
  const agree = (actual: ArrayLike<number>, key: string, gate: number): void =>
    expect(largestDifference(actual, golden.get(key).data), key).toBeLessThan(gate)

  it('sees the pictures as the official vision tower does', () => {
    for (const key of ['vit.patch_embed.view0', 'vit.block.0.view0', 'vit.block.1.view0']) {
      if (golden.has(key)) agree(output(key), key, gates.hidden)
    }
    for (const key of ['vit.embeddings.view0', 'vit.last_hidden.view0']) {
      if (golden.has(`${key}.rows41`))
        agree(everyToken(output(key), 1025, dims.vit_hidden, 41), `${key}.rows41`, gates.hidden)
    }
    for (const branch of [0, 1, 2]) {
      const key = `vit.deepstack.${branch}`
      if (!golden.has(key)) continue
      const width = dims.und_hidden
      const valid = given.viewMask.flatMap((isPresent) => Array<boolean>(64).fill(isPresent))
      const rows = (data: ArrayLike<number>) => validRows(data, valid, width)
      expect(largestDifference(rows(output(key)), rows(golden.get(key).data)), key).toBeLessThan(gates.hidden)
    }
    if (golden.has('vit.merged')) {
      const width = dims.und_hidden
      const perView = golden.get('vit.merged').data.length / width / 3
      const valid = given.viewMask.flatMap((isPresent) => Array<boolean>(perView).fill(isPresent))
      const rows = (data: ArrayLike<number>) => validRows(data, valid, width)
      expect(largestDifference(rows(output('vit.merged')), rows(golden.get('vit.merged').data))).toBeLessThan(
        gates.hidden,
      )
    }
  })

  it('puts pictures and instruction in the official order', () => {
    const width = dims.und_hidden
    const rows = (data: ArrayLike<number>) => validRows(data, given.prefixMask, width)
    expect(
      largestDifference(rows(output('prefix.embeds')), rows(golden.get('prefix.embeds').data)),
    ).toBeLessThan(gates.hidden)
  })

  it('keeps the official keys and values of prefix and middle, in every layer', () => {
    const thinned = given.prefixMask.filter((_, token) => token % 2 === 0)
    for (let layer = 0; layer < dims.layers; layer++) {
      for (const part of ['k', 'v']) {
        const compare = (
          key: string,
          stored: string,
          actual: ArrayLike<number>,
          mask: readonly boolean[],
        ) => {
          const rows = (data: ArrayLike<number>) => validRows(data, mask, dims.head_dim)
          const difference = largestDifference(rows(actual), rows(golden.get(stored).data))
          expect(difference, key).toBeLessThan(gates.hidden)
        }
        const prefix = `prefix.${part}.${layer}`
        if (golden.has(prefix)) compare(prefix, prefix, output(prefix), given.prefixMask)
        else {
          const kept = everyToken(output(prefix), prefixLength, dims.head_dim, 2)
          compare(prefix, `${prefix}.rows2`, kept, thinned)
        }
        const middle = `middle.${part}.${layer}`
        compare(middle, middle, output(middle), given.middleMask)
      }
    }
  })

  it('ends the prefix as the official code does, although nobody reads it', () => {
    const width = dims.und_hidden
    if (golden.has('prefix.hidden')) {
      const rows = (data: ArrayLike<number>) => validRows(data, given.prefixMask, width)
      expect(
        largestDifference(rows(output('prefix.hidden')), rows(golden.get('prefix.hidden').data)),
      ).toBeLessThan(gates.hidden)
    }
  })

  it('encodes the frames as Cosmos does, and embeds them for the generation expert', () => {
    if (golden.has('cosmos.latents')) agree(output('cosmos.latents'), 'cosmos.latents', gates.hidden)
    if (golden.has('cosmos.latents.s2'))
      agree(everyPixel(output('cosmos.latents'), 32, 2, 1, 0), 'cosmos.latents.s2', gates.hidden)
    for (const key of ['middle.embeds', 'middle.hidden']) {
      const rows = (data: ArrayLike<number>) => validRows(data, given.middleMask, dims.exp_hidden)
      expect(largestDifference(rows(output(key)), rows(golden.get(key).data)), key).toBeLessThan(gates.hidden)
    }
  })

  it('denoises step by step to the official actions', () => {
    for (const key of ['steps.suffix_embeds', 'steps.hidden', 'steps.v', 'steps.x'])
      agree(output(key), key, gates.hidden)
    agree(output('actions'), 'actions.normalized', gates.actions)
  })

  it('predicts the official pictures', () => {
    if (golden.has('foresight.latents')) agree(output('foresight.latents'), 'foresight.latents', gates.hidden)
    if (golden.has('foresight.latents.s2'))
      agree(everyPixel(output('foresight.latents'), 32, 2, 1, 0), 'foresight.latents.s2', gates.hidden)
    agree(everyPixel(output('foresight.images'), 256, 8, 3, 3), 'foresight.images.s8', gates.pictures)
  })

  it('numbers and masks its tokens as the official code does', () => {
    const { prefix, middle, suffix } = tiny.model.positions(given.viewMask, given.textTokens)
    expect([...prefix]).toEqual([...golden.get('prefix.position_ids').data])
    const axes = golden.get('middle.position_ids').data.length / middle.length
    const repeated = (row: Int32Array): number[] => Array.from({ length: axes }, () => [...row]).flat()
    expect(repeated(middle)).toEqual([...golden.get('middle.position_ids').data])
    expect(repeated(suffix)).toEqual([...golden.get('suffix.position_ids').data])
    expect(given.prefixMask.map(Number)).toEqual([...golden.get('prefix.pad_mask').data])
    expect(given.middleMask.map(Number)).toEqual([...golden.get('middle.pad_mask').data])
  })
})
