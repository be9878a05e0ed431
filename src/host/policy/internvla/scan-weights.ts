/**
 * Looks for numbers that are none before they reach a network: every small tensor whole, of large ones blocks spread over
 * their length. A damaged download shows as runs of nonsense, which no spread of blocks misses for long.
 */
import { floatsOf } from '#core/onnx/half-floats.ts'
import type { CheckpointTensor } from '#core/onnx/checkpoint-index.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { allFinite } from './all-finite.ts'

const wholeBytes = 1 << 16
const blockBytes = 4096
const blocksPerTensor = 4

export interface ByteReader {
  /** @throws FaultError `policy/checkpoint-damaged` when the file ends early */
  bytes(tensor: CheckpointTensor, from: number, length: number): Promise<Uint8Array>
}

/** Fails with `policy/checkpoint-damaged`, naming the tensor. @returns how many bytes were looked at */
export async function scanWeights(
  tensors: Iterable<CheckpointTensor>,
  reader: ByteReader,
  signal: AbortSignal,
): Promise<Result<number>> {
  let seen = 0
  for (const tensor of tensors) {
    signal.throwIfAborted()
    for (const [from, length] of partsOf(tensor.length)) {
      const floats = floatsOf(tensor.dtype, await reader.bytes(tensor, from, length))
      seen += length
      if (floats === null || allFinite(floats)) continue
      const message = `${tensor.storedAs} holds numbers that are not finite`
      return fail('policy/checkpoint-damaged', message, { tensor: tensor.storedAs })
    }
  }
  return ok(seen)
}

/** Byte ranges, each a multiple of eight from a multiple of eight. */
function partsOf(length: number): (readonly [from: number, length: number])[] {
  if (length <= wholeBytes) return [[0, length]]
  const last = Math.floor((length - blockBytes) / 8) * 8
  return Array.from({ length: blocksPerTensor }, (_, block) => {
    const from = Math.floor((last * block) / (blocksPerTensor - 1) / 8) * 8
    return [from, blockBytes] as const
  })
}
