// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { RigConfig, RigState } from '#contract/services/rig.ts'
import { simulatedPair } from '#renderer/first-run/simulated-pair.ts'
import { RigScreen } from '#renderer/rig/rig-screen.tsx'
import { showDesk, type DeskUnderTest } from '#test/fakes/desk-page.tsx'
import type { FakeHosts } from '#test/fakes/fake-hosts.ts'
import { armLive, driveState, rigState } from '#test/fakes/page-states.ts'

const serial = (path: string): RigConfig['follower'] => ({
  port: { kind: 'serial', path, baud: 1_000_000 },
  calibrationPath: '/home/lin/white.json',
})
const bench: RigConfig = {
  name: 'bench-2',
  robotType: 'so_follower',
  follower: serial('/dev/ttyACM0'),
  leader: serial('/dev/ttyACM1'),
  cameras: [],
  fps: 30,
}
const none: RigState = { status: 'none', rig: null, arms: [], fault: null }

let desk: DeskUnderTest | null = null

afterEach(() => {
  desk?.[Symbol.dispose]()
  desk = null
})

async function show(prepare: (hosts: FakeHosts) => void = () => undefined): Promise<DeskUnderTest> {
  desk = await showDesk(RigScreen, (hosts) => {
    hosts.tell('drive.state', driveState('idle', { follower: null, leader: null }))
    hosts.tell('rig.state', none)
    hosts.answer('rig.savedRigs', () => [bench])
    hosts.answer('rig.calibrations', () => [])
    prepare(hosts)
  })
  return desk
}

const connected = (shown: DeskUnderTest): readonly unknown[] => shown.page.hosts.called('rig.connect')

describe('without a rig', () => {
  it('connects the simulated pair by Enter, and remembers it', async () => {
    const shown = await show()
    await shown.tap('Enter')
    expect(connected(shown)).toEqual([simulatedPair])
    expect(shown.page.hosts.called('shell.changeSettings')).toContainEqual({ lastRig: simulatedPair.name })
  })

  it('goes to a saved rig by arrow and connects it', async () => {
    const shown = await show()
    await shown.tap('ArrowDown')
    expect(screen.getByTestId('rig-row-bench-2').getAttribute('aria-current')).toBe('true')
    await shown.click('rig-connect')
    expect(connected(shown)).toEqual([bench])
  })

  it('marks what is missing instead of connecting half a rig', async () => {
    const shown = await show()
    await shown.click('rig-row-new')
    await shown.click('rig-connect')
    expect(connected(shown)).toEqual([])
    expect(screen.getByTestId('follower-port').getAttribute('aria-invalid')).toBe('true')
  })

  it('takes a port that is typed, and asks it for its servos', async () => {
    const shown = await show((hosts) =>
      hosts.answer('rig.scan', () => ({
        servos: [{ id: 1, model: 'sts3215', modelNumber: 777, firmware: '3.9', baud: 115_200 }],
      })),
    )
    await shown.click('rig-row-new')
    await shown.fill('follower-port', '\u0000other')
    await shown.fill('follower-port-path', '/tmp/pty/follower')
    await shown.click('follower-scan')
    expect(shown.page.hosts.called('rig.scan')).toEqual([{ path: '/tmp/pty/follower' }])
    await shown.pass()
    expect(within(screen.getByTestId('follower-servos')).getByText('sts3215')).toBeTruthy()
    screen.getByText('Use 115200 baud').click()
    await shown.pass()
    expect(screen.getByTestId<HTMLInputElement>('follower-baud').value).toBe('115200')
  })

  it('shows an arm that is plugged in while the screen is open', async () => {
    let ports: unknown[] = []
    const shown = await show((hosts) => hosts.answer('rig.ports', () => ports))
    await shown.click('rig-row-new')
    ports = [{ path: '/dev/ttyACM7', serialNumber: '5A46' }]
    await shown.pass(2100)
    expect(screen.getAllByText('5A46 · ttyACM7').length).toBeGreaterThan(0)
  })

  it('saves and removes rigs', async () => {
    const shown = await show()
    await shown.click('rig-row-bench-2')
    await shown.fill('rig-name', 'bench-3')
    await shown.tap('Ctrl+s')
    expect(shown.page.hosts.called('rig.saveRig')).toEqual([{ ...bench, name: 'bench-3' }])
    await shown.click('rig-row-bench-2')
    screen.getByText('Remove from list').click()
    await shown.pass()
    expect(shown.page.hosts.called('rig.removeRig')).toEqual([{ name: 'bench-2' }])
  })

  it('helps to find a device', async () => {
    const shown = await show()
    await shown.click('rig-help')
    expect(screen.getByTestId('rig-help-steps').textContent).toContain('dialout')
  })
})

