import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cudaPackages,
  providerPackage,
  type LibraryPackage,
} from '#host/policy/providers/install/cuda-packages.ts'
import { installLibraries, type Fetch } from '#host/policy/providers/install/install-cuda.ts'

/** A zip archive of the entries given, every second one deflated. */
function wheel(entries: Readonly<Record<string, Uint8Array>>): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  Object.entries(entries).forEach(([name, content], index) => {
    const method = index % 2 === 0 ? 0 : 8
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content)
    const nameBytes = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(content.length, 22)
    local.writeUInt16LE(nameBytes.length, 26)
    local.writeUInt16LE(4, 28)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(content.length, 24)
    entry.writeUInt16LE(nameBytes.length, 28)
    entry.writeUInt32LE(offset, 42)
    locals.push(local, nameBytes, Buffer.alloc(4), packed)
    central.push(entry, nameBytes)
    offset += 30 + nameBytes.length + 4 + packed.length
  })
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

const text = (words: string) => new TextEncoder().encode(words)
const archive = wheel({
  'nvidia/cudnn/lib/libcudnn.so.9': text('the library'),
  'nvidia/cudnn/lib/libcudnn_ops.so.9': text('its other half, packed'),
  'nvidia/cudnn/include/cudnn.h': text('no library'),
  '../../escape/libbad.so': text('stays in its folder'),
})
const sha256 = createHash('sha256').update(archive).digest('hex')
const wanted = {
  name: 'nvidia-cudnn-cu13',
  version: '9',
  url: 'https://example.org/cudnn.whl',
  sha256,
  only: null,
  landmark: 'libcudnn.so.9',
} satisfies LibraryPackage

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuda-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const install = (fetch: Fetch, packages: readonly LibraryPackage[] = [wanted]) =>
  installLibraries({
    packages,
    folder,
    fetch,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
const answer =
  (bytes: Buffer, status = 200): Fetch =>
  async () =>
    new Response(new Uint8Array(bytes), { status })

describe('fetching libraries for CUDA', () => {
  it('unpacks the libraries of a wheel, and nothing else, into one folder', async () => {
    expect(await install(answer(archive))).toMatchObject({ ok: true })
    expect((await readdir(folder)).toSorted()).toEqual(['libbad.so', 'libcudnn.so.9', 'libcudnn_ops.so.9'])
    expect(await readFile(join(folder, 'libcudnn.so.9'), 'utf8')).toBe('the library')
    expect(await readFile(join(folder, 'libcudnn_ops.so.9'), 'utf8')).toBe('its other half, packed')
  })

  it('takes only what is asked for of a wheel that holds more, and says what it lacks', async () => {
    expect(await install(answer(archive), [{ ...wanted, only: ['libcudnn.so.9'] }])).toMatchObject({
      ok: true,
    })
    expect(await readdir(folder)).toEqual(['libcudnn.so.9'])
    await rm(join(folder, 'libcudnn.so.9'))
    expect(await install(answer(archive), [{ ...wanted, only: ['libother.so'] }])).toMatchObject({
      ok: false,
      error: { code: 'shell/io', data: { absent: ['libother.so'] } },
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('fetches nothing of which the last file is there already', async () => {
    await writeFile(join(folder, wanted.landmark), 'was here')
    const refused: Fetch = async () => Promise.reject(new Error('nothing may be fetched'))
    expect(await install(refused)).toEqual({ ok: true, value: [] })
  })

  it('says that a folder cannot be written, instead of ending', async () => {
    await writeFile(join(folder, 'file'), '')
    const there = await installLibraries({
      packages: [wanted],
      folder: join(folder, 'file', 'below'),
      fetch: answer(archive),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    })
    expect(there).toMatchObject({ ok: false, error: { code: 'shell/io' } })
  })

  it('keeps nothing of a file with another hash', async () => {
    const other = Buffer.from(archive)
    other[40] = (other[40] ?? 0) ^ 1
    expect(await install(answer(other))).toMatchObject({ ok: false, error: { code: 'shell/io' } })
    expect(await readdir(folder)).toEqual([])
  })

  it.each<[string, Fetch]>([
    ['a server that refuses', answer(Buffer.alloc(0), 404)],
    ['a network that is not there', async () => Promise.reject(new Error('getaddrinfo ENOTFOUND'))],
  ])('says what went wrong with %s', async (_, fetch) => {
    expect(await install(fetch)).toMatchObject({
      ok: false,
      error: { code: 'shell/io', data: { url: wanted.url } },
    })
  })

  it('refuses what is no archive, even with the right hash', async () => {
    const bytes = Buffer.from('not a zip')
    const hash = createHash('sha256').update(bytes).digest('hex')
    expect(await install(answer(bytes), [{ ...wanted, sha256: hash }])).toMatchObject({ ok: false })
  })

  it('knows a hash of every package, and takes them from PyPI only', () => {
    for (const { url, sha256: hash } of [...cudaPackages, providerPackage]) {
      expect(url).toMatch(/^https:\/\/files\.pythonhosted\.org\/.*x86_64\.whl$/u)
      expect(hash).toMatch(/^[0-9a-f]{64}$/u)
    }
  })
})
