/**
 * The Cosmos image tokenizer (continuous, 8×8, spec §3): pictures to latents for the generation expert, and predicted
 * latents back to pictures. Convolutions over [n, channels, height, width].
 */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { attention } from '../../onnx/ops-attention.ts'
import { add, silu } from '../../onnx/ops-elementwise.ts'
import { conv, depthToSpace, enlarge } from '../../onnx/ops-image.ts'
import type { ConvOptions } from '../../onnx/ops-image.ts'
import { concat, reshape, slice, transpose } from '../../onnx/ops-layout.ts'
import { linear, matMul } from '../../onnx/ops-linear.ts'
import { groupNorm } from '../../onnx/ops-normalise.ts'
import { fourSizes, sizeAt } from '../../onnx/shape.ts'
import { haarChannels, haarKernel, inverseHaarKernel } from './haar.ts'
import { bilinearMatrix } from './resize-matrix.ts'
import { internVla } from './trunk.ts'
import type { Trunk } from './trunk.ts'
import type { WeightSource } from './weights.ts'

const groups = 32
const epsilon = 1e-6
const around: ConvOptions = { pads: [1, 1, 1, 1] }

/** One module of the tokenizer: its place in the graph and in the checkpoint. */
class CosmosModule {
  private readonly graph: GraphBuilder
  private readonly weights: WeightSource
  private readonly path: string

  constructor(graph: GraphBuilder, weights: WeightSource, path: string) {
    this.graph = graph
    this.weights = weights
    this.path = path
  }

  at(name: string): CosmosModule {
    return new CosmosModule(this.graph.scope(name), this.weights, `${this.path}.${name}`)
  }

  conv(x: Value, out: number, kernel: number, options: ConvOptions = {}): Value {
    const weight = this.weights.get(`${this.path}.weight`, [out, sizeAt(x.shape, 1), kernel, kernel])
    return conv(this.graph, x, weight, this.weights.get(`${this.path}.bias`, [out]), options)
  }

  norm(x: Value): Value {
    const channels = sizeAt(x.shape, 1)
    const value = (name: string): Value =>
      this.weights.get(`${this.path}.${name}`, [channels], [channels, 1, 1])
    return groupNorm(this.graph, x, value('weight'), value('bias'), groups, epsilon)
  }

  normThenConv(x: Value, norm: string, layer: string, out: number): Value {
    return this.at(layer).conv(silu(this.graph, this.at(norm).norm(x)), out, 3, around)
  }

  residual(x: Value, out: number): Value {
    const inner = this.normThenConv(x, 'norm1', 'conv1', out)
    const change = this.normThenConv(inner, 'norm2', 'conv2', out)
    const kept = sizeAt(x.shape, 1) === out ? x : this.at('nin_shortcut').conv(x, out, 1)
    return add(this.graph, kept, change)
  }

  /** A convolution of one pixel, over rows of pixels [pixels, channels]. */
  perPixel(rows: Value): Value {
    const channels = sizeAt(rows.shape, 1)
    const weight = this.weights.get(`${this.path}.weight`, [channels, channels, 1, 1], [channels, channels])
    return linear(this.graph, rows, weight, this.weights.get(`${this.path}.bias`, [channels]))
  }

  /** One head over all pixels. */
  pixelAttention(x: Value): Value {
    const g = this.graph
    const [count, channels, height, width] = fourSizes(x.shape)
    const normal = transpose(g, this.at('norm').norm(x), [0, 2, 3, 1])
    const rows = reshape(g, normal, [-1, channels])
    const pixels = (name: string): Value =>
      reshape(g, this.at(name).perPixel(rows), [count, 1, height * width, channels])
    const attended = attention(g, pixels('q'), pixels('k'), pixels('v'), null)
    const change = this.at('proj_out').perPixel(reshape(g, attended, [-1, channels]))
    const image = transpose(g, reshape(g, change, [count, height, width, channels]), [0, 3, 1, 2])
    return add(g, x, image)
  }

  middle(x: Value): Value {
    const channels = sizeAt(x.shape, 1)
    const first = this.at('block_1').residual(x, channels)
    return this.at('block_2').residual(this.at('attn_1').pixelAttention(first), channels)
  }

  enlarge(x: Value): Value {
    return enlarge(this.graph, x, 2)
  }
}

/**
 * @param images [n, 3, side, side], 0…1
 * @returns latents [n, 16, 32, 32]
 */
export function cosmosEncoder(g: GraphBuilder, images: Value, trunk: Trunk, weights: WeightSource): Value {
  const { cosmos_latent: channels } = trunk.dims
  const name = `${trunk.modules.cosmosEncoder}.quant_conv.weight`
  const weight = weights.get(name, [channels, channels, 1, 1])
  return eachApart(g, images, weight, (scope, some) => encode(scope, some, trunk, weights))
}

