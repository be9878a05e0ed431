/** Takes the shared libraries out of a wheel, which is a zip archive: stored or deflated entries, no encryption, below 4 GiB. */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'
import { fail, ok, type Result } from '#core/result.ts'

interface ZipEntry {
  readonly name: string
  readonly isDeflated: boolean
  readonly packedBytes: number
  readonly headerAt: number
}

const endMark = 0x06054b50
const entryMark = 0x02014b50
const endBytes = 22
/** The archive's comment is at most this long, and the end stands before it. */
const longestComment = 65_535

const isLibrary = (name: string): boolean => /(?:^|\/)lib[^/]+\.so(?:\.\d+)*$/u.test(name)

/**
 * Writes every `lib*.so*` of the archive into `folder`, by its own name: entries cannot lead anywhere else.
 * @param only names to take, where not all are wanted; each must be there
 * @returns their names, or `shell/io` for what is no such archive
 */
export async function unpackLibraries(
  archive: string,
  folder: string,
  only?: readonly string[],
): Promise<Result<readonly string[]>> {
  await using file = await open(archive, 'r')
  const entries = await readEntries(file)
  if (entries === null) return fail('shell/io', `${archive} is no wheel`, { path: archive })
  await mkdir(folder, { recursive: true })
  const names: string[] = []
  const wanted = entries.filter(
    ({ name }) => isLibrary(name) && (only === undefined || only.includes(basename(name))),
  )
  const absent = (only ?? []).filter((name) => !wanted.some((entry) => basename(entry.name) === name))
  if (absent.length > 0)
    return fail('shell/io', `${archive} holds no ${absent.join(', ')}`, { path: archive, absent })
  for (const entry of wanted) {
    const name = basename(entry.name)
    const start = await dataStart(file, entry)
    const source = createReadStream(archive, { start, end: start + entry.packedBytes - 1 })
    const target = createWriteStream(join(folder, name))
    try {
      if (entry.isDeflated) await pipeline(source, createInflateRaw(), target)
      else await pipeline(source, target)
    } catch (error) {
      return fail('shell/io', `${name} cannot be unpacked: ${String(error)}`, { path: archive })
    }
    names.push(name)
  }
  return ok(names)
}

async function readEntries(file: FileHandle): Promise<readonly ZipEntry[] | null> {
  const { size } = await file.stat()
  const tail = Buffer.alloc(Math.min(size, endBytes + longestComment))
  await file.read(tail, 0, tail.length, size - tail.length)
  let end = tail.length - endBytes
  while (end >= 0 && tail.readUInt32LE(end) !== endMark) end--
  if (end < 0) return null
  const directory = Buffer.alloc(tail.readUInt32LE(end + 12))
  await file.read(directory, 0, directory.length, tail.readUInt32LE(end + 16))
  const entries: ZipEntry[] = []
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== entryMark) return null
    const method = directory.readUInt16LE(at + 10)
    const lengths = [28, 30, 32].map((field) => directory.readUInt16LE(at + field))
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      isDeflated: method === 8,
      packedBytes: directory.readUInt32LE(at + 20),
      headerAt: directory.readUInt32LE(at + 42),
    })
    at += 46 + nameLength + extraLength + commentLength
  }
  return entries
}

/** The local header repeats the name with an extra field of its own length. */
async function dataStart(file: FileHandle, { headerAt }: ZipEntry): Promise<number> {
  const header = Buffer.alloc(30)
  await file.read(header, 0, header.length, headerAt)
  return headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
}
