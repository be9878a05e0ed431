/**
 * The split graph on WebGPU, without a graphics card: SwiftShader's Vulkan of `@sparticuz/chromium` (spec/engineering.md
 * §3.9), in float32. Half a minute a case on one core, so one case a model; `FORESIGHT_ALL_CASES=1` runs them all.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probeProvider } from '#host/policy/providers/probe-provider.ts'
import { caseNames, differences, openTiny, runTiny } from './policy-cases/compare-case.ts'

const own = fileURLToPath(new URL('../fixtures/internvla-a1/tiny-3b', import.meta.url))
const shared = '/work/shared/fixtures/internvla-a1/tiny-2b'
const everyCase = process.env['FORESIGHT_ALL_CASES'] === '1'
const caseLimitMs = 300_000
const relativeGate = 1e-3

let icd: string
const changed = ['VK_ICD_FILENAMES', 'LD_LIBRARY_PATH'] as const
const before = changed.map((name) => [name, process.env[name]] as const)
beforeAll(() => {
  icd = mkdtempSync(join(tmpdir(), 'swiftshader-'))
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const archive = join(dirname(dirname(entry)), 'bin', 'swiftshader.tar.br')
  writeFileSync(join(icd, 'swiftshader.tar'), brotliDecompressSync(readFileSync(archive)))
  execFileSync('tar', ['xf', 'swiftshader.tar'], { cwd: icd })
  process.env['VK_ICD_FILENAMES'] = join(icd, 'vk_swiftshader_icd.json')
  // The loader itself lies there too: not every machine has one.
  process.env['LD_LIBRARY_PATH'] = [icd, process.env['LD_LIBRARY_PATH'] ?? ''].filter(Boolean).join(':')
})
afterAll(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  rmSync(icd, { recursive: true, force: true })
})

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'WebGPU in software (Linux x64 only: SwiftShader comes with that Chromium)',
  () => {
    it('is found, and called software', async () => {
      expect(await probeProvider('webgpu', [])).toEqual({
        name: 'webgpu',
        status: 'works',
        why: 'software',
        detail: 'software renderer, no graphics card',
      })
    })

    it.skipIf(!existsSync(own)).each([['3B', own, 'one-view-one-token']])(
      'gives the official numbers of the %s model within a thousandth',
      compare,
      caseLimitMs,
    )
    it.skipIf(!existsSync(shared)).each([['2B', shared, 'two-views']])(
      'gives the official numbers of the %s model within a thousandth (skipped where its fixtures are not)',
      compare,
      caseLimitMs,
    )
  },
)

async function compare(_: string, folder: string, chosen: string): Promise<void> {
  await using model = await openTiny(folder, 'webgpu')
  for (const name of everyCase ? caseNames(folder) : [chosen]) {
    const caseDir = join(folder, 'cases', name)
    for (const { tensor, kind, largest, relative } of differences(await runTiny(model, caseDir), caseDir)) {
      const [found, gate] = kind === 'exact' ? [largest, 0] : [relative, relativeGate]
      expect(found, `${name} ${tensor}`).toBeLessThanOrEqual(gate)
    }
  }
}
