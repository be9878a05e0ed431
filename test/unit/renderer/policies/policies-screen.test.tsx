// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { RigContract } from '#contract/services/rig.ts'
import { checkContract } from '#core/policy/contract-check.ts'
import { PoliciesScreen } from '#renderer/policies/policies-screen.tsx'
import { showDesk, type DeskUnderTest } from '#test/fakes/desk-page.tsx'
import type { FakeHosts } from '#test/fakes/fake-hosts.ts'
import { driveState, policyState, rigState } from '#test/fakes/page-states.ts'
import { demoContract, demoEntry, rigContract } from './entries.ts'

const learned = { ...demoEntry, id: 'own/act', name: 'ACT cube', isLearned: true }
const broken = {
  ...demoEntry,
  id: 'own/broken',
  name: 'own/broken',
  contract: null,
  fault: { code: 'policy/bad-manifest' as const, message: 'manifest: fps: expected number' },
}
const demoReady = { id: demoEntry.id, name: demoEntry.name, isLearned: false, isWarm: true }

let desk: DeskUnderTest | null = null

afterEach(() => {
  desk?.[Symbol.dispose]()
  desk = null
})

async function show(
  rig: RigContract | null,
  prepare: (hosts: FakeHosts) => void = () => undefined,
): Promise<DeskUnderTest> {
  desk = await showDesk(PoliciesScreen, (hosts) => {
    hosts.answer('policy.list', () => [demoEntry, learned, broken])
    hosts.answer('rig.contract', () => rig)
    hosts.answer('policy.check', ({ policyId, rig: asked }: { policyId: string; rig: RigContract }) =>
      checkContract(demoContract, policyId !== demoEntry.id, asked),
    )
    hosts.tell('drive.state', driveState('idle'))
    hosts.tell('rig.state', rig === null ? rigState({ status: 'none', rig: null, arms: [] }) : rigState())
    prepare(hosts)
  })
  return desk
}

describe('policies', () => {
  it('are checked against the connected rig, line by line', async () => {
    await show(rigContract)
    expect(screen.getByTestId('check-stateOrder').dataset['status']).toBe('ok')
    expect(screen.getByTestId('check-origin').dataset['status']).toBe('warn')
    expect(screen.getByTestId('policy-row-own/act').textContent).toContain('fits')
  })

  it('say in the list that a demo was not learned', async () => {
    await show(rigContract)
    expect(screen.getByTestId('policy-row-analytic-reach').textContent).toContain(
      'analytic demo, not learned',
    )
    expect(screen.getByTestId('policy-row-own/act').textContent).not.toContain('not learned')
  })

  it('are chosen by the rig host where there is a rig, so that they can be handed to', async () => {
    const shown = await show(rigContract)
    await shown.tap('ArrowDown')
    await shown.tap('Enter')
    expect(shown.page.hosts.called('drive.selectPolicy')).toEqual([{ policyId: 'own/act' }])
    expect(shown.page.hosts.called('policy.load')).toEqual([])
  })

  it('are only loaded without a rig, and show what they expect', async () => {
    const shown = await show(null)
    expect(screen.getByTestId('policy-contract').textContent).toContain('so_follower')
    await shown.click('policy-load')
    expect(shown.page.hosts.called('policy.load')).toEqual([{ policyId: demoEntry.id }])
    expect(shown.page.hosts.called('policy.check')).toEqual([])
  })

  it('cannot be loaded while a line fails, and the button says so', async () => {
    const shown = await show({ ...rigContract, extras: [] })
    const button = screen.getByTestId<HTMLButtonElement>('policy-load')
    expect(button.disabled).toBe(true)
    expect(button.textContent).toContain('after 1 fixed')
    await shown.tap('Enter')
    expect(shown.page.hosts.called('drive.selectPolicy')).toEqual([])
  })

  it('say why one does not open', async () => {
    const shown = await show(rigContract)
    await shown.click('policy-row-own/broken')
    expect(screen.getByTestId('policy-fault').textContent).toContain('manifest: fps: expected number')
    expect(screen.queryByTestId('policy-load')).toBeNull()
  })

  it('are not taken away while they drive', async () => {
    const shown = await show(rigContract, (hosts) => {
      hosts.tell('policy.state', policyState({ loaded: demoEntry, status: 'warm' }))
      hosts.tell('drive.state', driveState('policy', { policy: demoReady }))
    })
    expect(screen.getByTestId<HTMLButtonElement>('policy-unload').disabled).toBe(true)
    await shown.tell('drive.state', driveState('holding', { policy: demoReady }))
    await shown.click('policy-unload')
    expect(shown.page.hosts.called('drive.selectPolicy')).toEqual([{ policyId: null }])
    expect(shown.page.hosts.called('policy.unload')).toHaveLength(1)
  })

  it('show no cost that was not measured', async () => {
    const shown = await show(rigContract, (hosts) =>
      hosts.tell('policy.state', policyState({ loaded: demoEntry, status: 'warm', provider: 'cpu' })),
    )
    const cost = (): string => screen.getByTestId('policy-cost').textContent
    expect(cost()).toContain('Measured while it runs')
    expect(cost()).not.toContain('ms')
    const latency = { count: 212, p50Ms: 0.42, p99Ms: 12.4, maxMs: 13, histogram: { first: 20, counts: [1] } }
    await shown.tell('policy.state', policyState({ loaded: demoEntry, status: 'warm', latency }))
    expect(cost()).toContain('0.4')
    expect(cost()).toContain('12 ms')
    await shown.click('policy-row-own/act')
    expect(cost()).toContain('Cost is measured once it is loaded')
  })

  it('are read again on R', async () => {
    const shown = await show(rigContract)
    const before = shown.page.hosts.called('policy.list').length
    await shown.tap('r')
    expect(shown.page.hosts.called('policy.list').length).toBe(before + 1)
  })

  it('say where to put one when there is none', async () => {
    desk = await showDesk(PoliciesScreen, (hosts) => hosts.answer('policy.list', () => []))
    expect(screen.getByText(/\/data\/policies/u)).toBeTruthy()
  })
})
