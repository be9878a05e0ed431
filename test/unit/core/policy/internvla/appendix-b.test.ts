/** The numbers of spec/internvla-a1.md, Appendix B, in its order, at the sizes of the released 3B. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { qwena1Tensors } from '../../../../../scripts/checkpoints/qwena1-tensors.mjs'
import { eulerTimes, timeEmbedding } from '#core/policy/internvla/flow-time.ts'
import { haarKernel } from '#core/policy/internvla/haar.ts'
import type { InternVlaModel } from '#core/policy/internvla/internvla-model.ts'
import { readModel } from '#core/policy/internvla/model.ts'
import { patchOrder } from '#core/policy/internvla/patch-grid.ts'
import { mropeAxes, ropeFrequencies } from '#core/policy/internvla/rope.ts'
import { guidanceStrength, rowWeights } from '#core/policy/internvla/rtc.ts'
import { gridSide, prefixLength, sequencePositions, viewTokens } from '#core/policy/internvla/token-layout.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import { fitInto } from '#core/policy/pad-resize.ts'
import { unwrap } from '#core/result.ts'
import { goldenRoot } from './golden.ts'

/** The released model: its own configuration with the counts that only the tiny one changes. */
function released(): InternVlaModel {
  const config = JSON.parse(readFileSync(new URL('tiny-3b/config.json', goldenRoot), 'utf8')) as object
  const sizes = { qwen3_vl_variant: 'qwen3_vl_28l', action_expert_variant: 'qwen3_28l', chunk_size: 50 }
  return unwrap(readModel(JSON.stringify({ ...config, ...sizes }), null))
}

const model = released()
const { dims } = model.trunk
const all = [true, true, true]
const imageTokenId = 151_655