describe('a rig that was refused', () => {
  const side = { homingOffset: 121, rangeMin: 800, rangeMax: 3200 }
  const fault = {
    code: 'arm/calibration-mismatch' as const,
    message: 'shoulder_lift differs',
    data: {
      arm: 'follower',
      joints: [{ joint: 'shoulder_lift', file: side, servo: { ...side, homingOffset: 0 } }],
    },
  }
  const refused: RigState = { status: 'none', rig: bench, arms: [], fault }

  it('shows both calibrations, and writes the file only when asked, then connects', async () => {
    const shown = await show((hosts) => hosts.tell('rig.state', refused))
    expect(screen.getByTestId('mismatch').textContent).toContain('file 121, servo 0')
    expect(shown.page.hosts.called('rig.writeCalibration')).toEqual([])
    await shown.click('write-calibration')
    expect(shown.page.hosts.called('rig.writeCalibration')).toEqual([{ role: 'follower' }])
    expect(connected(shown)).toEqual([bench])
  })

  it('can be connected with what the servos keep', async () => {
    const shown = await show((hosts) => hosts.tell('rig.state', refused))
    await shown.click('use-servos')
    expect(connected(shown)).toEqual([{ ...bench, follower: { ...bench.follower, calibrationPath: null } }])
  })

  it('says a refusal once: in its place, not in a second note', async () => {
    const shown = await show((hosts) => {
      hosts.tell('rig.state', refused)
      hosts.refuse('rig.connect', fault)
    })
    await shown.tap('Enter')
    expect(connected(shown)).toEqual([bench])
    expect(screen.queryByTestId('refusal')).toBeNull()
    expect(screen.getByTestId('rig-fault')).toBeTruthy()
  })
})

describe('a connected rig', () => {
  const live = (hosts: FakeHosts): void => {
    hosts.tell('rig.state', rigState())
    hosts.tell('drive.state', driveState('idle', { follower: armLive({ torque: 'off' }) }))
  }

  it('lists its devices and shows the servos of the chosen arm', async () => {
    const shown = await show(live)
    expect(screen.getByTestId('servos-follower').textContent).toContain('wrist_roll')
    await shown.tap('ArrowDown')
    expect(screen.getByTestId('servos-leader')).toBeTruthy()
    await shown.click('device-top')
    expect(screen.getByLabelText('top, live')).toBeTruthy()
  })

  it('shows no number of a servo that does not answer', async () => {
    const arm = armLive({ torque: 'off' })
    await show((hosts) => {
      live(hosts)
      const servos = arm.servos.map((servo, index) => ({ ...servo, isStale: index === 5 }))
      hosts.tell('drive.state', driveState('idle', { follower: { ...arm, servos } }))
    })
    const table = screen.getByTestId('servos-follower')
    expect(within(table).getByText('no answer')).toBeTruthy()
    expect(table.textContent).not.toContain('46 °C')
  })

  it('is disconnected only while torque is off', async () => {
    const shown = await show(live)
    const button = (): HTMLButtonElement => screen.getByTestId('rig-disconnect')
    await shown.tell('drive.state', driveState('holding'))
    expect(button().disabled).toBe(true)
    await shown.tell('drive.state', driveState('idle'))
    await shown.click('rig-disconnect')
    expect(shown.page.hosts.called('rig.disconnect')).toHaveLength(1)
  })

  it('has bad days on command', async () => {
    const shown = await show(live)
    await shown.click('fault-follower-drop')
    expect(shown.page.hosts.called('sim.setFault')).toEqual([{ bus: 'follower', kind: 'drop', amount: 0.05 }])
    await shown.tell('sim.faults', [{ bus: 'follower', kind: 'drop', amount: 0.05 }])
    await shown.fill('fault-follower-drop-amount', '20')
    expect(shown.page.hosts.called('sim.setFault').at(-1)).toEqual({
      bus: 'follower',
      kind: 'drop',
      amount: 0.2,
    })
    await shown.click('fault-follower-drop')
    expect(shown.page.hosts.called('sim.clearFault')).toEqual([{ bus: 'follower', kind: 'drop' }])
    await shown.click('faults-clear')
    expect(shown.page.hosts.called('sim.clearFaults')).toHaveLength(1)
  })

  it('moves the target for a policy, and says whether it moves', async () => {
    const shown = await show(live)
    const button = (): HTMLButtonElement => screen.getByTestId('move-target')
    expect(button().disabled).toBe(true)
    await shown.tell('sim.poses', { isTargetMoving: false })
    await shown.click('move-target')
    const [asked] = shown.page.hosts.called('sim.moveTarget') as { seed: number | null }[]
    expect(asked?.seed).toBeGreaterThanOrEqual(0)
    await shown.tell('sim.poses', { isTargetMoving: true })
    expect(button().getAttribute('aria-pressed')).toBe('true')
    await shown.click('move-target')
    expect(shown.page.hosts.called('sim.moveTarget').at(-1)).toEqual({ seed: null })
  })

  it('unplugs the chosen arm and plugs it in again', async () => {
    const shown = await show(live)
    await shown.click('fault-bus-leader')
    await shown.click('fault-leader-unplug')
    expect(shown.page.hosts.called('sim.setFault')).toEqual([{ bus: 'leader', kind: 'unplug' }])
    await shown.tell('sim.faults', [{ bus: 'leader', kind: 'unplug' }])
    await shown.click('fault-leader-unplug')
    expect(shown.page.hosts.called('sim.clearFault')).toEqual([{ bus: 'leader', kind: 'unplug' }])
  })

  it('keeps one bar a second of the bus, marked where packets were lost', async () => {
    const shown = await show(live)
    await shown.pass(1100)
    const arm = armLive({ torque: 'off' })
    await shown.tell(
      'drive.state',
      driveState('idle', { follower: { ...arm, bus: { ...arm.bus, timeouts: 3 } } }),
    )
    await shown.pass(1000)
    const bars = screen.getByTestId('bus-follower').querySelectorAll('.rig-bars i')
    expect([...bars].map((bar) => bar.hasAttribute('data-errors'))).toEqual([false, true])
  })
})
