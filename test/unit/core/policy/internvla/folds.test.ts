import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { computeTrunkFolds, type TensorReader } from '#core/policy/internvla/folds.ts'
import { readInternConfig } from '#core/policy/internvla/intern-dims.ts'
import { computeInternFolds } from '#core/policy/internvla/intern-folds.ts'
import { parseConfig } from '#core/policy/internvla/config-file.ts'
import type { Trunk } from '#core/policy/internvla/trunk.ts'
import { readFileSync } from 'node:fs'
import { goldenRoot, largestDifference } from './golden.ts'
import { openTiny } from './tiny-model.ts'

/** Every tensor that is asked for holds numbers of its own, spread over −1…1. */
class AnyReader implements TensorReader {
  private readonly tensors = new Map<string, Float32Array>()
  private readonly fixed: Readonly<Record<string, readonly number[]>>

  constructor(fixed: Readonly<Record<string, readonly number[]>> = {}) {
    this.fixed = fixed
  }

  has(name: string): boolean {
    return name in this.fixed
  }

  async rows(
    name: string,
    first: number,
    count: number,
    shape: readonly number[] = [],
  ): Promise<Float32Array> {
    const size = shape.reduce((product, axis) => product * axis, 1)
    const whole =
      this.tensors.get(name) ??
      Float32Array.from(this.fixed[name] ?? { length: size }, (value, index) =>
        typeof value === 'number' ? value : Math.sin(1 + name.length + 1.7 * index),
      )
    this.tensors.set(name, whole)
    const width = size / (shape[0] ?? 1)
    return whole.subarray(first * width, (first + count) * width)
  }
}

const area = 64

describe('the convolution that the latents’ two become', () => {
  it.each([1, 5, 8, 18])('is the one after the other for latents of %i channels', async (latent) => {
    const { trunk } = openTiny('tiny-3b').model
    const hidden = trunk.dims.exp_hidden
    const other: Trunk = { ...trunk, dims: { ...trunk.dims, cosmos_latent: latent } }
    const reader = new AnyReader()
    const { middleWeight, middleBias } = await computeTrunkFolds(other, reader)
    const inner = await reader.rows('model.cosmos_in_proj.weight', 0, hidden, [hidden, latent, 1, 1])
    const innerBias = await reader.rows('model.cosmos_in_proj.bias', 0, hidden, [hidden])
    const outer = await reader.rows('model.downsample_conv.weight', 0, hidden, [hidden, hidden, 8, 8])
    const outerBias = await reader.rows('model.downsample_conv.bias', 0, hidden, [hidden])
    const expected: number[] = []
    const biases: number[] = []
    for (let out = 0; out < hidden; out++) {
      const at = (middle: number, pixel: number): number => outer[(out * hidden + middle) * area + pixel] ?? 0
      const sum = (of: (middle: number, pixel: number) => number, pixel: number): number =>
        innerBias.reduce((total, _, middle) => total + of(middle, pixel), 0)
      for (let channel = 0; channel < latent; channel++)
        for (let pixel = 0; pixel < area; pixel++)
          expected.push(sum((middle) => at(middle, pixel) * (inner[middle * latent + channel] ?? 0), pixel))
      const total = Array.from({ length: area }, (_, pixel) =>
        sum((middle) => at(middle, pixel) * (innerBias[middle] ?? 0), pixel),
      )
      biases.push((outerBias[out] ?? 0) + total.reduce((whole, part) => whole + part, 0))
    }
    expect(middleWeight).toHaveLength(hidden * latent * area)
    expect(largestDifference(middleWeight, expected)).toBeLessThan(1e-5)
    expect(largestDifference(middleBias, biases)).toBeLessThan(1e-4)
  })
})

describe('the colours of the 2B tower', () => {
  const text = (name: string): string => readFileSync(new URL(`tiny-2b/${name}`, goldenRoot), 'utf8')
  const config = unwrap(readInternConfig(unwrap(parseConfig(text('config.json'))), text('dims.json')))
  const kernelOf = async (fixed: Readonly<Record<string, readonly number[]>>): Promise<Float32Array> =>
    (await computeInternFolds(config, new AnyReader(fixed))).patchWeight

  it('are scaled by the checkpoint’s own buffers, and by config.json where it has none', async () => {
    const configured = await kernelOf({})
    const twice = await kernelOf({
      'model.imagenet_mean': config.pictureMean,
      'model.imagenet_std': config.pictureStd.map((std) => 2 * std),
    })
    expect(
      largestDifference(
        twice,
        configured.map((value) => value / 2),
      ),
    ).toBeLessThan(1e-6)
  })
})
