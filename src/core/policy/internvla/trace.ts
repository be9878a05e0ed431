/** Intermediates published as model outputs under the names of the reference data, for tests and `--trace`. */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'

export type Trace = (name: string, value: () => Value) => void

export const noTrace: Trace = () => undefined

export const traceInto =
  (g: GraphBuilder): Trace =>
  (name, value) =>
    g.output(name, value())
