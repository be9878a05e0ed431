/**
 * The files of a checkpoint folder: headers, and the bytes of single tensors. Weights stay on disk; Hugging Face's cache, whose
 * files are links into another folder, is followed to where the bytes lie (spec/internvla-a1.md §4.3).
 */
import { open, readdir, readFile, realpath, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import {
  indexCheckpoint,
  parseShardIndex,
  type CheckpointIndex,
  type CheckpointTensor,
} from '#core/onnx/checkpoint-index.ts'
import { floatsOf } from '#core/onnx/half-floats.ts'
import {
  lengthBytes,
  parseSafetensorsHeader,
  readHeaderLength,
  type SafetensorsHeader,
} from '#core/onnx/safetensors-header.ts'
import type { TensorReader } from '#core/policy/internvla/folds.ts'
import { missingTensors } from '#core/policy/internvla/tensor-purpose.ts'
import { fail, FaultError, ok, unwrap, type Result } from '#core/result.ts'

const singleFile = 'model.safetensors'

export class CheckpointFiles implements TensorReader, AsyncDisposable {
  readonly index: CheckpointIndex
  /** Folder that holds the bytes of all files, for the runtime's external data. */
  readonly root: string
  /** Files of the checkpoint's folder. */
  readonly names: readonly string[]
  private readonly paths: ReadonlyMap<string, string>
  private readonly handles = new Map<string, Promise<FileHandle>>()

  private constructor(index: CheckpointIndex, paths: ReadonlyMap<string, string>) {
    this.index = index
    this.paths = paths
    this.names = [...paths.keys()]
    this.root = commonFolder([...paths.values()])
  }

  /**
   * Fails with `policy/not-found` (no weights) or `policy/checkpoint-damaged`.
   * @param tied as `indexCheckpoint` takes them
   */
  static async open(folder: string, tied: ReadonlyMap<string, string>): Promise<Result<CheckpointFiles>> {
    const names = await shardNames(folder)
    if (!names.ok) return names
    const headers = new Map<string, SafetensorsHeader>()
    const paths = new Map<string, string>()
    for (const name of names.value) {
      const path = await realpath(join(folder, name)).catch(() => null)
      if (path === null) return fail('policy/checkpoint-incomplete', `${name} is missing`, { file: name })
      const header = await readHeader(path, name)
      if (!header.ok) return header
      headers.set(name, header.value)
      paths.set(name, path)
    }
    const index = indexCheckpoint(headers, tied)
    return index.ok ? ok(new CheckpointFiles(index.value, paths)) : index
  }

  /** Paths of the checkpoint's files relative to a folder above them, as a graph refers to them. */
  locateFrom(root: string): (file: string) => string {
    return (file) =>
      relative(root, this.paths.get(file) ?? join(root, file))
        .split(sep)
        .join('/')
  }

  has(name: string): boolean {
    return this.index.find(name) !== undefined
  }

  /** @throws FaultError `policy/checkpoint-incomplete`, `policy/checkpoint-damaged` */
  async rows(
    name: string,
    first: number,
    count: number,
    shape?: readonly number[],
  ): Promise<Float32Array<ArrayBuffer>> {
    const tensor = this.index.find(name)
    if (tensor === undefined) return unwrap(missingTensors([name]))
    if (shape !== undefined && tensor.shape.join() !== shape.join()) {
      const misshapen = `${name} is ${tensor.dtype} [${tensor.shape.join(', ')}], not a float of [${shape.join(', ')}]`
      throw new FaultError({
        code: 'policy/checkpoint-damaged',
        message: `tensors of another shape: ${misshapen}`,
        data: { misshapen: [misshapen] },
      })
    }
    const floats = floatsOf(tensor.dtype, await this.storedRows(name, first, count))
    return floats ?? unreadable(tensor, first, count)
  }

  /** `count` rows along the first axis as they are stored, in a buffer of their own. @throws FaultError as `rows` */
  async storedRows(name: string, first: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    const tensor = this.index.find(name)
    if (tensor === undefined) return unwrap(missingTensors([name]))
    const total = tensor.shape[0] ?? 1
    const rowBytes = tensor.length / total
    const bytes = new Uint8Array(count * rowBytes)
    const handle = await this.handle(tensor.file)
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, tensor.offset + first * rowBytes)
    return first + count <= total && bytesRead === bytes.length ? bytes : unreadable(tensor, first, count)
  }

  /** Part of a tensor as it is stored. @throws FaultError `policy/checkpoint-damaged` */
  async bytes(tensor: CheckpointTensor, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length)
    const handle = await this.handle(tensor.file)
    const { bytesRead } = await handle.read(bytes, 0, length, tensor.offset + from)
    if (bytesRead === length) return bytes
    const message = `${tensor.file} ends inside ${tensor.storedAs}`
    throw new FaultError({ code: 'policy/checkpoint-damaged', message, data: { tensor: tensor.storedAs } })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const handles = await Promise.all(this.handles.values())
    this.handles.clear()
    await Promise.all(handles.map((handle) => handle.close()))
  }

  private handle(file: string): Promise<FileHandle> {
    const known = this.handles.get(file) ?? open(this.paths.get(file) ?? file, 'r')
    this.handles.set(file, known)
    return known
  }
}

