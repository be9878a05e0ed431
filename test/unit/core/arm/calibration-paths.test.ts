import { describe, expect, it } from 'vitest'
import { calibrationFiles, calibrationFolders, calibrationRoot } from '#core/arm/calibration-paths.ts'

describe("LeRobot's calibration folder", () => {
  it('is in the cache of the home folder when nothing is set', () => {
    expect(calibrationRoot({ home: '/home/ada' })).toBe('/home/ada/.cache/huggingface/lerobot/calibration')
  })

  it.each([
    [{ XDG_CACHE_HOME: '/cache' }, '/cache/huggingface/lerobot/calibration'],
    [{ XDG_CACHE_HOME: '/cache', HF_HOME: '/hf' }, '/hf/lerobot/calibration'],
    [{ HF_HOME: '/hf', HF_LEROBOT_HOME: '/lerobot' }, '/lerobot/calibration'],
    [{ HF_LEROBOT_HOME: '/lerobot', HF_LEROBOT_CALIBRATION: '/calibration' }, '/calibration'],
    [{ HF_LEROBOT_CALIBRATION: '', HF_HOME: '/hf' }, '/hf/lerobot/calibration'],
  ])('follows the environment %o', (env, root) => {
    expect(calibrationRoot({ home: '/home/ada', ...env })).toBe(root)
  })

  it('holds followers under robots and leaders under teleoperators, with the names of older releases too', () => {
    expect(calibrationFolders({ home: '/h', HF_LEROBOT_CALIBRATION: '/c' }, 'leader')).toEqual([
      '/c/teleoperators/so_leader',
      '/c/teleoperators/so101_leader',
      '/c/teleoperators/so100_leader',
    ])
    expect(calibrationFiles({ home: '/h', HF_LEROBOT_CALIBRATION: '/c' }, 'follower', 'blue')[0]).toBe(
      '/c/robots/so_follower/blue.json',
    )
  })
})
