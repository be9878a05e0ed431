/** The house's own rules, read from the imports of every source file (DESIGN §2, §9). */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((name) => join('src', name).replaceAll('\\', '/'))
  .filter((name) => /\.tsx?$/u.test(name))

const textOf = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const specifiers = (text: string): string[] =>
  [...text.matchAll(/(?<!')\b(?:from|import)\s*\(?\s*'([^']+)'/gu)].map((match) => match[1] ?? '')

/** `src/core/x.ts` for a project import, else the specifier itself. */
const target = (file: string, specifier: string): string => {
  const bare = specifier.split('?')[0] ?? specifier
  if (bare.startsWith('.')) return relative(root, resolve(root, dirname(file), bare)).replaceAll('\\', '/')
  return bare.replace(/^#/u, 'src/')
}

const imports = files.flatMap((file) =>
  specifiers(textOf.get(file) ?? '').map((specifier) => ({ file, to: target(file, specifier) })),
)
const roomOf = (file: string): string => file.split('/')[1] ?? ''

const mayReach: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  contract: ['core', 'contract'],
  host: ['core', 'contract', 'host'],
  main: ['core', 'contract', 'main', 'host/shared'],
  preload: ['core', 'contract', 'preload'],
  cli: ['core', 'contract', 'host', 'main', 'cli'],
  renderer: ['core', 'contract', 'renderer'],
}

describe('the layers of the house', () => {
  test('every room imports only what its layer may reach', () => {
    const wrong = imports
      .filter(({ to }) => to.startsWith('src/'))
      .filter(({ file, to }) => !(mayReach[roomOf(file)] ?? []).some((room) => to.startsWith(`src/${room}/`)))
    expect(wrong).toEqual([])
  })

  test('hosts do not import each other', () => {
    const wrong = imports.filter(({ file, to }) => {
      if (!file.startsWith('src/host/') || !to.startsWith('src/host/')) return false
      const from = file.split('/')[2]
      const into = to.split('/')[2]
      return into !== from && into !== 'shared'
    })
    expect(wrong).toEqual([])
  })

  test('core touches no runtime: no node:, no DOM, no clock', () => {
    const wrong = imports.filter(
      ({ file, to }) => file.startsWith('src/core/') && !to.startsWith('src/core/'),
    )
    const pure = ['protobufjs', 'protobufjs/light.js', 'zod', '@msgpack/msgpack', '@huggingface/tokenizers']
    expect(wrong.filter(({ to }) => !pure.includes(to))).toEqual([])
    const clocks = files.filter(
      (file) =>
        file.startsWith('src/core/') &&
        /\b(Date\.now|performance\.now|Math\.random)\(/u.test(textOf.get(file) ?? ''),
    )
    expect(clocks).toEqual([])
  })

  test('electron is imported in main and preload only', () => {
    const wrong = imports.filter(({ file, to }) => to === 'electron' && !/^src\/(main|preload)\//u.test(file))
    expect(wrong).toEqual([])
  })
})

describe('the size and shape of files', () => {
  test('no file is longer than 400 lines', () => {
    const long = files
      .map((file) => ({ file, lines: (textOf.get(file) ?? '').split('\n').length }))
      .filter(({ lines }) => lines > 400)
    expect(long).toEqual([])
  })

  test('half of the files have at most 100 lines', () => {
    const lengths = files.map((file) => (textOf.get(file) ?? '').split('\n').length).sort((a, b) => a - b)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(100)
  })

  test('there are no default exports, no barrels and no grab bags', () => {
    const wrong = files.filter(
      (file) =>
        /^export default\b/mu.test(textOf.get(file) ?? '') ||
        /\/(index|utils|helpers|misc)\.tsx?$/u.test(file),
    )
    expect(wrong).toEqual([])
  })
})

describe('imports have no cycles', () => {
  test('no file reaches itself', () => {
    const graph = new Map<string, string[]>()
    for (const { file, to } of imports)
      if (to.startsWith('src/')) graph.set(file, [...(graph.get(file) ?? []), to])
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
        return
      }
      if (done.has(file)) return
      for (const next of graph.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(cycles).toEqual([])
  })
})
