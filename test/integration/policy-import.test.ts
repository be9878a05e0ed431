/** What an import says of the policy it made, after computing a first chunk in a process of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { importCheckpoint } from '#host/policy/import/import-checkpoint.ts'
import { trialRun } from '#host/policy/import/trial-run.ts'
import {
  copyCheckpoint,
  resourcesDir,
  type CheckpointCopy,
} from '#test/unit/host/policy/import/checkpoint-copy.ts'

let copy: CheckpointCopy
beforeEach(async () => {
  copy = await copyCheckpoint()
})
afterEach(() => copy[Symbol.asyncDispose]())

const checksOf = async (precision: 'fp32' | 'fp16' | 'int8', tokenizer: string | null = null) => {
  const trial = trialRun(resourcesDir)
  const question = { ...copy.question, precision, tokenizer }
  const { report } = unwrap(await importCheckpoint(question, { ...copy.options, trial }))
  return report.selfChecks
}

describe('an imported policy', () => {
  it('computes a plausible first chunk as it is stored', async () => {
    expect(await checksOf('fp32')).toMatchObject([
      { id: 'finite', status: 'ok' },
      { id: 'range', status: 'skipped' },
      { id: 'statistics', status: 'ok' },
    ])
    expect(copy.steps.at(-1)).toBe('selfCheck')
  })

  it('says how far its half floats lie from what is stored', async () => {
    const checks = await checksOf('fp16')
    expect(checks.map(({ id, status }) => [id, status])).toEqual([
      ['finite', 'ok'],
      ['range', 'ok'],
      ['spots', 'ok'],
      ['statistics', 'ok'],
      ['precision', 'ok'],
    ])
    expect(checks.at(-1)?.detail).toMatch(/^fp16 and fp32 differ by at most 0\.0\d+ deviations/u)
  })
})
