/**
 * Rows of a converted file compared with the checkpoint's own numbers: a conversion that was interrupted, a disk that lied
 * or a plan that does not fit would show here, before an arm shows it.
 */
import { open } from 'node:fs/promises'
import { blockSize, unpackBlocks } from '#core/onnx/block-weights.ts'
import { widenFloat16 } from '#core/onnx/half-floats.ts'
import type { ConversionPlan, PlannedTensor } from '#core/policy/internvla/conversion-plan.ts'
import type { TensorReader } from '#core/policy/internvla/folds.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { Precision } from '#contract/services/policy.ts'

/** Tensors looked at, spread over the file. */
const sampled = 12

/**
 * Root mean square of the difference over that of the numbers that may be. Half floats keep 11 bits; blocks of 8 and 4 bits
 * round by up to half a step of their largest number.
 */
const tolerance: Readonly<Record<Precision, number>> = { fp32: 0, fp16: 5e-4, int8: 0.02, int4: 0.3 }

export interface SpotCheck {
  readonly tensors: number
  readonly largest: number
}

/** Fails with `policy/conversion-failed`, naming the tensor that differs; or when the file cannot be read. */
export async function spotCheck(
  path: string,
  plan: Pick<ConversionPlan, 'tensors'>,
  reader: Pick<TensorReader, 'rows'>,
  precision: Precision,
): Promise<Result<SpotCheck>> {
  const step = Math.max(1, Math.floor(plan.tensors.length / sampled))
  const chosen = plan.tensors.filter((_, index) => index % step === 0)
  let largest = 0
  await using file = await open(path, 'r')
  for (const planned of chosen) {
    const row = Math.floor((planned.tensor.shape[0] ?? 1) / 2)
    const wanted = await reader.rows(planned.tensor.storedAs, row, 1)
    const stored = await readRow(file, planned, row, wanted.length)
    const difference = relativeDifference(wanted, stored)
    if (!(difference <= tolerance[precision])) {
      const message = `${planned.tensor.storedAs} differs by ${difference.toPrecision(2)} from the checkpoint after its conversion to ${precision}`
      return fail('policy/conversion-failed', message, { tensor: planned.tensor.storedAs, difference })
    }
    largest = Math.max(largest, difference)
  }
  return ok({ tensors: chosen.length, largest })
}

type Handle = Awaited<ReturnType<typeof open>>

async function readRow(
  file: Handle,
  { to }: PlannedTensor,
  row: number,
  width: number,
): Promise<Float32Array> {
  const bytes = async (offset: number, length: number): Promise<ArrayBuffer> => {
    const buffer = new ArrayBuffer(length)
    await file.read(new Uint8Array(buffer), 0, length, offset)
    return buffer
  }
  if (to.form === 'half')
    return widenFloat16(new Uint16Array(await bytes(to.data.offset + 2 * row * width, 2 * width)))
  const packedWidth = (width * to.bits) / 8
  const blocks = width / blockSize
  const packed = new Uint8Array(await bytes(to.packed.offset + row * packedWidth, packedWidth))
  const scales = new Float32Array(await bytes(to.scales.offset + 4 * row * blocks, 4 * blocks))
  return unpackBlocks(packed, scales, to.bits)
}

/** 0 for two rows of zeros; NaN where one holds no number. */
function relativeDifference(wanted: Float32Array, stored: Float32Array): number {
  let [squares, differences] = [0, 0]
  for (const [index, value] of wanted.entries()) {
    squares += value ** 2
    differences += (value - (stored[index] ?? Number.NaN)) ** 2
  }
  return differences === 0 ? 0 : Math.sqrt(differences / squares)
}
