import { describe, expect, it } from 'vitest'
import { joinCapture } from '#renderer/app/join-capture.ts'
import { createLiveStore, type LiveState } from '#renderer/app/live-state.ts'
import { driveState, rigConfig, rigState } from '#test/fakes/page-states.ts'

function setUp() {
  const live = createLiveStore()
  const calls: string[] = []
  let isCapturing: boolean | null = null
  const joined = joinCapture(
    live,
    {
      start: (cameras, fps) =>
        calls.push(`start ${cameras.map((camera) => camera.name).join('+')} at ${fps}`),
      stop: () => calls.push('stop'),
      setCapturing: (isOn) => {
        isCapturing = isOn
      },
    },
    () => Promise.reject(new Error('not asked in this test')),
  )
  return { live, calls, joined, isCapturing: () => isCapturing }
}

const session = { peer: 'page-1' } as NonNullable<LiveState['session']>

describe('joinCapture', () => {
  it('starts with the cameras of the rig, once', () => {
    const { live, calls } = setUp()
    live.setState({ rig: rigState() })
    live.setState({ rig: rigState() })
    expect(calls).toEqual(['start front+top+wrist at 30'])
  })

  it('follows a rig that changes, and stops without one', () => {
    const { live, calls } = setUp()
    live.setState({ rig: rigState() })
    live.setState({ rig: rigState({ rig: { ...rigConfig, fps: 15 } }) })
    live.setState({ rig: rigState({ status: 'none', rig: null, arms: [] }) })
    expect(calls).toEqual(['start front+top+wrist at 30', 'start front+top+wrist at 15', 'stop'])
  })

  it('leaves the cameras alone while the link is away: the worker has its own', () => {
    const { live, calls } = setUp()
    live.setState({ rig: rigState() })
    live.setState({ rig: null, drive: null, session: null })
    expect(calls).toHaveLength(1)
  })

  it('captures on the driving page only', () => {
    const { live, isCapturing } = setUp()
    live.setState({ session, rig: rigState(), drive: driveState('teleop') })
    expect(isCapturing()).toBe(true)
    live.setState({ drive: driveState('teleop', { lease: { holder: 'page-2', label: 'other' } }) })
    expect(isCapturing()).toBe(false)
  })

  it('stops at the end', () => {
    const { live, calls, joined } = setUp()
    joined[Symbol.dispose]()
    live.setState({ rig: rigState() })
    expect(calls).toEqual(['stop'])
  })
})
