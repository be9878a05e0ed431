import * as fc from 'fast-check'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { blockSize, packBlocks, unpackBlocks, type BlockBits } from '#core/onnx/block-weights.ts'
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { linear } from '#core/onnx/ops-linear.ts'

const rows = fc.integer({ min: 1, max: 4 }).chain((blocks) =>
  fc.array(fc.float({ min: -3, max: 3, noNaN: true }), {
    minLength: blocks * blockSize,
    maxLength: blocks * blockSize,
  }),
)

describe.each<BlockBits>([4, 8])('weights in blocks of %i bits', (bits) => {
  it('differ from the matrix by at most half a step of their block', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const { packed, scales } = packBlocks(Float32Array.from(values), bits)
        unpackBlocks(packed, scales, bits).forEach((value, at) => {
          const scale = scales[Math.floor(at / blockSize)] ?? 0
          expect(Math.abs(value - (values[at] ?? 0))).toBeLessThanOrEqual(scale * 0.5001 + 1e-7)
        })
      }),
    )
  })

  it('mean the same to ONNX Runtime', async () => {
    const [out, from] = [3, 64]
    const matrix = Float32Array.from({ length: out * from }, (_, at) => Math.sin(at))
    const { packed, scales } = packBlocks(matrix, bits)
    const g = new GraphBuilder()
    const x = g.input('x', 'float32', [2, from])
    const blocks = from / blockSize
    const weight = {
      bits,
      rows: out,
      columns: from,
      packed: g.tensor('packed', 'uint8', [out, blocks, (blockSize * bits) / 8], packed),
      scales: g.floats('scales', [out * blocks], scales),
    }
    g.output('y', linear(g, x, weight, g.floats('bias', [out], [1, 2, 3])))
    const session = await InferenceSession.create(
      g.encode({ opset: 23, graphName: 'blocks', description: '' }),
    )
    const input = Float32Array.from({ length: 2 * from }, (_, at) => Math.cos(at / 3))
    const { y } = await session.run({ x: new Tensor('float32', input, [2, from]) })
    await session.release()
    const dense = unpackBlocks(packed, scales, bits)
    for (let row = 0; row < 2; row++) {
      for (let k = 0; k < out; k++) {
        let sum = k + 1
        for (let i = 0; i < from; i++) sum += (input[row * from + i] ?? 0) * (dense[k * from + i] ?? 0)
        // Activations are rounded to 8 bits inside.
        expect(Math.abs(Number(y?.data[row * out + k]) - sum)).toBeLessThan(0.06)
      }
    }
  })
})
