import { describe, expect, it } from 'vitest'
import { LeaseKeeper } from '#renderer/app/lease.ts'
import { settle } from '#test/fakes/manual-timers.ts'

function setUp(answers: { isGranted?: boolean; isHolder?: boolean } = {}) {
  const claims: { label: string; force: boolean }[] = []
  const beats: { hasFocus: boolean; hasOtherStop: boolean }[] = []
  let hasFocus = true
  let heard = 0
  let release: (() => void) | null = null
  const keeper = new LeaseKeeper({
    peer: 'me',
    label: 'browser',
    hasFocus: () => hasFocus,
    hasOtherStop: () => false,
    onAnswer: () => {
      heard += 1
    },
    drive: {
      claimLease: async (input) => {
        claims.push(input)
        return { isGranted: answers.isGranted ?? true, holder: 'me' }
      },
      heartbeat: async (input) => {
        beats.push(input)
        if (release !== null) await new Promise<void>((resolve) => (release = resolve))
        return { isHolder: answers.isHolder ?? true }
      },
    },
  })
  return {
    keeper,
    claims,
    beats,
    heard: () => heard,
    blur: () => (hasFocus = false),
    stall: () => (release = () => undefined),
    answer: () => release?.(),
  }
}

const lease = (holder: string | null) => ({ lease: { holder, label: null } })

describe('LeaseKeeper', () => {
  it('claims a free lease without force', async () => {
    const { keeper, claims } = setUp()
    keeper.onState(lease(null))
    await settle()
    expect(claims).toEqual([{ label: 'browser', force: false }])
    expect(keeper.isHolder).toBe(true)
  })

  it('leaves a lease alone that another page holds', async () => {
    const { keeper, claims, beats } = setUp()
    keeper.onState(lease('other'))
    await keeper.beat()
    expect(claims).toEqual([])
    expect(beats).toEqual([])
  })

  it('beats while it holds, saying whether keys arrive', async () => {
    const { keeper, beats, blur, heard } = setUp()
    keeper.onState(lease('me'))
    await keeper.beat()
    blur()
    await keeper.beat()
    expect(beats).toEqual([
      { hasFocus: true, hasOtherStop: false },
      { hasFocus: false, hasOtherStop: false },
    ])
    expect(heard()).toBe(2)
  })

  it('sends no second beat while the first is unanswered', async () => {
    const { keeper, beats, stall, answer } = setUp()
    keeper.onState(lease('me'))
    stall()
    const first = keeper.beat()
    await keeper.beat()
    await keeper.beat()
    expect(beats).toHaveLength(1)
    answer()
    await first
  })

  it('stops beating when the rig host says that it is not the holder', async () => {
    const { keeper, beats } = setUp({ isHolder: false })
    keeper.onState(lease('me'))
    await keeper.beat()
    await keeper.beat()
    expect(beats).toHaveLength(1)
    expect(keeper.isHolder).toBe(false)
  })

  it('forces only when a person asks', async () => {
    const { keeper, claims } = setUp({ isGranted: false })
    keeper.onState(lease('other'))
    expect(await keeper.claim(true)).toBe(false)
    expect(claims).toEqual([{ label: 'browser', force: true }])
  })
})
