/** Safetensors files made into others: numbers stored wider, a picture that is a line. */
import { readFile, writeFile } from 'node:fs/promises'
import { floatsOf } from '#core/onnx/half-floats.ts'
import type { SafetensorsDtype } from '#core/onnx/safetensors-dtype.ts'

interface Entry {
  dtype: SafetensorsDtype
  shape: number[]
  data_offsets: [number, number]
}
interface Header {
  readonly metadata: unknown
  readonly entries: Record<string, Entry>
}

async function read(path: string): Promise<{ header: Header; body: Buffer }> {
  const bytes = await readFile(path)
  const length = Number(bytes.readBigUInt64LE())
  const json = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, Entry>
  const { __metadata__: metadata, ...entries } = json
  return { header: { metadata, entries }, body: bytes.subarray(8 + length) }
}

async function write(
  path: string,
  { metadata, entries }: Header,
  parts: readonly Uint8Array[],
): Promise<void> {
  const text = Buffer.from(
    JSON.stringify({ ...(metadata === undefined ? {} : { __metadata__: metadata }), ...entries }),
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  await writeFile(path, Buffer.concat([length, text, ...parts]))
}

/** Every float of the file becomes a float64 of the same value. */
export async function widen(path: string): Promise<void> {
  const { header, body } = await read(path)
  const parts: Uint8Array[] = []
  let at = 0
  for (const entry of Object.values(header.entries)) {
    const bytes = body.subarray(...entry.data_offsets)
    const numbers = floatsOf(entry.dtype, Uint8Array.from(bytes))
    const stored = numbers === null ? bytes : new Uint8Array(Float64Array.from(numbers).buffer)
    if (numbers !== null) entry.dtype = 'F64'
    entry.data_offsets = [at, at + stored.length]
    at += stored.length
    parts.push(stored)
  }
  await write(path, header, parts)
}

/** The picture gets one row of all its pixels: so wide that no row is left when it is fitted into a square. */
export async function flatten(path: string, name: string): Promise<void> {
  const { header, body } = await read(path)
  const entry = header.entries[name]
  if (entry === undefined) throw new Error(`${path} has no ${name}`)
  const [frames = 0, height = 0, width = 0, colours = 0] = entry.shape
  entry.shape = [frames, 1, height * width, colours]
  await write(path, header, [body])
}
