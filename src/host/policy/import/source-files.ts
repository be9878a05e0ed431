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
      return { name, path, bytes: size, modifiedMs: mtimeMs, headerSha256: await headerHash(path) }
    }),
  )
}

/** Fails with `policy/checkpoint-changed` naming the first file that is gone or other than it was. */
export async function checkFiles(files: readonly SourceFile[]): Promise<Result<void>> {
  for (const { path, bytes, modifiedMs, headerSha256 } of files) {
    const now = await stat(path).catch(() => null)
    if (now === null) return changed(path, 'is gone')
    if (now.size !== bytes) return changed(path, `has ${now.size} bytes, not ${bytes}`)
    // A copy or a backup may touch the time; the header decides whether offsets are still good.
    if (now.mtimeMs !== modifiedMs && (await headerHash(path)) !== headerSha256)
      return changed(path, 'has another header')
  }
  return ok(undefined)
}

const changed = (path: string, how: string) =>
  fail('policy/checkpoint-changed', `${path} ${how} since it was imported`, { path })

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
