import { describe, expect, it } from 'vitest'
import type { PolicyContractMessage } from '#contract/services/policy.ts'
import { byteFigure, msFigure } from '#renderer/policies/byte-figures.ts'
import { fractionOf, ImportProgress } from '#renderer/policies/import-progress.ts'
import { isNonCommercial } from '#renderer/policies/licence.ts'
import { cameraIn, jointFor, proposedSettings } from '#renderer/policies/mapping.ts'
import { seedOf, thresholdOf } from '#renderer/policies/setup-section.tsx'
import { quantile } from '#renderer/policies/stage-bars.tsx'
import { policySettings } from '#test/fakes/page-states.ts'
import { demoEntry, rigContract } from './entries.ts'
import { importJob } from './imports.ts'

const settings = policySettings()
const demoContract = demoEntry.contract as PolicyContractMessage
const contract: PolicyContractMessage = {
  ...demoContract,
  cameras: [{ name: 'observation.images.Front', width: 224, height: 224 }],
  state: [...demoContract.state].reverse(),
  action: [...demoContract.action].reverse(),
  extras: [],
}

describe('the mapping of cameras', () => {
  it('is the same name where nothing was chosen', () => {
    expect(cameraIn('front', settings, rigContract)).toBe('front')
    expect(cameraIn('image0', settings, rigContract)).toBeUndefined()
  })

  it('is what a person chose, and may leave a slot empty', () => {
    expect(cameraIn('image0', policySettings({ cameras: { image0: 'front' } }), rigContract)).toBe('front')
    expect(cameraIn('front', policySettings({ cameras: { front: null } }), rigContract)).toBeNull()
    expect(cameraIn('front', policySettings({ cameras: { front: 'gone' } }), rigContract)).toBeUndefined()
  })
})

describe('what the page proposes', () => {
  it('is the same name written otherwise, and joints of the same names in another order', () => {
    expect(proposedSettings(contract, rigContract, settings)).toEqual({
      ...settings,
      cameras: { 'observation.images.Front': 'front' },
      joints: { 'gripper.pos': 'gripper.pos', 'shoulder_pan.pos': 'shoulder_pan.pos' },
    })
  })

  it('is nothing where everything fits already', () => {
    const fitting = { ...demoContract, cameras: [{ name: 'front', width: 1, height: 1 }], extras: [] }
    expect(proposedSettings(fitting, rigContract, settings)).toBeNull()
  })

  it('never guesses: another name, or two of the same, stay for the person', () => {
    const wanted = { ...demoContract, cameras: [{ name: 'image0', width: 1, height: 1 }], extras: [] }
    expect(proposedSettings(wanted, rigContract, settings)).toBeNull()
    const twice = {
      ...rigContract,
      cameras: ['Front', 'FRONT'].map((name) => ({ name, width: 1, height: 1 })),
    }
    const front = { ...wanted, cameras: [{ name: 'front', width: 1, height: 1 }] }
    expect(proposedSettings(front, twice, settings)).toBeNull()
  })

  it('leaves what a person chose', () => {
    const chosen = policySettings({ joints: { 'gripper.pos': 'shoulder_pan.pos' } })
    expect(proposedSettings(contract, rigContract, chosen)?.joints).toMatchObject({
      'gripper.pos': 'shoulder_pan.pos',
    })
    expect(jointFor('gripper.pos', chosen, rigContract)).toBe('shoulder_pan.pos')
    expect(jointFor('seventh.pos', chosen, rigContract)).toBeUndefined()
  })
})

describe('figures', () => {
  it('write bytes as model cards do', () => {
    expect([12, 1200, 41_000_000, 3_800_000_000].map(byteFigure)).toEqual([
      '12 B',
      '1.2 kB',
      '41 MB',
      '3.8 GB',
    ])
  })

  it('keep a tenth of a millisecond where it says something', () => {
    expect([0.42, 84.4].map(msFigure)).toEqual(['0.4', '84'])
  })

  it('take quantiles as numpy does', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([7], 0.99)).toBe(7)
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('know seeds and thresholds from other text', () => {
    expect(['', '7', '-1', '1.5', '4294967296', 'x'].map(seedOf)).toEqual([
      null,
      7,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect([' ', '0.2', '0', 'x'].map(thresholdOf)).toEqual([null, 0.2, undefined, undefined])
  })
})

describe('a licence', () => {
  it.each([
    ['CC BY-NC-SA 4.0', true],
    ['cc-by-nc-sa-4.0', true],
    ['for non-commercial research', true],
    ['Apache-2.0', false],
    [null, false],
  ])('%s forbids commercial use: %s', (licence, isForbidden) => {
    expect(isNonCommercial(licence)).toBe(isForbidden)
  })
})

describe('the time left of an import', () => {
  it('is told once a second of the step was seen, and anew for each step', () => {
    const progress = new ImportProgress()
    const at = (bytesDone: number, nowMs: number, step: 'convert' | 'write' = 'convert'): number | null =>
      progress.secondsLeft(importJob({ step, bytesDone, bytesTotal: 100 }), nowMs)
    expect(at(20, 0)).toBeNull()
    expect(at(30, 500)).toBeNull()
    expect(at(60, 2000)).toBeCloseTo(2, 6)
    expect(at(0, 3000, 'write')).toBeNull()
  })

  it('goes by bytes where there are any, else by what the host says', () => {
    expect(fractionOf(importJob({ bytesDone: 1, bytesTotal: 4, progress: 0.9 }))).toBe(0.25)
    expect(fractionOf(importJob({ bytesTotal: null, progress: 0.9 }))).toBe(0.9)
    expect(fractionOf(importJob({ bytesTotal: null, progress: null }))).toBeNull()
  })
})
