/** One tensor of a checkpoint in another form, read and written in blocks of rows at the places of a plan. */
import type { FileHandle } from 'node:fs/promises'
import { packBlocks } from '#core/onnx/block-weights.ts'
import { narrowBfloat16, narrowToHalf, type NarrowCounts } from '#core/onnx/narrow-half.ts'
import type { PlannedTensor } from '#core/policy/internvla/conversion-plan.ts'
import type { TensorReader } from '#core/policy/internvla/folds.ts'

export interface ConversionReader extends Pick<TensorReader, 'rows'> {
  /** The same rows as they are stored. */
  storedRows(name: string, first: number, count: number): Promise<Uint8Array<ArrayBuffer>>
}

/** Numbers that are converted at a time. */
const blockNumbers = 4 * 1024 * 1024

type Piece = readonly [data: ArrayBufferView<ArrayBuffer>, position: number]

/** While one block is written the next is read and converted. @param counts grows by what half floats could not hold */
export async function convertTensor(
  planned: PlannedTensor,
  reader: ConversionReader,
  out: FileHandle,
  counts: NarrowCounts,
  signal?: AbortSignal,
): Promise<void> {
  const [rows = 1, ...inner] = planned.tensor.shape
  const width = inner.reduce((product, size) => product * size, 1)
  const atOnce = Math.max(1, Math.floor(blockNumbers / width))
  let written: Promise<unknown> = Promise.resolve()
  try {
    const places = { first: 0, second: 0 }
    for (let row = 0; row < rows; row += atOnce) {
      signal?.throwIfAborted()
      const pieces = await convertRows(planned, reader, row, Math.min(atOnce, rows - row), counts, places)
      await written
      written = Promise.all(pieces.map(async (piece) => put(out, piece)))
      // Looked at before the next block is written, and not before.
      written.catch(() => undefined)
    }
  } finally {
    await written
  }
}

/** @param places bytes of the tensor's first and second part that are done; grows */
async function convertRows(
  { tensor, to }: PlannedTensor,
  reader: ConversionReader,
  row: number,
  count: number,
  counts: NarrowCounts,
  places: { first: number; second: number },
): Promise<readonly Piece[]> {
  const at = { ...places }
  if (to.form === 'half') {
    const halves =
      tensor.dtype === 'BF16'
        ? narrowBfloat16(
            new Uint16Array((await reader.storedRows(tensor.storedAs, row, count)).buffer),
            counts,
          )
        : narrowToHalf(await reader.rows(tensor.storedAs, row, count), counts)
    places.first += halves.byteLength
    return [[halves, to.data.offset + at.first]]
  }
  const { packed, scales } = packBlocks(await reader.rows(tensor.storedAs, row, count), to.bits)
  places.first += packed.byteLength
  places.second += scales.byteLength
  return [
    [packed, to.packed.offset + at.first],
    [scales, to.scales.offset + at.second],
  ]
}

async function put(out: FileHandle, [data, position]: Piece): Promise<void> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  await out.write(bytes, 0, bytes.length, position)
}
