/** A small known graph with the operators that matter: what it gives on a provider is compared with the CPU's answer. */
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { silu } from '#core/onnx/ops-elementwise.ts'
import { linear } from '#core/onnx/ops-linear.ts'
import { rmsNorm } from '#core/onnx/ops-normalise.ts'
import type { TensorValue } from '#core/policy/tensor-value.ts'

const rows = 16
const width = 64

const wave = (count: number, step: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.sin(step * (index + 1)))

/** y = silu(rms(x) · Wᵀ + b) · Wᵀ + b for x [16, 64]. */
export function probeGraph(): Uint8Array {
  const g = new GraphBuilder()
  const x = g.input('x', 'float32', [rows, width])
  const weight = g.floats('weight', [width, width], wave(width * width, 0.7))
  const bias = g.floats('bias', [width], wave(width, 0.3))
  const scale = g.floats('scale', [width], wave(width, 0.11))
  const inner = silu(g, linear(g.scope('first'), rmsNorm(g.scope('norm'), x, scale, 1e-6), weight, bias))
  g.output('y', linear(g.scope('second'), inner, weight, bias))
  return g.encode({ opset: 23, graphName: 'probe', description: '' })
}

export const probeInput = (): TensorValue => ({
  type: 'float32',
  shape: [rows, width],
  data: Float32Array.from(wave(rows * width, 0.05)),
})

/** Largest difference relative to the largest number; infinite when something is not finite or missing. */
export function relativeDifference(
  actual: TensorValue | undefined,
  expected: TensorValue | undefined,
): number {
  if (actual?.type !== 'float32' || expected?.type !== 'float32') return Number.POSITIVE_INFINITY
  if (actual.data.length !== expected.data.length) return Number.POSITIVE_INFINITY
  const size = expected.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-9)
  const difference = expected.data.reduce((largest, value, index) => {
    const found = Math.abs((actual.data[index] ?? Number.NaN) - value)
    return Number.isNaN(found) ? Number.POSITIVE_INFINITY : Math.max(largest, found)
  }, 0)
  return difference / size
}
