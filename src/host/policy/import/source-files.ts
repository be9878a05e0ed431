/** How a checkpoint's files look: noted at the import, compared before every load, for a graph points into them by offset. */
import { createHash } from 'node:crypto'
import { open, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lengthBytes } from '#core/onnx/safetensors-header.ts'
import type { SourceFile } from '#core/policy/imported-policy.ts'
import { fail, ok, type Result } from '#core/result.ts'

/** @param names shards, as the folder has them */
export function noteFiles(folder: string, names: readonly string[]): Promise<SourceFile[]> {
  return Promise.all(
    names.map(async (name) => {
      const path = await realpath(join(folder, name))
      const { size, mtimeMs } = await stat(path)
      const [headerSha256, spreadSha256] = [await headerHash(path), await spreadHash(path, size)]
      return { name, path, bytes: size, modifiedMs: mtimeMs, headerSha256, spreadSha256 }
    }),
  )
}

/** Fails with `policy/checkpoint-changed` naming the first file that is gone or other than it was. */
export async function checkFiles(files: readonly SourceFile[]): Promise<Result<void>> {
  for (const { path, bytes, modifiedMs, headerSha256, spreadSha256 } of files) {
    const now = await stat(path).catch(() => null)
    if (now === null) return changed(path, 'is gone')
    if (now.size !== bytes) return changed(path, `has ${now.size} bytes, not ${bytes}`)
    if (now.mtimeMs === modifiedMs) continue
    // A copy or a backup may touch the time. The header decides whether offsets are still good, the blocks whether the folds
    // and converted weights of the import belong to the numbers that are there now.
    if ((await headerHash(path)) !== headerSha256) return changed(path, 'has another header')
    if (spreadSha256 !== undefined && (await spreadHash(path, bytes)) !== spreadSha256)
      return changed(path, 'has other weights')
  }
  return ok(undefined)
}

const changed = (path: string, how: string) =>
  fail('policy/checkpoint-changed', `${path} ${how} since it was imported`, { path })

const spreadBlocks = 256
const spreadBlockBytes = 16_384

/** Of the whole file where it is small, else of blocks from its first to its last byte. */
async function spreadHash(path: string, size: number): Promise<string> {
  await using file = await open(path, 'r')
  const hash = createHash('sha256')
  const last = Math.max(0, size - spreadBlockBytes)
  const step = Math.max(spreadBlockBytes, Math.ceil(last / (spreadBlocks - 1)))
  const block = new Uint8Array(spreadBlockBytes)
  for (let at = 0; at < size; at += step) {
    const { bytesRead } = await file.read(block, 0, spreadBlockBytes, Math.min(at, last))
    hash.update(block.subarray(0, bytesRead))
  }
  return hash.digest('hex')
}

async function headerHash(path: string): Promise<string> {
  await using file = await open(path, 'r')
  const prefix = new DataView(new ArrayBuffer(lengthBytes))
  await file.read(prefix, 0, lengthBytes, 0)
  const { size } = await file.stat()
  const length = Math.min(Number(prefix.getBigUint64(0, true)), size)
  const hash = createHash('sha256')
  const block = new Uint8Array(1 << 20)
  for (let at = lengthBytes; at < lengthBytes + length;) {
    const { bytesRead } = await file.read(block, 0, Math.min(block.length, lengthBytes + length - at), at)
    if (bytesRead === 0) break
    hash.update(block.subarray(0, bytesRead))
    at += bytesRead
  }
  return hash.digest('hex')
}
