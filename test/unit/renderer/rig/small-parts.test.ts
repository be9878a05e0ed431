import { describe, expect, it } from 'vitest'
import type { CameraStats } from '#renderer/capture/worker-messages.ts'
import { cameraVerdict } from '#renderer/rig/camera-verdict.ts'
import { helpSteps } from '#renderer/rig/help-panel.tsx'
import { rigMessages } from '#renderer/rig/messages.ts'
import { mismatchOf } from '#renderer/rig/mismatch.ts'
import { portText } from '#renderer/rig/port-table.tsx'
import { listedRigs } from '#renderer/rig/rig-commands.ts'
import { simulatedPair } from '#renderer/first-run/simulated-pair.ts'
import { rigConfig } from '#test/fakes/page-states.ts'

const stats = (part: Partial<CameraStats>): CameraStats => ({
  status: 'live',
  fault: null,
  fps: 30,
  ageMs: 20,
  take: null,
  ...part,
})

describe('one word for a camera', () => {
  it.each([
    [null, 'waiting'],
    [stats({ status: 'waiting', fps: null }), 'waiting'],
    [stats({}), 'ready'],
    [stats({ fps: 28.6 }), 'ready'],
    [stats({ fps: 18.2 }), 'slow'],
    [stats({ fps: null }), 'ready'],
    [stats({ status: 'stalled' }), 'stalled'],
    [stats({ status: 'fault', fault: { code: 'capture/lost', message: 'gone' } }), 'trouble'],
  ])('is right for %o', (given, word) => {
    expect(cameraVerdict(given, 30)).toBe(word)
  })
})

describe('a calibration that does not match', () => {
  const side = { homingOffset: 1, rangeMin: 2, rangeMax: 3 }
  const data = { arm: 'leader', joints: [{ joint: 'gripper', file: side, servo: { ...side, rangeMax: 4 } }] }

  it('is read joint by joint', () => {
    expect(mismatchOf({ code: 'arm/calibration-mismatch', data })?.joints[0]?.servo.rangeMax).toBe(4)
  })

  it('is nothing else than that, and nothing that does not say both sides', () => {
    expect(mismatchOf({ code: 'bus/no-reply', data })).toBeNull()
    expect(mismatchOf({ code: 'arm/calibration-mismatch' })).toBeNull()
    expect(mismatchOf({ code: 'arm/calibration-mismatch', data: { ...data, joints: [] } })).toBeNull()
  })
})

describe('finding a device', () => {
  const { en } = rigMessages
  it.each([
    ['linux-x64', en.helpLinux],
    ['darwin-arm64', en.helpMac],
    ['win32-x64', en.helpWindows],
  ])('names what is special on %s, and on no other system', (platform, hint) => {
    const steps = helpSteps(en, platform)
    expect(steps).toContain(hint)
    const special: readonly string[] = [en.helpLinux, en.helpMac, en.helpWindows]
    expect(steps.filter((step) => special.includes(step))).toEqual([hint])
    expect(steps[0]).toBe(en.helpPower)
  })

  it('says the serial number of a port first: the path may change', () => {
    expect(portText({ path: '/dev/ttyACM0', serialNumber: '5A46', manufacturer: 'QinHeng' })).toBe(
      '5A46 · ttyACM0 · QinHeng',
    )
    expect(portText({ path: 'COM3' })).toBe('COM3')
  })
})

describe('the list of rigs', () => {
  it('begins with the pair, once, and ends with a new rig', () => {
    const own = { ...rigConfig, name: 'bench-2' }
    expect(listedRigs([own])).toEqual([simulatedPair, own, null])
    const changed = { ...simulatedPair, fps: 15 }
    expect(listedRigs([own, changed])).toEqual([changed, own, null])
  })
})
