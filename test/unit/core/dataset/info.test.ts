import { describe, expect, it } from 'vitest'
import { newInfo, parseInfo, serialiseInfo } from '#core/dataset/info.ts'
import { recordingFeatures } from '#core/dataset/recording-features.ts'
import { unwrap } from '#core/result.ts'
import { testSpec } from '#test/fixtures/datasets/make-episode.ts'

const info = newInfo(30, unwrap(recordingFeatures(testSpec)), 'so_follower')

describe('info.json', () => {
  it('reads back what it wrote, and keeps keys that it does not know', () => {
    const changed = {
      ...info,
      totalEpisodes: 3,
      totalFrames: 90,
      totalTasks: 1,
      otherKeys: { tools: [{ name: 'say' }] },
    }
    expect(parseInfo(serialiseInfo(changed))).toEqual({ ok: true, value: changed })
  })

  it('reads names that older programs grouped, and writes them back as they were', () => {
    const grouped = { motors: ['main_shoulder_pan', 'main_gripper'] }
    const odd = { first: ['x'] }
    const features = {
      action: { dtype: 'float32', shape: [2], names: grouped, fps: 30 },
      force: { dtype: 'float32', shape: [3], names: odd },
    }
    const text = JSON.stringify({ ...(JSON.parse(serialiseInfo(info)) as object), features })
    const read = unwrap(parseInfo(text))
    expect(read.features['action']?.names).toEqual(grouped.motors)
    expect(read.features['force']?.names).toBeNull()
    expect(JSON.parse(serialiseInfo(read))).toMatchObject({ features })
  })

  it("writes LeRobot's keys in LeRobot's order", () => {
    const keys = Object.keys(JSON.parse(serialiseInfo({ ...info, totalEpisodes: 2 })) as object)
    expect(keys).toEqual([
      'codebase_version',
      'fps',
      'features',
      'total_episodes',
      'total_frames',
      'total_tasks',
      'chunks_size',
      'data_files_size_in_mb',
      'video_files_size_in_mb',
      'data_path',
      'video_path',
      'robot_type',
      'splits',
    ])
  })

  it('orders columns as lerobot-record does, side columns before the five default ones', () => {
    expect(Object.keys(info.features)).toEqual([
      'action',
      'observation.state',
      'observation.images.front',
      'observation.images.wrist',
      'foresight.action_requested',
      'foresight.source',
      'intervention',
      'foresight.read_ns',
      'foresight.capture_ns.front',
      'foresight.capture_ns.wrist',
      'sim.red_cube_m',
      'foresight.surprise',
      'timestamp',
      'frame_index',
      'episode_index',
      'index',
      'task_index',
    ])
  })

  it.each([
    ['{', 'dataset/damaged'],
    ['[]', 'dataset/not-a-dataset'],
    ['{"name": "left-pad"}', 'dataset/not-a-dataset'],
    ['{"codebase_version": "next"}', 'dataset/not-a-dataset'],
    ['{"codebase_version": "v2.1"}', 'dataset/older'],
    ['{"codebase_version": "v4.0"}', 'dataset/newer'],
    ['{"codebase_version": "v3.0", "fps": 0}', 'dataset/damaged'],
    ['{"codebase_version": "v3.0", "fps": 30, "total_episodes": -1}', 'dataset/damaged'],
    [
      '{"codebase_version": "v3.0", "fps": 30, "total_episodes": 0, "total_frames": 0, "data_path": "d", "features": {"a": {}}}',
      'dataset/damaged',
    ],
  ])('says of %s that it is %s', (text, code) => {
    expect(parseInfo(text)).toMatchObject({ ok: false, error: { code } })
  })

  it('accepts a later minor version', () => {
    expect(parseInfo(serialiseInfo({ ...info, codebaseVersion: 'v3.1' }))).toMatchObject({ ok: true })
  })
})

describe('recording features', () => {
  it.each(['image_front', 'front/left', 'front camera', ''])(
    'refuse the camera name "%s", which LeRobot would misread',
    (name) => {
      const [camera] = testSpec.cameras
      if (camera === undefined) throw new Error('no camera')
      expect(recordingFeatures({ ...testSpec, cameras: [{ ...camera, name }] })).toMatchObject({
        ok: false,
        error: { code: 'record/rig-mismatch' },
      })
    },
  )

  it.each(['observation.force', 'action.raw', 'index', 'sim/cube', 'sim.image'])(
    'refuse the side column "%s", which would become a policy input',
    (key) => {
      expect(recordingFeatures({ ...testSpec, sideChannels: [{ key, names: ['x'] }] })).toMatchObject({
        ok: false,
      })
    },
  )

  it('refuse two cameras of one name', () => {
    const [camera] = testSpec.cameras
    if (camera === undefined) throw new Error('no camera')
    expect(recordingFeatures({ ...testSpec, cameras: [camera, camera] })).toMatchObject({ ok: false })
  })
})
