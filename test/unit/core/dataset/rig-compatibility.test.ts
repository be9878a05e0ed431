import { describe, expect, it } from 'vitest'
import { type DatasetInfo, newInfo } from '#core/dataset/info.ts'
import { type RecordingSpec, recordingFeatures } from '#core/dataset/recording-features.ts'
import { compareRig } from '#core/dataset/rig-compatibility.ts'
import { unwrap } from '#core/result.ts'
import { testCharter, testSpec } from '#test/fixtures/datasets/make-episode.ts'

const infoOf = (spec: RecordingSpec): DatasetInfo =>
  newInfo(spec.fps, unwrap(recordingFeatures(spec)), spec.robotType)
const { units } = testCharter
const whats = (spec: RecordingSpec, rigUnits = units): string[] =>
  compareRig(infoOf(testSpec), infoOf(spec), units, rigUnits).map((d) => d.what)

describe('rig and dataset', () => {
  it('fit when they are alike, however their videos were encoded', () => {
    expect(whats(testSpec)).toEqual([])
    expect(whats({ ...testSpec, cameras: testSpec.cameras.map((c) => ({ ...c, keyInterval: 10 })) })).toEqual(
      [],
    )
  })

  it('differ in frame rate, robot, camera size, a missing camera or a missing column, each by name', () => {
    expect(whats({ ...testSpec, fps: 25 })).toEqual(['fps'])
    expect(whats({ ...testSpec, robotType: 'koch_follower' })).toEqual(['robot_type'])
    expect(whats({ ...testSpec, cameras: testSpec.cameras.map((c) => ({ ...c, width: 640 })) })).toEqual([
      'observation.images.front',
      'observation.images.wrist',
    ])
    expect(whats({ ...testSpec, cameras: testSpec.cameras.slice(0, 1) })).toEqual([
      'observation.images.wrist',
      'foresight.capture_ns.wrist',
    ])
    expect(whats({ ...testSpec, sideChannels: [] })).toEqual(['sim.red_cube_m', 'foresight.surprise'])
  })

  it('differ in joint names and in the order of columns', () => {
    expect(whats({ ...testSpec, jointNames: testSpec.jointNames.toReversed() })).toEqual([
      'action',
      'observation.state',
      'foresight.action_requested',
    ])
    expect(whats({ ...testSpec, cameras: testSpec.cameras.toReversed() })).toEqual(['column order'])
  })

  it('differ in units, which info.json does not say', () => {
    expect(whats(testSpec, { ...units, 'gripper.pos': 'rad' })).toEqual(['unit of gripper.pos'])
    expect(compareRig(infoOf(testSpec), infoOf(testSpec), null, units)).toEqual([])
  })
})
