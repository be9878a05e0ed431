import { describe, expect, it } from 'vitest'
import { PoseBuffer } from '#renderer/capture/pose-buffer.ts'

const pose = (timeUs: number) => ({ timeUs, pose: Float64Array.of(timeUs) })

describe('PoseBuffer', () => {
  it('gives the newest pose at or before a time, never a later one', () => {
    const poses = new PoseBuffer()
    for (const timeUs of [100, 200, 300]) poses.push(pose(timeUs))
    expect(poses.at(99)).toBeNull()
    expect(poses.at(100)?.timeUs).toBe(100)
    expect(poses.at(299)?.timeUs).toBe(200)
    expect(poses.at(9999)?.timeUs).toBe(300)
  })

  it('begins anew when time runs backwards', () => {
    const poses = new PoseBuffer()
    poses.push(pose(500))
    poses.push(pose(100))
    expect(poses.at(600)?.timeUs).toBe(100)
  })

  it('keeps a bounded number', () => {
    const poses = new PoseBuffer()
    for (let timeUs = 0; timeUs < 1000; timeUs += 1) poses.push(pose(timeUs))
    expect(poses.at(900)).toBeNull()
    expect(poses.newest?.timeUs).toBe(999)
  })
})
