import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { attention } from '#core/onnx/ops-attention.ts'
import { atan2 } from '#core/onnx/ops-elementwise.ts'
import { conv, depthToSpace, enlarge } from '#core/onnx/ops-image.ts'
import { concat, reshape, slice, split, transpose } from '#core/onnx/ops-layout.ts'
import { linear, matMul } from '#core/onnx/ops-linear.ts'
import { groupNorm } from '#core/onnx/ops-normalise.ts'
import { broadcastShape, concatShape, reshapeShape } from '#core/onnx/shape.ts'
import { runModel } from './read-model.ts'

const options = { opset: 23, graphName: 'test', description: '' }

describe('shapes', () => {
  it('broadcast from the right', () => {
    expect(broadcastShape([3, 1, 5], [4, 1])).toEqual([3, 4, 5])
    expect(broadcastShape([], [2])).toEqual([2])
    expect(() => broadcastShape([2], [3])).toThrow('cannot broadcast [2] with [3]')
  })

  it('reshape with one size left open, and never lose an element', () => {
    expect(reshapeShape([2, 6], [3, -1])).toEqual([3, 4])
    expect(() => reshapeShape([2, 6], [5, -1])).toThrow('cannot reshape')
  })

  it('concatenate along one axis only', () => {
    expect(
      concatShape(
        [
          [2, 3],
          [2, 4],
        ],
        -1,
      ),
    ).toEqual([2, 7])
    expect(() =>
      concatShape(
        [
          [2, 3],
          [3, 4],
        ],
        1,
      ),
    ).toThrow('cannot concatenate')
  })
})

describe('operators refuse what does not fit, where the mistake is made', () => {
  const g = new GraphBuilder()
  const x = g.input('x', 'float32', [2, 6])
  const image = g.input('image', 'float32', [1, 3, 8, 8])

  it.each<[string, () => unknown]>([
    ['a product of unequal sizes', () => matMul(g, x, x)],
    ['a weight of another width', () => linear(g, x, g.floats('w', [4, 5], Array<number>(20).fill(0)))],
    ['a slice past the end', () => slice(g, x, 1, 4, 7)],
    ['an order that repeats an axis', () => transpose(g, x, [0, 0])],
    ['parts of unequal size', () => split(g, x, 1, 4)],
    [
      'a kernel for other channels',
      () => conv(g, image, g.floats('k', [1, 2, 1, 1], [0, 0]), g.floats('b', [1], [0])),
    ],
    ['parts of different types', () => concat(g, [g.sizes([1]), g.floats('f', [1], [0])], 0)],
  ])('%s', (_, make) => {
    expect(make).toThrow()
  })

  it('and state the shapes that ONNX Runtime finds', async () => {
    const made = new GraphBuilder()
    const input = made.input('x', 'float32', [1, 32, 4, 4])
    const ones = made.filled(1, [32, 1, 1])
    const normal = groupNorm(made, input, ones, ones, 8, 1e-6)
    const strided = conv(made, normal, made.filled(0.1, [16, 32, 3, 3]), made.filled(0, [16]), {
      stride: 2,
      pads: [0, 0, 1, 1],
    })
    const spread = depthToSpace(made, enlarge(made, strided, 2), 4)
    const heads = reshape(made, spread, [1, 2, 8, -1])
    const attended = attention(made, heads, heads, heads, null)
    expect(strided.shape).toEqual([1, 16, 2, 2])
    expect(spread.shape).toEqual([1, 1, 16, 16])
    made.output('y', attended)
    const { y } = await runModel(made.encode(options), {
      x: { shape: [1, 32, 4, 4], data: Array.from({ length: 512 }, (_, index) => Math.sin(index)) },
    })
    expect(y).toHaveLength(256)
    expect(y?.every(Number.isFinite)).toBe(true)
  })
})

describe('the two-argument arctangent', () => {
  it('is that of Math in every quadrant, and finite on the negative axis and at the origin', async () => {
    const g = new GraphBuilder()
    g.output('angle', atan2(g, g.input('y', 'float32', [8]), g.input('x', 'float32', [8])))
    const y = [0, 1, 1, 1, -1, -1, 0, 0]
    const x = [2, 3, 0, -3, -3, 4, -1, 0]
    const { angle } = await runModel(g.encode(options), {
      y: { shape: [8], data: y },
      x: { shape: [8], data: x },
    })
    angle
      ?.slice(0, 6)
      .forEach((value, index) => expect(value).toBeCloseTo(Math.atan2(y[index] ?? 0, x[index] ?? 0), 5))
    expect(angle?.every(Number.isFinite)).toBe(true)
  })
})
