/**
 * Every tensor of every reference case, through the runner on the CPU, within the gates of the fixtures' README (§5). The
 * small model and its cases are in test/fixtures; the 2B one is read from the laboratory's shared folder.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseModel } from '#host/policy/internvla/open-for-case.ts'
import { caseNames, differences, openTiny, runTiny } from './policy-cases/compare-case.ts'

const own = fileURLToPath(new URL('../fixtures/internvla-a1/', import.meta.url))
const shared = '/work/shared/fixtures/internvla-a1/'

const gates = { hidden: 1e-4, actions: 2e-5, pictures: 5e-4 }

describe.each([
  { name: '3B', folder: join(own, 'tiny-3b') },
  { name: '2B', folder: join(shared, 'tiny-2b') },
])('the tiny $name model', ({ folder }) => {
  const isThere = existsSync(folder)
  let model: CaseModel
  beforeAll(async () => {
    if (isThere) model = await openTiny(folder, 'cpu')
  })
  afterAll(async () => {
    if (isThere) await model[Symbol.asyncDispose]()
  })

  it.skipIf(!isThere).each(isThere ? caseNames(folder) : [''])(
    'agrees with the official code in every tensor of %s (skipped where the fixtures are not)',
    async (name) => {
      const found = differences(
        await runTiny(model, join(folder, 'cases', name)),
        join(folder, 'cases', name),
      )
      expect(found.length).toBeGreaterThan(30)
      for (const { tensor, kind, largest } of found) {
        const gate = kind === 'exact' ? 0 : gates[kind]
        expect(largest, tensor).toBeLessThanOrEqual(gate)
      }
    },
  )
})

describe.each([
  { name: '3B', folder: join(own, 'tiny-3b') },
  { name: '2B', folder: join(shared, 'tiny-2b') },
])('the tiny $name model with its weights in fp16', ({ folder }) => {
  const isThere = existsSync(folder)

  it.skipIf(!isThere)(
    'acts within the README’s fp16 row in every case (skipped where the fixtures are not)',
    async () => {
      await using model = await openTiny(folder, 'cpu', 'fp16')
      for (const name of caseNames(folder)) {
        const caseDir = join(folder, 'cases', name)
        const found = differences(await runTiny(model, caseDir), caseDir)
        const actions = found.find(({ tensor }) => tensor === 'actions.normalized')
        expect(actions?.largest, name).toBeLessThan(0.02)
        expect(
          found.every(({ kind, largest }) => kind !== 'exact' || largest === 0),
          name,
        ).toBe(true)
      }
    },
  )
})

it('has the cases that the reference data has', () => {
  expect(readdirSync(join(own, 'tiny-3b', 'cases')).length).toBe(5)
})
