import type { InferenceSession } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { largestDifference, type LoadedFile } from './golden.ts'
import { config, emitTiny, loadCase, openModel, type TinyCase } from './tiny-model.ts'

const gates = { hidden: 1e-4, actions: 2e-5, pictures: 5e-4 }

/** Rows of the first axis but one that are valid, of tensors [..., tokens, width]. */
function validRows(data: ArrayLike<number>, mask: readonly boolean[], width: number): number[] {
  const kept: number[] = []
  for (let index = 0; index < data.length; index++) {
    if (mask[Math.floor(index / width) % mask.length] === true) kept.push(data[index] ?? Number.NaN)
  }
  return kept
}

let session: InferenceSession
beforeAll(async () => {
  const { bytes } = await emitTiny({ isTraced: true, hasForesight: true })
  session = await openModel(bytes)
})
afterAll(() => session.release())

describe.each(['all-views', 'two-views', 'one-view-one-token', 'long-text', 'first-tick'])(
  'the tiny 3B model on %s',
  (name) => {
    let given: TinyCase
    let golden: LoadedFile
    let outputs: InferenceSession.OnnxValueMapType
    beforeAll(async () => {
      given = await loadCase(name)
      golden = given.expected
      outputs = await session.run(given.feeds)
    })

    const output = (key: string): Float32Array => {
      const data = outputs[key]?.data
      if (!(data instanceof Float32Array)) throw new Error(`no output ${key}`)
      return data
    }

    it('sees the pictures as the official vision tower does', () => {
      for (const key of ['vit.patch_embed.view0', 'vit.block.0.view0', 'vit.block.1.view0']) {
        if (golden.has(key))
          expect(largestDifference(output(key), golden.get(key).data)).toBeLessThan(gates.hidden)
      }
      const valid = given.prefixMask.filter(
        (_, token) => token < 198 && token % 66 !== 0 && token % 66 !== 65,
      )
      const width = config.dims.und_hidden
      expect(
        largestDifference(
          validRows(output('vit.merged'), valid, width),
          validRows(golden.get('vit.merged').data, valid, width),
        ),
      ).toBeLessThan(gates.hidden)
    })

    it('keeps the official keys and values of prefix and middle, in every layer', () => {
      for (const [stage, mask] of [
        ['prefix', given.prefixMask],
        ['middle', given.middleMask],
      ] as const) {
        for (let layer = 0; layer < config.dims.layers; layer++) {
          for (const part of ['k', 'v']) {
            const key = `${stage}.${part}.${layer}`
            const difference = largestDifference(
              validRows(output(key), mask, config.dims.head_dim),
              validRows(golden.get(key).data, mask, config.dims.head_dim),
            )
            expect(difference, key).toBeLessThan(gates.hidden)
          }
        }
      }
    })

    it('encodes the frames as Cosmos does, and embeds them for the generation expert', () => {
      if (golden.has('cosmos.latents')) {
        expect(largestDifference(output('cosmos.latents'), golden.get('cosmos.latents').data)).toBeLessThan(
          gates.hidden,
        )
      }
      for (const key of ['middle.embeds', 'middle.hidden']) {
        const width = config.dims.exp_hidden
        const rows = (data: ArrayLike<number>) => validRows(data, given.middleMask, width)
        expect(largestDifference(rows(output(key)), rows(golden.get(key).data)), key).toBeLessThan(
          gates.hidden,
        )
      }
    })

    it('denoises step by step to the official actions', () => {
      for (const key of ['steps.suffix_embeds', 'steps.hidden', 'steps.v', 'steps.x']) {
        expect(largestDifference(output(key), golden.get(key).data), key).toBeLessThan(gates.hidden)
      }
      expect(largestDifference(output('actions'), golden.get('actions.normalized').data)).toBeLessThan(
        gates.actions,
      )
    })

    it('predicts the official pictures', () => {
      const latents = golden.has('foresight.latents') ? 'foresight.latents' : null
      if (latents !== null)
        expect(largestDifference(output(latents), golden.get(latents).data)).toBeLessThan(gates.hidden)
      const thin: number[] = []
      const pictures = output('foresight.images')
      for (let plane = 0; plane < 9; plane++) {
        for (let y = 3; y < 256; y += 8)
          for (let x = 3; x < 256; x += 8) thin.push(pictures[(plane * 256 + y) * 256 + x] ?? Number.NaN)
      }
      expect(largestDifference(thin, golden.get('foresight.images.s8').data)).toBeLessThan(gates.pictures)
    })
  },
)
