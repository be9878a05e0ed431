import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RigConfig } from '#contract/services/rig.ts'
import { simulatedPair } from '#renderer/first-run/simulated-pair.ts'
import {
  draftOf,
  newRig,
  nextCamera,
  readDraft,
  robotType,
  type CameraDraft,
  type RigDraft,
} from '#renderer/rig/draft.ts'

const camera = (name: string, part: Partial<CameraDraft> = {}): CameraDraft => ({
  name,
  kind: 'device',
  deviceId: 'abc',
  size: '640×480',
  ...part,
})

const real = (part: Partial<RigDraft> = {}): RigDraft => ({
  ...newRig(),
  follower: { kind: 'serial', path: '/dev/ttyACM0', baud: '1000000', calibration: '' },
  leader: { kind: 'serial', path: '/dev/ttyACM1', baud: '1000000', calibration: '' },
  ...part,
})

const wrongOf = (draft: RigDraft): Readonly<Record<string, string>> => {
  const reading = readDraft(draft)
  return reading.isValid ? {} : Object.fromEntries(reading.wrong)
}

const path = fc.stringMatching(/^\/dev\/[a-z]{1,8}[0-9]?$/u)
const calibration = fc.option(fc.constant('/home/lin/white.json'))
const simulatedArm = calibration.map((calibrationPath) => ({
  port: { kind: 'simulated' as const },
  calibrationPath,
}))
const serialArm = (at: string) =>
  fc.record({
    port: fc.record({
      kind: fc.constant('serial' as const),
      path: path.map((text) => `${text}${at}`),
      baud: fc.integer({ min: 1, max: 10_000_000 }),
    }),
    calibrationPath: calibration,
  })
const rigs: fc.Arbitrary<RigConfig> = fc
  .record({
    name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/u),
    robotType: fc.constant(robotType),
    follower: fc.oneof(simulatedArm, serialArm('f')),
    leader: fc.option(fc.oneof(simulatedArm, serialArm('l'))),
    names: fc.uniqueArray(fc.constantFrom('front', 'top', 'wrist', 'side'), { maxLength: 4 }),
    fps: fc.integer({ min: 1, max: 120 }),
  })
  .map(({ names, ...rig }) => ({
    ...rig,
    cameras: names.map((name) =>
      rig.follower.port.kind === 'simulated'
        ? { name, kind: 'virtual' as const, width: 320, height: 240 }
        : { name, kind: 'device' as const, deviceId: 'abc', width: 640, height: 480 },
    ),
  }))

describe('a rig being written', () => {
  it('gives back any rig it was made from', () => {
    fc.assert(
      fc.property(rigs, (rig) => {
        expect(readDraft(draftOf(rig))).toEqual({ isValid: true, config: rig })
      }),
    )
  })

  it('takes the simulated pair as it is', () => {
    expect(readDraft(draftOf(simulatedPair))).toEqual({ isValid: true, config: simulatedPair })
  })

  it('asks for ports before anything else', () => {
    expect(wrongOf(newRig())).toEqual({ 'follower.path': 'path', 'leader.path': 'path' })
    expect(wrongOf({ ...newRig(), hasLeader: false })).toEqual({ 'follower.path': 'path' })
  })

  it('refuses one port for two arms', () => {
    const draft = real()
    expect(wrongOf({ ...draft, leader: draft.follower })).toEqual({ 'leader.path': 'samePort' })
  })

  it.each([
    ['a name with a slash', { name: '../x' }, { name: 'name' }],
    ['an empty name', { name: ' ' }, { name: 'name' }],
    ['no frames', { fps: '0' }, { fps: 'fps' }],
    ['half frames', { fps: '29.97' }, { fps: 'fps' }],
    ['words for frames', { fps: 'thirty' }, { fps: 'fps' }],
    ['an empty rate', { fps: '' }, { fps: 'fps' }],
  ])('refuses %s', (_what, part, wrong) => {
    expect(wrongOf(real(part))).toEqual(wrong)
  })

  it('refuses a speed that is no number', () => {
    const draft = real()
    expect(wrongOf({ ...draft, follower: { ...draft.follower, baud: '1 Mbaud' } })).toEqual({
      'follower.baud': 'baud',
    })
  })

  it.each([
    ['a name that LeRobot would misread', [camera('my_image')], { 'camera.0': 'cameraName' }],
    ['a name with a dot', [camera('a.b')], { 'camera.0': 'cameraName' }],
    [
      'one name twice',
      [camera('front'), camera('front')],
      { 'camera.0': 'cameraTwice', 'camera.1': 'cameraTwice' },
    ],
    ['a camera without its device', [camera('front', { deviceId: '' })], { 'camera.0': 'device' }],
    [
      'a virtual camera without a simulated follower',
      [camera('front', { kind: 'virtual' })],
      { 'camera.0': 'virtualNeedsSim' },
    ],
  ])('refuses %s', (_what, cameras, wrong) => {
    expect(wrongOf(real({ cameras }))).toEqual(wrong)
  })
})

describe('the next camera', () => {
  it('takes the first free name, the names of the scene first', () => {
    expect(nextCamera([], 'virtual').name).toBe('front')
    expect(nextCamera([camera('front'), camera('wrist')], 'device').name).toBe('top')
    const taken = ['front', 'top', 'wrist', 'camera1', 'camera3'].map((name) => camera(name))
    expect(nextCamera(taken, 'device').name).toBe('camera2')
  })
})
