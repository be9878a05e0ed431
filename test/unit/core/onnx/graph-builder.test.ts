import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { add, mul } from '#core/onnx/ops-elementwise.ts'
import { decodeModel, runModel } from './read-model.ts'

const options = {
  opset: 23,
  graphName: 'test',
  description: 'a test graph',
  metadata: { 'foresight.kind': 'test' },
}

describe('graph builder', () => {
  it('writes a model that protobufjs reads back field by field', () => {
    const g = new GraphBuilder()
    const x = g.input('x', 'float32', [1, 3])
    g.output('y', add(g.scope('stage').scope('first'), x, g.scalar(2)))
    expect(decodeModel(g.encode(options))).toMatchObject({
      ir_version: 11,
      producer_name: 'foresight',
      doc_string: 'a test graph',
      opset_import: [{ domain: '', version: 23 }],
      metadata_props: [{ key: 'foresight.kind', value: 'test' }],
      graph: {
        name: 'test',
        node: [
          { name: 'stage.first.Add', op_type: 'Add', input: ['x', 'const.2'], output: ['stage.first.Add:0'] },
          { name: 'output.y', op_type: 'Identity', output: ['y'] },
        ],
        initializer: [{ name: 'const.2', data_type: 1, dims: [], raw_data: [0, 0, 0, 64] }],
        input: [
          {
            name: 'x',
            type: { tensor_type: { elem_type: 1, shape: { dim: [{ dim_value: 1 }, { dim_value: 3 }] } } },
          },
        ],
        output: [{ name: 'y' }],
      },
    })
  })

  it('computes in ONNX Runtime what the nodes say', async () => {
    const g = new GraphBuilder()
    const x = g.input('x', 'float32', [2, 2])
    const weights = g.floats('weights', [2], [10, 100])
    g.output('y', add(g, mul(g, x, weights), g.scalar(1)))
    const { y } = await runModel(g.encode(options), { x: { shape: [2, 2], data: [1, 2, 3, 4] } })
    expect(y).toEqual([11, 201, 31, 401])
  })

  it('reads an external tensor from an odd offset of a file beside the model', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onnx-'))
    try {
      const weights = new Uint8Array(Float32Array.of(0.5, -3).buffer)
      await writeFile(join(folder, 'weights.bin'), Uint8Array.from([1, 2, 3, ...weights, 9]))
      const g = new GraphBuilder()
      const x = g.input('x', 'float32', [2])
      const w = g.external('w', 'float32', [2], { location: 'weights.bin', offset: 3, length: 8 })
      g.output('y', mul(g, x, w))
      await writeFile(join(folder, 'model.onnx'), g.encode(options))
      const session = await InferenceSession.create(join(folder, 'model.onnx'), { intraOpNumThreads: 1 })
      const { y } = await session.run({ x: new Tensor('float32', [4, 5], [2]) })
      expect(Array.from(y?.data as Float32Array)).toEqual([2, -15])
      await session.release()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('shares one tensor among uses of the same constant and keeps −0 apart from 0', () => {
    const g = new GraphBuilder()
    expect(g.scope('a').scalar(0.1)).toBe(g.scope('b').scalar(0.1))
    expect(g.scalar(0)).not.toBe(g.scalar(-0))
    expect(g.sizes([1, -1])).toBe(g.sizes([1, -1]))
  })

  it('numbers nodes of one kind within a scope, so that every name is unique', () => {
    const g = new GraphBuilder()
    const x = g.input('x', 'float32', [1])
    const layer = g.scope('layer')
    expect(add(layer, x, x).name).toBe('layer.Add:0')
    expect(add(layer, x, x).name).toBe('layer.Add_1:0')
    expect(add(g.scope('layer'), x, x).name).toBe('layer.Add_2:0')
  })

  it('throws where the emitter is wrong: a taken name, a wrong size, a dynamic shape', () => {
    const g = new GraphBuilder()
    g.input('x', 'float32', [1])
    expect(() => g.input('x', 'float32', [1])).toThrow('taken')
    expect(() => g.floats('w', [3], [1, 2])).toThrow('8 bytes for a tensor of 12')
    expect(() => g.external('e', 'float16', [4], { location: 'f', offset: 0, length: 7 })).toThrow(
      '7 external bytes',
    )
    expect(() => g.input('dynamic', 'float32', [-1])).toThrow('static shape')
  })
})
