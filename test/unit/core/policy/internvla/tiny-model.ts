/** The tiny 3B checkpoint of the reference data as our graph in ONNX Runtime, and the inputs of its cases. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { indexCheckpoint, type CheckpointIndex } from '#core/onnx/checkpoint-index.ts'
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { internVla, readInternVlaConfig, type InternVlaConfig } from '#core/policy/internvla/dims.ts'
import { computeFolds, embeddingName, type Folds, type TensorReader } from '#core/policy/internvla/folds.ts'
import { internVlaOpset, InternVlaGraph, type InternVlaGraphOptions } from '#core/policy/internvla/graph.ts'
import {
  mropeAxes,
  mropeTable,
  ropeFrequencies,
  ropeTable,
  type RopeTable,
} from '#core/policy/internvla/rope.ts'
import { prefixLength, sequenceMasks, sequencePositions } from '#core/policy/internvla/token-layout.ts'
import { CheckpointWeights } from '#core/policy/internvla/weights.ts'
import { padResize } from '#core/policy/pad-resize.ts'
import { goldenRoot, loadGolden, type LoadedFile } from './golden.ts'

const text = (path: string): string => readFileSync(new URL(path, goldenRoot), 'utf8')
export const modelFolder = fileURLToPath(new URL('tiny-3b/', goldenRoot))
const file = loadGolden('tiny-3b/model.safetensors')

function unwrapped<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

export const config: InternVlaConfig = unwrapped(
  readInternVlaConfig(text('tiny-3b/config.json'), text('tiny-3b/dims.json')),
)
export const checkpoint: CheckpointIndex = unwrapped(
  indexCheckpoint(new Map([['model.safetensors', file.header]])),
)

export const reader: TensorReader = {
  rows: async (name, first, count) => {
    const tensor = checkpoint.find(name)
    if (tensor === undefined) throw new Error(`no ${name}`)
    const { data, shape } = file.get(tensor.storedAs)
    const width = shape.slice(1).reduce((product, size) => product * size, 1)
    return Float32Array.from(data.subarray(first * width, (first + count) * width))
  },
}

export const folds = async (): Promise<Folds> => computeFolds(config, reader)

export interface EmittedModel {
  readonly bytes: Uint8Array
  readonly nodeCount: number
  readonly used: ReadonlySet<string>
}

export async function emitTiny(options: Partial<InternVlaGraphOptions> = {}): Promise<EmittedModel> {
  const g = new GraphBuilder()
  const weights = new CheckpointWeights(g, checkpoint)
  const all = { isTraced: false, hasForesight: false, isStateHoisted: true, ...options }
  new InternVlaGraph(g, config, await folds(), weights, all).emit()
  const used = unwrapped(weights.verdict())
  return {
    bytes: g.encode({ opset: internVlaOpset, graphName: 'tiny-3b', description: '' }),
    nodeCount: g.nodeCount,
    used,
  }
}

export const openModel = (bytes: Uint8Array): Promise<InferenceSession> =>
  InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: modelFolder } },
  })

export interface TinyCase {
  readonly expected: LoadedFile
  readonly feeds: Record<string, Tensor>
  readonly prefixMask: readonly boolean[]
  readonly middleMask: readonly boolean[]
}

const floats = (data: Iterable<number>, shape: readonly number[]): Tensor =>
  new Tensor('float32', Float32Array.from(data), shape)
const bools = (data: readonly boolean[]): Tensor =>
  new Tensor('bool', Uint8Array.from(data, Number), [data.length])

/** Inputs of a case, made from its raw pictures and ids as the program makes them. */
export async function loadCase(name: string): Promise<TinyCase> {
  const info = JSON.parse(text(`tiny-3b/cases/${name}/case.json`)) as { n_text: number }
  const inputs = loadGolden(`tiny-3b/cases/${name}/inputs.safetensors`)
  const expected = loadGolden(`tiny-3b/cases/${name}/expected.safetensors`)
  const { dims } = config
  const viewMask = Array.from(expected.get('view_mask').data, (value) => value === 1)

  const side = internVla.inputSide
  const images = new Float32Array(internVla.views * internVla.frames * 3 * side * side).fill(1)
  viewMask.forEach((_, view) => {
    if (!inputs.has(`image.${view}`)) return
    const { shape, data } = inputs.get(`image.${view}`)
    const [, height = 0, width = 0] = shape
    for (let frame = 0; frame < internVla.frames; frame++) {
      const size = height * width * 3
      const picture = {
        width,
        height,
        data: Uint8Array.from(data.subarray(frame * size, (frame + 1) * size)),
      }
      images.set(padResize(picture, side), (view * internVla.frames + frame) * 3 * side * side)
    }
  })

  const ids = Array.from(expected.get('input_ids').data).slice(prefixLength - internVla.textTokens)
  const rows = await Promise.all(ids.map((id) => reader.rows(embeddingName, id, 1)))
  const { prefix, middle } = sequenceMasks(viewMask, info.n_text)
  const positions = sequencePositions(viewMask, info.n_text, dims.chunk + 1)
  const frequencies = ropeFrequencies(dims.rope_theta, dims.head_dim, config.hasRoundedFrequencies)
  const rope = (stage: string, { cos, sin, tokens, half }: RopeTable) => ({
    [`${stage}_cos`]: floats(cos, [1, tokens, half]),
    [`${stage}_sin`]: floats(sin, [1, tokens, half]),
  })
  const state = new Float32Array(dims.max_state_dim)
  state.set(expected.get('state.normalized').data)
  return {
    expected,
    prefixMask: prefix,
    middleMask: middle,
    feeds: {
      images: new Tensor('float32', images, [internVla.views, internVla.frames, 3, side, side]),
      text_rows: floats(
        rows.flatMap((row) => Array.from(row)),
        [internVla.textTokens, dims.und_hidden],
      ),
      prefix_mask: bools(prefix),
      middle_mask: bools(middle),
      ...rope(
        'prefix',
        mropeTable(positions.prefix, mropeAxes(dims.mrope_section, dims.head_dim / 2), frequencies),
      ),
      ...rope('middle', ropeTable(positions.middle, frequencies)),
      ...rope('suffix', ropeTable(positions.suffix, frequencies)),
      state: new Tensor('float32', state, [1, dims.max_state_dim]),
      noise: floats(inputs.get('noise').data, [dims.chunk, dims.max_action_dim]),
      rtc_target: floats(Array<number>(dims.chunk * dims.max_action_dim).fill(0), [
        dims.chunk,
        dims.max_action_dim,
      ]),
      rtc_weight: floats(Array<number>(dims.chunk).fill(0), [dims.chunk, 1]),
    },
  }
}