/**
 * On a CPU one picture after the other, whose planes then stay in the cache from layer to layer; elsewhere all at once, in
 * fewer nodes. Half floats are widened in every node that uses them: those stay together too.
 * @param weight any of the module's
 */
function eachApart(
  g: GraphBuilder,
  x: Value,
  weight: Value,
  build: (g: GraphBuilder, x: Value) => Value,
): Value {
  const count = sizeAt(x.shape, 0)
  if (g.dialect !== 'cpu' || weight.type !== 'float32' || count === 1) return build(g, x)
  const parts = Array.from({ length: count }, (_, index) =>
    build(g.scope(`picture${index}`), slice(g, x, 0, index, index + 1)),
  )
  return concat(g, parts, 0)
}

function encode(g: GraphBuilder, images: Value, { dims, modules }: Trunk, weights: WeightSource): Value {
  const model = new CosmosModule(g, weights, modules.cosmosEncoder)
  const encoder = model.at('encoder')
  const { weight, bias } = haarKernel()
  const kernel = g.floats('haar.weight', [haarChannels, 3, 4, 4], weight)
  const scaled = scaledForCosmos(g.scope('resize'), images)
  const bands = conv(g.scope('haar'), scaled, kernel, g.floats('haar.bias', [haarChannels], bias), {
    stride: 4,
  })
  let x = encoder.at('conv_in').conv(bands, dims.cosmos_channels, 3, around)
  dims.cosmos_mult.forEach((multiple, level) => {
    const down = encoder.at(`down.${level}`)
    for (let index = 0; index < dims.cosmos_res_blocks; index++) {
      x = down.at(`block.${index}`).residual(x, dims.cosmos_channels * multiple)
    }
    // The nominal three levels halve the size once: the Haar transform has done the rest.
    if (level === 0) {
      x = down.at('downsample.conv').conv(x, sizeAt(x.shape, 1), 3, { stride: 2, pads: [0, 0, 1, 1] })
    }
  })
  x = encoder.at('mid').middle(x)
  x = encoder.normThenConv(x, 'norm_out', 'conv_out', dims.cosmos_latent)
  return model.at('quant_conv').conv(x, dims.cosmos_latent, 1)
}

/** To 256², two taps a row, aliasing when it shrinks as the official code does; the step to −1…1 is in the Haar kernel. */
export function scaledForCosmos(g: GraphBuilder, images: Value): Value {
  const to = internVla.modelSide
  const from = sizeAt(images.shape, 3)
  const rows = g.floats('rows', [to, from], bilinearMatrix(from, to))
  return matMul(g, matMul(g, rows, images), transpose(g, rows, [1, 0]))
}

/**
 * @param latents [n, 16, 32, 32]
 * @returns pictures [n, 3, 256, 256], nominally −1…1, not clamped
 */
export function cosmosDecoder(g: GraphBuilder, latents: Value, trunk: Trunk, weights: WeightSource): Value {
  const { cosmos_latent: channels } = trunk.dims
  const name = `${trunk.modules.cosmosDecoder}.post_quant_conv.weight`
  const weight = weights.get(name, [channels, channels, 1, 1])
  return eachApart(g, latents, weight, (scope, some) => decode(scope, some, trunk, weights))
}

function decode(g: GraphBuilder, latents: Value, { dims, modules }: Trunk, weights: WeightSource): Value {
  const model = new CosmosModule(g, weights, modules.cosmosDecoder)
  const decoder = model.at('decoder')
  const widest = dims.cosmos_channels * (dims.cosmos_mult.at(-1) ?? 1)
  let x = decoder
    .at('conv_in')
    .conv(model.at('post_quant_conv').conv(latents, dims.cosmos_latent, 1), widest, 3, around)
  x = decoder.at('mid').middle(x)
  for (let level = dims.cosmos_mult.length - 1; level >= 0; level--) {
    const up = decoder.at(`up.${level}`)
    const channels = dims.cosmos_channels * (dims.cosmos_mult[level] ?? 1)
    for (let index = 0; index <= dims.cosmos_res_blocks; index++)
      x = up.at(`block.${index}`).residual(x, channels)
    if (level === dims.cosmos_mult.length - 1) {
      x = up.at('upsample.conv').conv(up.at('upsample').enlarge(x), channels, 3, around)
    }
  }
  const bands = decoder.normThenConv(x, 'norm_out', 'conv_out', haarChannels)
  const kernel = g.floats('haar.inverse', [haarChannels, haarChannels, 1, 1], inverseHaarKernel())
  const pixels = conv(g.scope('haar'), bands, kernel, g.filled(0, [haarChannels]))
  return depthToSpace(g.scope('haar'), pixels, 4)
}
