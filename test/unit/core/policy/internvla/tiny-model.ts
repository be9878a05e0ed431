/** The tiny checkpoints of the reference data as our graphs in ONNX Runtime, and the inputs of their cases. */
import { readFileSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll } from 'vitest'
import { indexCheckpoint, type CheckpointIndex } from '#core/onnx/checkpoint-index.ts'
import {
  emitModel,
  sidecarName,
  type EmitOptions,
  type EmittedModel,
} from '#core/policy/internvla/emit-model.ts'
import type { TensorReader } from '#core/policy/internvla/folds.ts'
import type { InternVlaModel, ModelFolds } from '#core/policy/internvla/internvla-model.ts'
import { readModel } from '#core/policy/internvla/model.ts'
import { fullRoom, type SequenceRoom } from '#core/policy/internvla/sequence-room.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import { padResize } from '#core/policy/pad-resize.ts'
import type { TensorValue } from '#core/policy/tensor-value.ts'
import { goldenRoot, loadGolden, type LoadedFile } from './golden.ts'

const sidecarFolder = join(tmpdir(), `foresight-folds-${process.pid}`)
afterAll(() => rmSync(sidecarFolder, { recursive: true, force: true }))
const text = (path: string): string => readFileSync(new URL(path, goldenRoot), 'utf8')

function unwrapped<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

export interface TinyModel {
  readonly name: string
  readonly folder: string
  readonly model: InternVlaModel
  readonly checkpoint: CheckpointIndex
  readonly reader: TensorReader
  readonly folds: () => Promise<ModelFolds>
}

export function openTiny(name: 'tiny-3b' | 'tiny-2b'): TinyModel {
  const file = loadGolden(`${name}/model.safetensors`)
  const checkpoint = unwrapped(indexCheckpoint(new Map([['model.safetensors', file.header]])))
  const model = unwrapped(readModel(text(`${name}/config.json`), text(`${name}/dims.json`)))
  const reader: TensorReader = {
    has: (tensorName) => checkpoint.find(tensorName) !== undefined,
    rows: async (tensorName, first, count) => {
      const tensor = checkpoint.find(tensorName)
      if (tensor === undefined) throw new Error(`no ${tensorName}`)
      const { data, shape } = file.get(tensor.storedAs)
      const width = shape.slice(1).reduce((product, size) => product * size, 1)
      return Float32Array.from(data.subarray(first * width, (first + count) * width))
    },
  }
  let folds: Promise<ModelFolds> | null = null
  return {
    name,
    folder: fileURLToPath(new URL(`${name}/`, goldenRoot)),
    model,
    checkpoint,
    reader,
    folds: () => (folds ??= model.computeFolds(reader)),
  }
}

/** A graph and where its folds shall lie: a file of its own, for a session may have mapped it. */
export interface TinyGraph extends EmittedModel {
  readonly sidecarPath: string
}

let emissions = 0

export async function emitTiny(tiny: TinyModel, options: Partial<EmitOptions> = {}): Promise<TinyGraph> {
  const sidecarPath = join(sidecarFolder, `${emissions++}.${sidecarName}`)
  const fromRoot = (path: string): string => relative(parse(path).root, path)
  const all: EmitOptions = {
    part: 'mono',
    locate: (file) => fromRoot(join(tiny.folder, file)),
    sidecar: fromRoot(sidecarPath),
    ...options,
  }
  return { ...unwrapped(emitModel(tiny.model, await tiny.folds(), tiny.checkpoint, all)), sidecarPath }
}

/** Checkpoint and folds lie in different folders, as they do for a read-only checkpoint: both are found from the root. */
export async function openModel({ model, sidecar, sidecarPath }: TinyGraph): Promise<InferenceSession> {
  await mkdir(sidecarFolder, { recursive: true })
  await writeFile(sidecarPath, sidecar)
  return InferenceSession.create(model, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: parse(sidecarFolder).root } },
  })
}

export interface TinyCase {
  readonly expected: LoadedFile
  readonly feeds: Record<string, Tensor>
  readonly viewMask: readonly boolean[]
  readonly textTokens: number
  readonly prefixMask: readonly boolean[]
  readonly middleMask: readonly boolean[]
}

const floats = (data: Iterable<number>, shape: readonly number[]): Tensor =>
  new Tensor('float32', Float32Array.from(data), shape)

export function ortTensor(value: TensorValue): Tensor {
  if (value.type === 'bool') return new Tensor('bool', value.data, value.shape)
  if (value.type === 'float32') return new Tensor('float32', value.data, value.shape)
  throw new Error(`no ${value.type} here`)
}

/** Inputs of a case, made from its raw pictures and ids as the program makes them. */
export async function loadCase(
  tiny: TinyModel,
  name: string,
  room: SequenceRoom = fullRoom,
): Promise<TinyCase> {
  const { model, reader } = tiny
  const { dims, inputSide: side, modules } = model.trunk
  const info = JSON.parse(text(`${tiny.name}/cases/${name}/case.json`)) as { n_text: number }
  const inputs = loadGolden(`${tiny.name}/cases/${name}/inputs.safetensors`)
  const expected = loadGolden(`${tiny.name}/cases/${name}/expected.safetensors`)
  const viewMask = Array.from(expected.get('view_mask').data, (value) => value === 1)

  const images = new Float32Array(room.views * internVla.frames * 3 * side * side).fill(1)
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

  const stored = expected.get(model.ids === null ? 'lang_tokens' : 'input_ids').data
  const ids = Array.from(stored).slice(-internVla.textTokens).slice(0, room.textTokens)
  const rows = await Promise.all(ids.map((id) => reader.rows(modules.embedding, id, 1)))
  const { prefix, middle } = model.masks(viewMask, info.n_text)
  const state = new Float32Array(dims.max_state_dim)
  state.set(expected.get('state.normalized').data)
  const sequence = Object.entries(model.sequenceFeeds(viewMask, info.n_text, room))
  const width = dims.max_action_dim
  return {
    expected,
    viewMask,
    textTokens: info.n_text,
    prefixMask: prefix,
    middleMask: middle,
    feeds: {
      ...Object.fromEntries(sequence.map(([key, value]) => [key, ortTensor(value)])),
      images: new Tensor('float32', images, [room.views, internVla.frames, 3, side, side]),
      text_rows: floats(
        rows.flatMap((row) => Array.from(row, (value) => value * model.textScale)),
        [room.textTokens, dims.und_hidden],
      ),
      state: new Tensor('float32', state, [1, dims.max_state_dim]),
      noise: floats(inputs.get('noise').data, [dims.chunk, width]),
      rtc_target: floats(Array<number>(dims.chunk * width).fill(0), [dims.chunk, width]),
      rtc_weight: floats(Array<number>(dims.chunk).fill(0), [dims.chunk, 1]),
    },
  }
}
