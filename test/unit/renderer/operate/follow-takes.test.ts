import { describe, expect, it } from 'vitest'
import { melodies, soundOf } from '#renderer/app/sounds.ts'
import { followTakes } from '#renderer/operate/follow-takes.ts'
import { settle } from '#test/fakes/manual-timers.ts'
import { openPage } from '#test/fakes/page-app.ts'
import { driveState, openTake, recordState, sessionOf } from '#test/fakes/page-states.ts'

const recording = recordState({ phase: 'recording', take: openTake() })
const trashed = recordState({
  trash: 2,
  session: [...sessionOf(23), { takeId: 'take-24', number: 24, outcome: 'unlabelled', state: 'trash' }],
})

describe('followTakes', () => {
  const open = async () => {
    const page = await openPage((hosts) => hosts.tell('drive.state', driveState('teleop')))
    followTakes(page.app)
    const tell = async (record: typeof recording): Promise<void> => {
      page.hosts.tell('record.state', record)
      await settle()
    }
    return { page, tell }
  }

  it('offers to bring back the take that was just discarded', async () => {
    const { page, tell } = await open()
    await tell(recording)
    await tell(trashed)
    expect(page.app.ui.getState().toast).toEqual({ discardedTake: 24 })
    await tell(recordState())
    expect(page.app.ui.getState().toast).toBeNull()
    page[Symbol.dispose]()
  })

  it('starts the clock of the reset when a take ends, and stops it when the next one begins', async () => {
    const { page, tell } = await open()
    await tell(recording)
    await page.pass(1000)
    await tell(recordState())
    expect(page.app.ui.getState().resetSinceMs).toBe(page.timers.nowMs())
    await tell(recording)
    expect(page.app.ui.getState().resetSinceMs).toBeNull()
    page[Symbol.dispose]()
  })

  it('asks nobody to reset a scene around an arm without torque', async () => {
    const { page, tell } = await open()
    await tell(recording)
    page.hosts.tell('drive.state', driveState('idle'))
    await settle()
    await tell(recordState())
    expect(page.app.ui.getState().resetSinceMs).toBeNull()
    page[Symbol.dispose]()
  })
})

describe('sounds', () => {
  const heard = (drive: Parameters<typeof driveState>[0], record = recordState()) => ({
    drive: driveState(drive),
    record,
  })

  it('tell who drives now', () => {
    expect(soundOf(heard('matching'), heard('teleop'))).toBe('human')
    expect(soundOf(heard('blend'), heard('policy'))).toBe('policy')
    expect(soundOf(heard('teleop'), heard('fault'))).toBe('fault')
  })

  it('tell a stop once, not again when it ends in hold', () => {
    expect(soundOf(heard('teleop'), heard('slowStop'))).toBe('hold')
    expect(soundOf(heard('slowStop'), heard('holding'))).toBeNull()
  })

  it('tell what became of a take', () => {
    expect(soundOf(heard('teleop'), heard('teleop', recording))).toBe('start')
    expect(soundOf(heard('teleop', recording), heard('teleop'))).toBe('saved')
    expect(soundOf(heard('teleop', recording), heard('teleop', trashed))).toBe('discarded')
  })

  it('stay silent when nothing changed or nothing is known', () => {
    expect(soundOf(heard('teleop'), heard('teleop'))).toBeNull()
    expect(soundOf({ drive: null, record: null }, heard('teleop'))).toBeNull()
  })

  it('are told apart by their melody', () => {
    const all = Object.values(melodies).map((melody) => melody.join())
    expect(new Set(all).size).toBe(all.length)
  })
})
