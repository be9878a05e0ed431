// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { OperateScreen } from '#renderer/operate/operate-screen.tsx'
import { showDesk, type DeskUnderTest } from '#test/fakes/desk-page.tsx'
import type { FakeHosts } from '#test/fakes/fake-hosts.ts'
import { driveState, policySettings, policyState } from '#test/fakes/page-states.ts'
import { demoEntry } from '../../policies/entries.ts'
import { prediction, surprise } from './told.ts'

vi.mock('#renderer/charts/history-chart.ts', () => ({
  HistoryChart: class {
    draw(): void {}
    [Symbol.dispose](): void {}
  },
}))

const a1: PolicyEntry = {
  ...demoEntry,
  id: 'own/a1',
  name: 'InternVLA-A1-3B',
  kind: 'internvla-a1',
  isLearned: true,
  contract: {
    ...demoEntry.contract!,
    cameras: ['image0', 'image1'].map((name) => ({ name, width: 224, height: 224 })),
    extras: [],
  },
}

const drives = { id: a1.id, name: a1.name, isLearned: true, isWarm: true }
const mapped = policySettings({ cameras: { image0: 'wrist', image1: 'front' } })
const latency = (p50Ms: number) => ({
  count: 9,
  p50Ms,
  p99Ms: p50Ms * 2,
  maxMs: p50Ms * 3,
  histogram: { first: 20, counts: [1] },
})

let desk: DeskUnderTest | null = null

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', () => 0)
  vi.stubGlobal('cancelAnimationFrame', () => undefined)
})

afterEach(() => {
  desk?.[Symbol.dispose]()
  desk = null
  vi.unstubAllGlobals()
})

async function show(prepare: (hosts: FakeHosts) => void = () => undefined): Promise<DeskUnderTest> {
  desk = await showDesk(OperateScreen, (hosts) => {
    hosts.answer('policy.settings', () => mapped)
    hosts.tell('policy.state', policyState({ loaded: a1, status: 'warm' }))
    hosts.tell('drive.state', driveState('policy', { policy: drives }))
    prepare(hosts)
  })
  await desk.pass(100)
  return desk
}

/** The rig's clock of the fake hosts starts at 50 s. */
const soonUs = 51_000_000

describe('the policy view', () => {
  it('stands foresight under the cameras that the policy sees, as they are mapped; another takes the column that is left', async () => {
    await show()
    const tiles = [...document.querySelectorAll('.cameras > [data-testid]')].map(
      (tile) => (tile as HTMLElement).dataset['testid'],
    )
    expect(tiles).toEqual([
      'camera-wrist',
      'camera-front',
      'camera-top',
      'foresight-wrist',
      'foresight-front',
    ])
    expect(document.querySelector('.strip [data-testid="camera-top"]')).toBeNull()
    expect(document.querySelector('.cameras .surprise-now')).not.toBeNull()
  })

  it('shows a prediction until its moment has come, then where it differed', async () => {
    const shown = await show()
    const kind = (): string | undefined => screen.getByTestId('foresight-front').dataset['kind']
    expect(kind()).toBe('none')
    await shown.tell('pictures.predictions', prediction({ observationUs: soonUs - 500_000, dueUs: soonUs }))
    expect(kind()).toBe('ahead')
    expect(screen.getByTestId('foresight-front').textContent).toContain('Foresight +0.5 s')
    await shown.tell('pictures.surprises', surprise({ dueUs: soonUs, score: 0.06 }))
    expect(screen.getByTestId('foresight-front').textContent).toContain('Surprise 0.04')
    await shown.pass(3000)
    await shown.tell('pictures.surprises', surprise({ dueUs: soonUs + 1, score: 0.06 }))
    expect(kind()).toBe('came')
    expect(screen.getByTestId('error-front').getAttribute('aria-label')).toContain('differed')
  })

  it('proposes a take-over with its key when surprise is above the threshold, and does nothing itself', async () => {
    const shown = await show()
    expect(screen.queryByTestId('line-surprise')).toBeNull()
    await shown.tell('pictures.surprises', surprise({ dueUs: 50_500_000, score: 0.41 }))
    expect(screen.getByTestId('line-surprise').textContent).toContain('Surprise 0.41')
    expect(shown.page.hosts.called('drive.takeOver')).toEqual([])
    await shown.tap('Tab')
    expect(shown.page.hosts.called('drive.takeOver')).toHaveLength(1)
  })

  it('goes from beside to over to off with V', async () => {
    const shown = await show()
    await shown.tell('pictures.surprises', surprise({ dueUs: 50_500_000 }))
    expect(screen.queryByTestId('surprise')).not.toBeNull()
    await shown.tap('v')
    expect(screen.queryByTestId('foresight-front')).toBeNull()
    await shown.tap('v')
    expect(screen.queryByTestId('surprise')).toBeNull()
    await shown.tap('v')
    expect(screen.queryByTestId('foresight-front')).not.toBeNull()
  })

  it('keeps no foresight row for a policy that foresees nothing', async () => {
    await show((hosts) => {
      hosts.answer('policy.settings', () => policySettings())
      hosts.tell('policy.state', policyState({ loaded: demoEntry, status: 'warm' }))
      hosts.tell(
        'drive.state',
        driveState('policy', { policy: { ...drives, id: demoEntry.id, isLearned: false } }),
      )
    })
    expect(screen.queryByTestId('surprise')).toBeNull()
    expect(document.querySelector('.foresight-tile')).toBeNull()
  })

  it('stacks only the latencies that were measured', async () => {
    const shown = await show()
    expect(screen.queryByTestId('latency')).toBeNull()
    await shown.tell(
      'policy.state',
      policyState({ loaded: a1, status: 'warm', stages: { infer: latency(84), captureAge: latency(31) } }),
    )
    const text = screen.getByTestId('latency').textContent
    expect(text).toContain('Camera age31')
    expect(text).toContain('116 ms')
    expect(text).not.toContain('Queue')
  })
})
