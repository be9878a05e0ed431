/**
 * Folds of the 2B prefix (spec §2): the pictures' mean and deviation go into the patch kernel, which has no padding, so
 * that the fold is exact; the class token takes its position with it.
 */
import type { InternConfig } from './intern-dims.ts'
import type { TensorReader } from './folds.ts'

type Numbers = Float32Array<ArrayBuffer>

export interface InternFolds {
  /** Convolution [vit_hidden, 3, patch, patch] over pictures of 0…1, and its bias. */
  readonly patchWeight: Numbers
  readonly patchBias: Numbers
  /** [1, vit_hidden] */
  readonly classRow: Numbers
  /** [patches, vit_hidden] */
  readonly positions: Numbers
}

export const internVision = 'model.internvl_with_expert.und_expert.model.vision_tower'
const embeddings = `${internVision}.embeddings`

/** The checkpoint's own numbers, which loading it puts over those of `config.json`. */
async function perColour(
  reader: TensorReader,
  name: string,
  configured: readonly number[],
): Promise<readonly number[]> {
  return reader.has(name) ? Array.from(await reader.rows(name, 0, 1, [1, 3, 1, 1])) : configured
}

export async function computeInternFolds(config: InternConfig, reader: TensorReader): Promise<InternFolds> {
  const { vit_hidden: hidden, vit_patch: patch, vit_image: side } = config.dims
  const patches = (side / patch) ** 2
  const table = await reader.rows(`${embeddings}.position_embeddings`, 0, 1, [1, patches + 1, hidden])
  const token = await reader.rows(`${embeddings}.cls_token`, 0, 1, [1, 1, hidden])
  const kernel = await foldPixels(config, reader)
  return {
    patchWeight: kernel.weight,
    patchBias: kernel.bias,
    classRow: Float32Array.from({ length: hidden }, (_, k) => (token[k] ?? 0) + (table[k] ?? 0)),
    positions: Float32Array.from(table.subarray(hidden, (patches + 1) * hidden)),
  }
}

/** W·(x − mean)/std + b = (W/std)·x + (b − Σ W·mean/std). */
async function foldPixels(
  { dims, pictureMean, pictureStd }: InternConfig,
  reader: TensorReader,
): Promise<{ weight: Numbers; bias: Numbers }> {
  const { vit_hidden: hidden, vit_patch: patch } = dims
  const projection = `${embeddings}.patch_embeddings.projection`
  const kernel = await reader.rows(`${projection}.weight`, 0, hidden, [hidden, 3, patch, patch])
  const base = await reader.rows(`${projection}.bias`, 0, hidden, [hidden])
  const means = await perColour(reader, 'model.imagenet_mean', pictureMean)
  const stds = await perColour(reader, 'model.imagenet_std', pictureStd)
  const area = patch * patch
  const weight = new Float32Array(kernel.length)
  const bias = new Float32Array(hidden)
  for (let out = 0; out < hidden; out++) {
    let shift = 0
    for (let colour = 0; colour < 3; colour++) {
      const [mean = 0, std = 1] = [means[colour], stds[colour]]
      for (let pixel = 0; pixel < area; pixel++) {
        const at = (out * 3 + colour) * area + pixel
        const scaled = (kernel[at] ?? 0) / std
        weight[at] = scaled
        shift += scaled * mean
      }
    }
    bias[out] = (base[out] ?? 0) - shift
  }
  return { weight, bias }
}