async function shardNames(folder: string): Promise<Result<readonly string[]>> {
  const index = await readFile(join(folder, `${singleFile}.index.json`), 'utf8').catch(() => null)
  if (index !== null) return parseShardIndex(index)
  const isThere = await realpath(join(folder, singleFile)).catch(() => null)
  return isThere === null ? noWeights(folder) : ok([singleFile])
}

/** Says what lies there instead: half a download looks much like a whole one. */
async function noWeights(folder: string): Promise<Result<never>> {
  const names = (await readdir(folder).catch(() => [])).toSorted((a, b) => a.localeCompare(b))
  const other = names.find((name) => name.endsWith('.safetensors') || /\.(?:bin|pth?|ckpt)$/u.test(name))
  const instead =
    other === singleFile
      ? ` but a link to a file that is not there: download it again`
      : other?.endsWith('.safetensors') === true
        ? `, only ${other}: where the weights are in parts, ${singleFile}.index.json is needed too`
        : other === undefined
          ? ''
          : `, only ${other}, which is another format and is not opened`
  return fail('policy/not-found', `${folder} has no ${singleFile}${instead}`, { path: folder })
}

async function readHeader(path: string, name: string): Promise<Result<SafetensorsHeader>> {
  // Opening a pipe would wait for somebody to write into it.
  if (!(await stat(path)).isFile()) return named('this is no file', name)
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const prefix = new Uint8Array(lengthBytes)
  await file.read(prefix, 0, lengthBytes, 0)
  const length = readHeaderLength(prefix, size)
  if (!length.ok) return named(length.error.message, name)
  const bytes = new Uint8Array(length.value)
  await file.read(bytes, 0, bytes.length, lengthBytes)
  const header = parseSafetensorsHeader(new TextDecoder().decode(bytes), length.value, size)
  return header.ok ? header : named(header.error.message, name)
}

const named = (message: string, file: string) =>
  fail('policy/checkpoint-damaged', `${file}: ${message}`, { file })

function commonFolder(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map((path) => dirname(path).split(sep))
  let count = first.length
  for (const parts of rest) {
    let same = 0
    while (same < count && parts[same] === first[same]) same++
    count = same
  }
  return first.slice(0, count).join(sep) || sep
}

function unreadable({ storedAs: name, dtype, shape }: CheckpointTensor, first: number, count: number): never {
  const message = `${name}: rows ${first} to ${first + count} of ${shape[0] ?? 1} ${dtype} cannot be read`
  throw new FaultError({ code: 'policy/checkpoint-damaged', message, data: { tensor: name } })
}
