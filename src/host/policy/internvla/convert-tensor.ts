/** One tensor of a checkpoint in another form, read and written in blocks of rows at the places of a plan. */
import type { FileHandle } from 'node:fs/promises'
import { packBlocks } from '#core/onnx/block-weights.ts'
import { narrowToHalf, type NarrowCounts } from '#core/onnx/narrow-half.ts'
import type { PlannedTensor } from '#core/policy/internvla/conversion-plan.ts'
import type { TensorReader } from '#core/policy/internvla/folds.ts'

/** Numbers that are converted at a time. */
const blockNumbers = 4 * 1024 * 1024

/** @param counts grows by what half floats could not hold */
export async function convertTensor(
  { tensor, to }: PlannedTensor,
  reader: Pick<TensorReader, 'rows'>,
  out: FileHandle,
  counts: NarrowCounts,
  signal?: AbortSignal,
): Promise<void> {
  const [rows = 1, ...inner] = tensor.shape
  const width = inner.reduce((product, size) => product * size, 1)
  const atOnce = Math.max(1, Math.floor(blockNumbers / width))
  let [first, second] = [0, 0]
  for (let row = 0; row < rows; row += atOnce) {
    signal?.throwIfAborted()
    const values = await reader.rows(tensor.storedAs, row, Math.min(atOnce, rows - row))
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
