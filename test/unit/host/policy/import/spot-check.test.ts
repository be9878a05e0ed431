import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packBlocks } from '#core/onnx/block-weights.ts'
import { narrowToHalf } from '#core/onnx/narrow-half.ts'
import type { ConversionPlan } from '#core/policy/internvla/conversion-plan.ts'
import { unwrap } from '#core/result.ts'
import { spotCheck } from '#host/policy/import/spot-check.ts'

const shape = [4, 32]
const values = Float32Array.from({ length: 128 }, (_, index) => Math.sin(index))
const tensor = { storedAs: 'w', file: 'f', dtype: 'F32', shape, offset: 0, length: 512 } as const
const reader = {
  rows: (_name: string, first: number, count: number) =>
    Promise.resolve(values.slice(first * 32, (first + count) * 32)),
}
const halves: ConversionPlan = {
  tensors: [{ tensor, to: { form: 'half', data: { location: 'x', offset: 64, length: 256 } } }],
  stored: [],
  bytes: 320,
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foresight-spot-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const file = async (...parts: readonly [offset: number, data: ArrayBufferView][]): Promise<string> => {
  const bytes = Buffer.alloc(1024)
  for (const [offset, { buffer, byteOffset, byteLength }] of parts)
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset)
  const path = join(folder, 'weights.bin')
  await writeFile(path, bytes)
  return path
}

describe('rows of a converted file', () => {
  it('of half floats agree to eleven bits', async () => {
    const path = await file([64, narrowToHalf(values, { saturated: 0, flushed: 0 })])
    const { tensors, largest } = unwrap(await spotCheck(path, halves, reader, 'fp16'))
    expect(tensors).toBe(1)
    expect(largest).toBeGreaterThan(0)
    expect(largest).toBeLessThan(5e-4)
  })

  it.each([4, 8] as const)('of %i-bit blocks agree to half a step', async (bits) => {
    const { packed, scales } = packBlocks(values, bits)
    const to = {
      form: 'blocks',
      bits,
      packed: { location: 'x', offset: 0, length: packed.byteLength },
      scales: { location: 'x', offset: 512, length: scales.byteLength },
    } as const
    const path = await file([0, packed], [512, scales])
    const plan = { tensors: [{ tensor, to }], bytes: 1024 }
    expect((await spotCheck(path, plan, reader, bits === 4 ? 'int4' : 'int8')).ok).toBe(true)
  })

  it('that were never written are found, and the tensor is named', async () => {
    const path = await file()
    expect(await spotCheck(path, halves, reader, 'fp16')).toMatchObject({
      ok: false,
      error: { code: 'policy/conversion-failed', data: { tensor: 'w', difference: 1 } },
    })
  })
})
