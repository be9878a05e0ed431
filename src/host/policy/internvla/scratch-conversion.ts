/**
 * Weights in another precision for as long as a source lives, in a file that is removed with it: for a checkpoint that is
 * used once where it lies. An import writes the same file beside the policy and keeps it.
 */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse, relative, sep } from 'node:path'
import { packBlocks } from '#core/onnx/block-weights.ts'
import { narrowToHalf } from '#core/onnx/narrow-half.ts'
import {
  convertedBy,
  planConversion,
  type ConvertedPrecision,
  type PlannedTensor,
} from '#core/policy/internvla/conversion-plan.ts'
import { emitModel } from '#core/policy/internvla/emit-model.ts'
import type { InternVlaModel } from '#core/policy/internvla/model.ts'
import type { ConvertedTensor } from '#core/policy/internvla/weights.ts'
import { FaultError, unwrap } from '#core/result.ts'
import type { CheckpointFiles } from './checkpoint-files.ts'

export interface ScratchConversion extends AsyncDisposable {
  /** Folder above both the checkpoint and the converted file. */
  readonly root: string
  readonly tensors: ReadonlyMap<string, ConvertedTensor>
}

/** Numbers that are converted at a time. */
const blockNumbers = 4 * 1024 * 1024

/** @throws FaultError `policy/conversion-failed`, or as reading the checkpoint does */
export async function convertToScratch(
  model: InternVlaModel,
  files: CheckpointFiles,
  precision: ConvertedPrecision,
): Promise<ScratchConversion> {
  const folder = await mkdtemp(join(tmpdir(), 'foresight-weights-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'weights.bin')
    const { root } = parse(path)
    if (parse(files.root).root !== root)
      throw failed(`${folder} and ${files.root} are on different drives; import the checkpoint instead`)
    const location = relative(root, path).split(sep).join('/')
    const used = await usedTensors(model, files)
    const plan = planConversion(files.index, used, model.trunk.modules, precision, location)
    await using out = await open(path, 'w')
    await out.truncate(plan.bytes)
    for (const planned of plan.tensors) await convert(planned, files, out)
    return { root, tensors: convertedBy(plan), [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    if (error instanceof FaultError) throw error
    throw failed(String(error))
  }
}

/** Of every part that may be asked for. */
async function usedTensors(model: InternVlaModel, files: CheckpointFiles): Promise<ReadonlySet<string>> {
  const folds = await model.computeFolds(files)
  const parts = (['mono', 'foresight'] as const).map((part) =>
    unwrap(emitModel(model, folds, files.index, { part })),
  )
  return new Set(parts.flatMap(({ used }) => [...used]))
}

async function convert(
  { tensor, to }: PlannedTensor,
  files: CheckpointFiles,
  out: FileHandle,
): Promise<void> {
  const [rows = 1, ...inner] = tensor.shape
  const width = inner.reduce((product, size) => product * size, 1)
  const atOnce = Math.max(1, Math.floor(blockNumbers / width))
  const counts = { saturated: 0, flushed: 0 }
  let [first, second] = [0, 0]
  for (let row = 0; row < rows; row += atOnce) {
    const values = await files.rows(tensor.storedAs, row, Math.min(atOnce, rows - row))
    if (to.form === 'half') {
      first += await put(out, narrowToHalf(values, counts), to.data.offset + first)
      continue
    }
    const { packed, scales } = packBlocks(values, to.bits)
    first += await put(out, packed, to.packed.offset + first)
    second += await put(out, scales, to.scales.offset + second)
  }
}

async function put(out: FileHandle, data: ArrayBufferView<ArrayBuffer>, position: number): Promise<number> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  await out.write(bytes, 0, bytes.length, position)
  return bytes.length
}

const failed = (message: string): FaultError => new FaultError({ code: 'policy/conversion-failed', message })
