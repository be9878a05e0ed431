/** Intermediates published as model outputs under the names of the reference data, for tests and `--trace`. */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { reshape } from '../../onnx/ops-layout.ts'

export type Trace = (name: string, value: () => Value) => void

export const noTrace: Trace = () => undefined

export const traceInto =
  (g: GraphBuilder): Trace =>
  (name, value) =>
    g.output(name, value())

/** Keys and values of one layer [kv heads, tokens, width] as `<stage>.k.<layer>` and `<stage>.v.<layer>`. */
export function traceKeys(
  graph: GraphBuilder,
  trace: Trace,
  stage: string,
  layer: number,
  { k, v }: { readonly k: Value; readonly v: Value },
): void {
  const g = graph.scope('trace')
  trace(`${stage}.k.${layer}`, () => reshape(g, k, k.shape.slice(1)))
  trace(`${stage}.v.${layer}`, () => reshape(g, v, v.shape.slice(1)))
}
