import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findCudaLibraries } from '#host/policy/providers/cuda-libraries.ts'
import { neededLibraries } from '#host/policy/providers/needed-libraries.ts'

let folder: string
let binding: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuda-'))
  binding = mkdtempSync(join(tmpdir(), 'binding-'))
})
afterEach(() => {
  for (const path of [folder, binding]) rmSync(path, { recursive: true })
})

const put = (place: string, ...names: string[]) =>
  names.forEach((name) => writeFileSync(join(place, name), ''))

/** The smallest 64-bit ELF file with these DT_NEEDED entries: a header, two program headers, a dynamic section, its strings. */
function elf(names: readonly string[]): Buffer {
  const headers = Buffer.alloc(64 + 2 * 56)
  headers.write('\x7fELF\x02\x01\x01', 'latin1')
  headers.writeBigUInt64LE(64n, 32)
  headers.writeUInt16LE(56, 54)
  headers.writeUInt16LE(2, 56)
  const dynamicAt = headers.length
  const entries = [...names.map(() => 1n), 5n, 10n, 0n]
  const stringsAt = dynamicAt + entries.length * 16
  const strings = Buffer.from(`\0${names.map((name) => `${name}\0`).join('')}`, 'latin1')
  const address = 0x10_000
  const starts = names.map((name) => BigInt(strings.indexOf(`\0${name}\0`, 0, 'latin1') + 1))
  const values = [...starts, BigInt(address + stringsAt), BigInt(strings.length), 0n]
  const dynamic = Buffer.alloc(entries.length * 16)
  entries.forEach((tag, index) => {
    dynamic.writeBigUInt64LE(tag, index * 16)
    dynamic.writeBigUInt64LE(values[index] ?? 0n, index * 16 + 8)
  })
  const segment = (index: number, type: number, at: number, bytes: number): void => {
    headers.writeUInt32LE(type, 64 + index * 56)
    headers.writeBigUInt64LE(BigInt(at), 64 + index * 56 + 8)
    headers.writeBigUInt64LE(BigInt(address + at), 64 + index * 56 + 16)
    headers.writeBigUInt64LE(BigInt(bytes), 64 + index * 56 + 32)
  }
  segment(0, 1, 0, stringsAt + strings.length)
  segment(1, 2, dynamicAt, dynamic.length)
  return Buffer.concat([headers, dynamic, strings])
}

describe('looking for CUDA', () => {
  it('names every file that is absent', () => {
    put(folder, 'libcudart.so.13', 'libcublas.so.13', 'libcublasLt.so.13', 'libcurand.so.10')
    put(binding, 'libonnxruntime_providers_shared.so')
    const { missing } = findCudaLibraries([folder], {}, binding)
    expect(missing).toContain('libonnxruntime_providers_cuda.so')
    expect(missing).toContain('libcudnn.so.9')
    expect(missing).not.toContain('libcudart.so.13')
  })

  it('looks for the major version that the provider beside the runtime was built for', () => {
    put(folder, 'libcudart.so.13', 'libcublas.so.13')
    writeFileSync(
      join(binding, 'libonnxruntime_providers_cuda.so'),
      elf(['libcudart.so.12', 'libcuda.so.1', 'libc.so.6']),
    )
    const { missing } = findCudaLibraries([folder], {}, binding)
    expect(missing).toContain('libcudart.so.12')
    expect(missing).not.toContain('libcublas.so.13')
    expect(missing).not.toContain('libcuda.so.1')
    expect(missing).not.toContain('libc.so.6')
  })

  it('takes the loader path as well as its own folder', () => {
    put(folder, 'libcudart.so.13')
    const { folders } = findCudaLibraries([], { LD_LIBRARY_PATH: folder }, binding)
    expect(folders).toContain(folder)
  })
})

describe('what a shared library asks for', () => {
  it('is read from its dynamic section', () => {
    const path = join(folder, 'libx.so')
    writeFileSync(path, elf(['liba.so.1', 'libb.so.2']))
    expect(neededLibraries(path)).toEqual(['liba.so.1', 'libb.so.2'])
  })

  it('is the same that the linker wrote into this very Node', () => {
    expect(neededLibraries(process.execPath)).toContain('libc.so.6')
  })

  it('is unknown for what is no library, is cut off, or is not there', () => {
    const path = join(folder, 'libx.so')
    expect(neededLibraries(path)).toBeNull()
    writeFileSync(path, 'MZ')
    expect(neededLibraries(path)).toBeNull()
    const whole = elf(['liba.so.1'])
    for (let bytes = 0; bytes < whole.length; bytes += 7) {
      writeFileSync(path, whole.subarray(0, bytes))
      expect(neededLibraries(path) ?? []).not.toContain('liba.so.1')
    }
  })
})