describe('the numbers of the appendix', () => {
  it('prefix length and the ranges of picture tokens', () => {
    const text = Array.from({ length: internVla.textTokens }, (_, index) => index)
    const ids = model.ids?.(all, text) ?? []
    const isPicture = (id: number): boolean => id === imageTokenId
    const starts = ids.flatMap((id, at) => (isPicture(id) && !isPicture(ids[at - 1] ?? -1) ? [at] : []))
    const ends = ids.flatMap((id, at) => (isPicture(id) && !isPicture(ids[at + 1] ?? -1) ? [at + 1] : []))
    expect([prefixLength, ids.length]).toEqual([246, 246])
    expect(starts).toEqual([1, 67, 133])
    expect(ends).toEqual([65, 131, 197])
    expect(ids.slice(198)).toEqual(text)
  })

  it('positions of the third view, and what the text ends with for three, two and one views', () => {
    const { prefix } = sequencePositions(all, 9, 51)
    const at = (token: number) => [0, 1, 2].map((axis) => prefix[axis * prefixLength + token])
    const third = 2 * viewTokens
    expect([at(third), at(third + 1), at(third + 64), at(third + 65)]).toEqual([
      [20, 20, 20],
      [21, 21, 21],
      [21, 28, 28],
      [29, 29, 29],
    ])
    const lastText = (mask: readonly boolean[]) => (sequencePositions(mask, 9, 51).middle[0] ?? 0) - 1
    expect([lastText(all), lastText([true, true, false]), lastText([true, false, false])]).toEqual([
      38, 28, 18,
    ])
  })

  it('positions of the middle and of the suffix', () => {
    const { middle, suffix } = sequencePositions(all, 9, 51)
    expect([middle[0], middle[95], suffix[0], suffix[1], suffix[50]]).toEqual([39, 134, 135, 136, 185])
  })

  it('axes of the 64 frequencies', () => {
    const axes = mropeAxes([24, 20, 20], 64)
    expect([0, 1, 2].map((axis) => axes.filter((other) => other === axis).length)).toEqual([24, 20, 20])
    expect(axes.slice(60)).toEqual([0, 0, 0, 0])
  })

  it.each([
    [480, 640, 168, 224, 28],
    [360, 640, 126, 224, 49],
    [720, 1280, 126, 224, 49],
    [448, 448, 224, 224, 0],
    [333, 448, 166, 224, 29],
  ])('pad-resize of %i × %i', (height, width, innerHeight, innerWidth, top) => {
    expect(fitInto(224, width, height)).toEqual({ height: innerHeight, width: innerWidth, top, left: 0 })
  })

  it('the processor’s size for 224 × 224: the next multiple of 32 in its range of pixels, and its grid', () => {
    const least = 256 * 256
    const sides = [7, 8, 9].map((multiple) => multiple * dims.vit_patch * 2)
    const side = sides.find((candidate) => candidate * candidate >= least)
    expect(side).toBe(internVla.modelSide)
    expect(internVla.modelSide / dims.vit_patch).toBe(16)
    expect(patchOrder(16, 2)).toHaveLength(256)
    expect(gridSide * gridSide).toBe(64)
  })

  it('text frequencies, exact and as bfloat16', () => {
    const exact = ropeFrequencies(dims.rope_theta, dims.head_dim, false)
    const rounded = ropeFrequencies(dims.rope_theta, dims.head_dim, true)
    ;[0.78583, 0.6175287, 0.4852726].forEach((value, index) => expect(exact[index + 1]).toBeCloseTo(value, 6))
    expect([...rounded.subarray(1, 4)]).toEqual([0.78515625, 0.6171875, 0.484375])
  })

  it('Euler evaluations, and the ten times in float32', () => {
    expect([1, 4, 5, 10, 20].map((steps) => eulerTimes(steps).length)).toEqual([1, 4, 5, 10, 20])
    const times = [
      1, 0.899999976, 0.799999952, 0.699999928, 0.599999905, 0.499999911, 0.399999917, 0.299999923,
      0.199999928, 0.099999927,
    ]
    expect(eulerTimes(10)).toEqual(times.map(Math.fround))
  })

  it('strength of real-time chunking at the ten times, and its linear weights', () => {
    const strengths = [10, 9.1111, 4.25, 2.7619, 2.1667, 2, 2.1667, 2.7619, 4.25, 9.1111]
    eulerTimes(10).forEach((t, step) => expect(guidanceStrength(t)).toBeCloseTo(strengths[step] ?? 0, 3))
    const weights = [1, 1, 0.8, 0.6, 0.4, 0.2, 0, 0]
    rowWeights(8, 2, 6, 'linear').forEach((weight, row) => expect(weight).toBeCloseTo(weights[row] ?? -1, 9))
  })

  it('a picture of ones leaves the Haar transform in the first three channels only', () => {
    const { weight, bias } = haarKernel()
    // Ones of −1…1 are ones of 0…1 too.
    const outputs = Array.from({ length: 48 }, (_, channel) =>
      weight
        .subarray(channel * 48, channel * 48 + 48)
        .reduce((sum, value) => sum + value, bias[channel] ?? 0),
    )
    expect(outputs).toEqual(Array.from({ length: 48 }, (_, channel) => (channel < 3 ? 1 : 0)))
  })

  it('first and last argument of the sines at t = 1', () => {
    const row = timeEmbedding(1, dims.exp_hidden, 0.004, 4)
    const half = dims.exp_hidden / 2
    expect(row[0]).toBeCloseTo(Math.sin((2 * Math.PI) / 0.004), 6)
    expect(row[half]).toBeCloseTo(Math.cos((2 * Math.PI) / 0.004), 6)
    expect([row[half - 1], row[2 * half - 1]]).toEqual([
      Math.fround(Math.sin(Math.PI / 2)),
      Math.fround(Math.cos(Math.PI / 2)),
    ])
    expect((2 * Math.PI) / 0.004).toBeCloseTo(1570.796, 3)
  })

  it('parameters of each part', () => {
    const groups = new Map<string, number>()
    for (const [name, { shape, dtype }] of qwena1Tensors(dims)) {
      if (dtype === 'I64' || name.endsWith('wavelets')) continue
      const group = groupOf(name)
      groups.set(group, (groups.get(group) ?? 0) + shape.reduce((product, size) => product * size, 1))
    }
    const millions = (group: string) => Number(((groups.get(group) ?? 0) / 1e6).toFixed(1))
    expect({
      visual: millions('visual'),
      deepstack: millions('deepstack'),
      und: millions('und'),
      gen: millions('gen'),
      act: millions('act'),
      cosmosEncoder: groups.get('cosmos encoder'),
    }).toEqual({
      visual: 331.4,
      deepstack: 75.5,
      und: 1409.4,
      gen: 440.5,
      act: 440.5,
      cosmosEncoder: 31_153_824,
    })
  })
})

function groupOf(name: string): string {
  if (name.includes('deepstack')) return 'deepstack'
  if (name.includes('.visual.')) return 'visual'
  if (name.includes('.language_model.layers.')) return 'und'
  if (name.includes('gen_expert.layers.')) return 'gen'
  if (name.includes('act_expert.layers.')) return 'act'
  return name.includes('_enc_model') ? 'cosmos encoder' : 'rest'
}
