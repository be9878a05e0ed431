/** The files of one case: its description, and the raw pictures, states and noise of its inputs. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { floatsOf } from '#core/onnx/half-floats.ts'
import {
  lengthBytes,
  parseSafetensorsHeader,
  readHeaderLength,
  type SafetensorsHeader,
} from '#core/onnx/safetensors-header.ts'
import { parseCase, widthOf, type CaseDescription } from '#core/policy/case/case-description.ts'
import type { RgbPicture } from '#core/policy/pad-resize.ts'
import { fail, ok, type Result } from '#core/result.ts'

/** Both frames of one slot, past first. */
export type CaseView = { readonly past: RgbPicture; readonly present: RgbPicture } | null

export interface CaseFiles {
  readonly description: CaseDescription
  /** Three, null where the case has no pictures for the slot. */
  readonly views: readonly CaseView[]
  /** Features one after the other, raw. */
  readonly state: Float32Array
  readonly noise: Float32Array
}

const slots = 3

/** Fails with `policy/case-invalid`. */
export async function readCase(folder: string): Promise<Result<CaseFiles>> {
  const about = await stat(folder).catch(() => null)
  if (about === null) return invalid(`there is no folder ${folder}`)
  if (!about.isDirectory()) return invalid(`${folder} is a file: name the folder it is in`)
  const text = await readFile(join(folder, 'case.json'), 'utf8').catch(() => null)
  if (text === null) return invalid(`${folder} has no case.json`)
  const description = parseCase(text)
  if (!description.ok) return description
  const bytes = await readFile(join(folder, 'inputs.safetensors')).catch(() => null)
  if (bytes === null) return invalid(`${folder} has no inputs.safetensors`)
  const header = headerOf(bytes)
  if (!header.ok) return invalid(`inputs.safetensors: ${header.error.message}`)
  const file = { bytes, header: header.value }
  const views: CaseView[] = []
  for (let slot = 0; slot < slots; slot++) {
    const view = readView(file, `image.${slot}`)
    if (!view.ok) return view
    views.push(view.value)
  }
  if (views[0] === null) return invalid('inputs.safetensors has no image.0: the first slot must be there')
  const state = readState(file, description.value)
  if (!state.ok) return state
  const noise = readFloats(file, 'noise')
  return noise.ok
    ? ok({ description: description.value, views, state: state.value, noise: noise.value })
    : noise
}

interface InputsFile {
  readonly bytes: Uint8Array
  readonly header: SafetensorsHeader
}

function headerOf(bytes: Uint8Array): Result<SafetensorsHeader> {
  const length = readHeaderLength(bytes.subarray(0, lengthBytes), bytes.length)
  if (!length.ok) return length
  const text = new TextDecoder().decode(bytes.subarray(lengthBytes, lengthBytes + length.value))
  return parseSafetensorsHeader(text, length.value, bytes.length)
}

/** u8 [2, height, width, 3] */
function readView({ bytes, header }: InputsFile, name: string): Result<CaseView> {
  const entry = header.tensors.get(name)
  if (entry === undefined) return ok(null)
  const [frames, height = 0, width = 0, colours] = entry.shape
  if (entry.dtype !== 'U8' || frames !== 2 || colours !== 3 || entry.shape.length !== 4)
    return invalid(`${name} is ${entry.dtype} [${entry.shape.join(', ')}], not U8 [2, height, width, 3]`)
  const size = height * width * 3
  const picture = (frame: number): RgbPicture => {
    const start = entry.offset + frame * size
    return { width, height, data: bytes.subarray(start, start + size) }
  }
  return ok({ past: picture(0), present: picture(1) })
}

function readState(file: InputsFile, description: CaseDescription): Result<Float32Array> {
  const state = new Float32Array(widthOf(description, description.state_features))
  let at = 0
  for (const feature of description.state_features) {
    const values = readFloats(file, `state.${feature}`)
    if (!values.ok) return values
    const width = description.feature_dims[feature] ?? 0
    if (values.value.length !== width)
      return invalid(`state.${feature} has ${values.value.length} numbers, case.json says ${width}`)
    state.set(values.value, at)
    at += width
  }
  return ok(state)
}

function readFloats({ bytes, header }: InputsFile, name: string): Result<Float32Array> {
  const entry = header.tensors.get(name)
  if (entry === undefined) return invalid(`inputs.safetensors has no ${name}`)
  const floats = floatsOf(entry.dtype, bytes.subarray(entry.offset, entry.offset + entry.length))
  if (floats === null) return invalid(`${name} is ${entry.dtype}, not a float`)
  return floats.every(Number.isFinite) ? ok(floats) : invalid(`${name} is not finite`)
}

const invalid = (message: string) => fail('policy/case-invalid', message)
