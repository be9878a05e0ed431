import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findCudaLibraries } from '#host/policy/providers/cuda-libraries.ts'

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

describe('looking for CUDA', () => {
  it('names every file that is absent', () => {
    put(folder, 'libcudart.so.12', 'libcublas.so.12', 'libcublasLt.so.12')
    put(folder, 'libcurand.so.10', 'libcufft.so.11')
    put(binding, 'libonnxruntime_providers_shared.so')
    const { missing } = findCudaLibraries([folder], {}, binding)
    expect(missing).toContain('libonnxruntime_providers_cuda.so')
    expect(missing).toContain('libcudnn.so.9')
    expect(missing).not.toContain('libcudart.so.12')
  })

  it('takes the loader path as well as its own folder', () => {
    put(folder, 'libcudart.so.12')
    const { folders } = findCudaLibraries([], { LD_LIBRARY_PATH: folder }, binding)
    expect(folders).toContain(folder)
  })
})
