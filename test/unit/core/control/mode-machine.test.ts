import { describe, expect, it } from 'vitest'
import { transition, type MachineContext, type MachineState } from '#core/control/mode-machine.ts'
import { modeEvents } from '#core/control/mode-events.ts'
import { guardNames, modeTable } from '#core/control/mode-table.ts'
import { modes, type Mode } from '#core/control/mode.ts'

const open: MachineContext = { guard: () => null, canEnter: () => true }
const at = (mode: Mode, after: Mode | null = null): MachineState => ({ mode, after })
const next = (state: MachineState, event: (typeof modeEvents)[number], context = open) => {
  const result = transition(state, event, context)
  return result.ok ? result.value : result.error.code
}

describe('mode machine', () => {
  it('leads from every mode to eStop in one step, and from there power comes back into hold only', () => {
    for (const mode of modes) expect(next(at(mode), 'eStop')).toMatchObject({ mode: 'eStop' })
    const ways = modeEvents.flatMap((event) => {
      const result = transition(at('eStop'), event, open)
      return result.ok && result.value.mode !== 'eStop' ? [[event, result.value.mode]] : []
    })
    expect(ways).toEqual([
      ['recover', 'holding'],
      ['powerOff', 'idle'],
    ])
  })

  it('lets every mode be stopped, and every moving mode come to rest before it holds', () => {
    for (const mode of modes) expect(transition(at(mode), 'stop', open).ok).toBe(true)
    for (const mode of ['matching', 'teleop', 'policy', 'blend'] as const) {
      for (const event of ['stop', 'hold', 'reactSlowStop', 'reactHold'] as const) {
        expect(next(at(mode), event)).toEqual({ mode: 'slowStop', after: 'holding' })
      }
    }
  })

  it('switches torque on only from modes at rest, and only past the guards of power', () => {
    for (const mode of modes) {
      for (const event of ['engageCold', 'powerUp', 'recover'] as const) {
        const rule = modeTable[mode][event]
        if (!rule) continue
        expect(['idle', 'holding', 'fault', 'eStop']).toContain(mode)
        expect(rule.guards).toEqual(
          expect.arrayContaining(['followerConnected', 'followerHealthy', 'poseInRange']),
        )
      }
    }
  })

  it('gives the arm to a policy only past its own readiness', () => {
    for (const mode of modes) {
      const rule = modeTable[mode].giveToPolicy
      if (rule?.to === 'blend' && mode !== 'blend') expect(rule.guards).toContain('policyReady')
    }
  })

  it('refuses with the reason of the first guard that fails', () => {
    for (const failing of guardNames) {
      const context: MachineContext = {
        ...open,
        guard: (name) => (name === failing ? { code: 'control/not-allowed', message: failing } : null),
      }
      for (const mode of modes) {
        for (const event of modeEvents) {
          if (!modeTable[mode][event]?.guards?.includes(failing)) continue
          expect(transition(at(mode), event, context)).toMatchObject({
            ok: false,
            error: { message: failing },
          })
        }
      }
    }
  })

  it('refuses what is not listed, and says when the arm is only coming to rest', () => {
    expect(next(at('idle'), 'hold')).toBe('control/not-allowed')
    expect(next(at('slowStop'), 'engage')).toBe('control/coming-to-rest')
  })

  it('comes to rest first when the arm moves too fast for the mode asked for, then enters it', () => {
    const fast: MachineContext = { ...open, canEnter: () => false }
    expect(next(at('teleop'), 'giveToPolicy', fast)).toEqual({ mode: 'slowStop', after: 'blend' })
    expect(next(at('slowStop', 'blend'), 'atRest')).toEqual({ mode: 'blend', after: null })
    expect(next(at('slowStop', 'holding'), 'atRest')).toEqual({ mode: 'holding', after: null })
  })

  it('a stop forgets what would have followed', () => {
    expect(next(at('slowStop', 'matching'), 'stop')).toEqual({ mode: 'slowStop', after: 'holding' })
    expect(next(at('holding', 'matching'), 'stop')).toEqual({ mode: 'holding', after: null })
    expect(next(at('holding', 'matching'), 'hold')).toEqual({ mode: 'holding', after: null })
  })

  it('aligns after power-up only when that was asked', () => {
    expect(next(at('holding', 'matching'), 'powered')).toEqual({ mode: 'matching', after: null })
    expect(next(at('holding'), 'powered')).toEqual({ mode: 'holding', after: null })
  })
})
