/** Operators on pictures [n, channels, height, width]. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { cast } from './ops-layout.ts'
import { fourSizes, sizeAt } from './shape.ts'

export interface ConvOptions {
  readonly stride?: number
  /** Zero rows and columns added on top, left, bottom, right. */
  readonly pads?: readonly [number, number, number, number]
}

/** In the weight's own float type. @param weight [out, in, kernel, kernel], `bias` [out] */
export function conv(
  g: GraphBuilder,
  x: Value,
  weight: Value,
  bias: Value,
  options: ConvOptions = {},
): Value {
  const { stride = 1, pads = [0, 0, 0, 0] } = options
  const kernel = sizeAt(weight.shape, 2)
  if (sizeAt(weight.shape, 1) !== sizeAt(x.shape, 1)) {
    throw new Error(`conv of [${x.shape.join(', ')}] with [${weight.shape.join(', ')}]`)
  }
  const size = (axis: 2 | 3): number => {
    const padded = sizeAt(x.shape, axis) + (axis === 2 ? pads[0] + pads[2] : pads[1] + pads[3])
    return Math.floor((padded - kernel) / stride) + 1
  }
  const shape = [sizeAt(x.shape, 0), sizeAt(weight.shape, 0), size(2), size(3)]
  const attributes = {
    kernel_shape: { ints: [kernel, kernel] },
    strides: { ints: [stride, stride] },
    pads: { ints: pads },
  }
  const inputs = [cast(g, x, weight.type), weight, cast(g, bias, weight.type)]
  return cast(g, g.node({ op: 'Conv', inputs, attributes }, { type: weight.type, shape }), x.type)
}

/** Every pixel becomes `factor` × `factor` equal ones. */
export function enlarge(g: GraphBuilder, x: Value, factor: number): Value {
  const [n, c, h, w] = fourSizes(x.shape)
  const shape = [n, c, h * factor, w * factor]
  const attributes = {
    mode: { text: 'nearest' },
    coordinate_transformation_mode: { text: 'asymmetric' },
    nearest_mode: { text: 'floor' },
  }
  return g.node(
    { op: 'Resize', inputs: [x, null, null, g.sizes(shape)], attributes },
    { type: x.type, shape },
  )
}

/** Channels `c · block² + row · block + column` become pixels of block × block. */
export function depthToSpace(g: GraphBuilder, x: Value, block: number): Value {
  const shape = [
    sizeAt(x.shape, 0),
    sizeAt(x.shape, 1) / (block * block),
    sizeAt(x.shape, 2) * block,
    sizeAt(x.shape, 3) * block,
  ]
  const attributes = { blocksize: { int: block }, mode: { text: 'CRD' } }
  return g.node({ op: 'DepthToSpace', inputs: [x], attributes }, { type: x.type, shape })
}
