import { describe, expect, it } from 'vitest'
import { fail } from '#core/result.ts'
import { TorqueSwitch } from '#host/rig/loop/torque-switch.ts'
import { FakeArmPort } from '#test/fakes/fake-arm-port.ts'
import { testProfile, zero } from '../../../core/control/core-rig.ts'

const found = (heldJoints: readonly string[] | null) => {
  const port = new FakeArmPort(testProfile, zero, () => 0)
  if (heldJoints !== null) Object.assign(port, { report: { heldJoints } })
  const torque = new TorqueSwitch()
  torque.attach(port)
  return { port, torque }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('what is shown of an arm’s torque', () => {
  it.each([
    [[], 'off'],
    [['elbow_flex'], 'on'],
    [null, 'unknown'],
  ] as const)('is what was found when it was connected: %j means %s', (heldJoints, shown) => {
    expect(found(heldJoints).torque.shown).toBe(shown)
  })

  it('is no leave to send goals: torque must have been switched on here', async () => {
    const { torque } = found(['elbow_flex'])
    expect(torque.canSend).toBe(false)
    torque.obey({ wanted: 'on', request: 1, cap: null })
    await settled()
    expect(torque.canSend).toBe(true)
  })

  it('is unknown after an act that failed, whatever was found before', async () => {
    const { port, torque } = found([])
    port.powerFault = fail('bus/no-reply', 'silent').error
    torque.obey({ wanted: 'on', request: 1, cap: null })
    await settled()
    expect(torque.shown).toBe('unknown')
  })

  it('is unknown once the arm is gone', () => {
    const { torque } = found([])
    torque.detach()
    expect(torque.shown).toBe('unknown')
  })
})
