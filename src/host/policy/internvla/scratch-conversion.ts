/**
 * Weights in another precision for as long as a source lives, in a file that is removed with it: for a checkpoint that is
 * used once where it lies. An import writes the same file beside the policy and keeps it.
 */
import { rmSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse, relative, sep } from 'node:path'
import {
  convertedBy,
  planConversion,
  type ConvertedPrecision,
} from '#core/policy/internvla/conversion-plan.ts'
import type { InternVlaModel } from '#core/policy/internvla/internvla-model.ts'
import type { TensorForm } from '#core/policy/internvla/weights.ts'
import { FaultError, unwrap } from '#core/result.ts'
import type { CheckpointFiles } from './checkpoint-files.ts'
import { convertTensor } from './convert-tensor.ts'
import { usedTensors } from './used-tensors.ts'

export interface ScratchConversion extends AsyncDisposable {
  /** Folder above both the checkpoint and the converted file. */
  readonly root: string
  readonly tensors: ReadonlyMap<string, TensorForm>
}

/** @throws FaultError `policy/conversion-failed`, or as reading the checkpoint does */
export async function convertToScratch(
  model: InternVlaModel,
  files: CheckpointFiles,
  precision: ConvertedPrecision,
  signal?: AbortSignal,
): Promise<ScratchConversion> {
  const folder = await mkdtemp(join(tmpdir(), 'foresight-weights-'))
  // A process that is ended in between (a second Ctrl-C) leaves no gigabytes behind either.
  const removeNow = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeNow)
  const remove = async () => {
    await rm(folder, { recursive: true, force: true })
    process.off('exit', removeNow)
  }
  try {
    const path = join(folder, 'weights.bin')
    const { root } = parse(path)
    if (parse(files.root).root !== root)
      throw failed(`${folder} and ${files.root} are on different drives; import the checkpoint instead`)
    const location = relative(root, path).split(sep).join('/')
    const used = usedTensors(model, await model.computeFolds(files), files)
    const plan = planConversion(files.index, unwrap(used), model.trunk.modules, precision, location)
    await using out = await open(path, 'w')
    await out.truncate(plan.bytes)
    const counts = { saturated: 0, flushed: 0 }
    for (const planned of plan.tensors) await convertTensor(planned, files, out, counts, signal)
    return { root, tensors: convertedBy(plan), [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    if (error instanceof FaultError || signal?.aborted === true) throw error
    throw failed(String(error))
  }
}

const failed = (message: string): FaultError => new FaultError({ code: 'policy/conversion-failed', message })
