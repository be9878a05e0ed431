// @vitest-environment happy-dom
import { act, cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppProvider } from '#renderer/app/app-context.tsx'
import { Frame } from '#renderer/app/frame.tsx'
import { CaptureProvider } from '#renderer/capture/camera-view.tsx'
import { CaptureController } from '#renderer/capture/capture-controller.ts'
import { listenToKeys } from '#renderer/keys/listen.ts'
import type { FakeHosts } from '#test/fakes/fake-hosts.ts'
import { openPage, type PageUnderTest } from '#test/fakes/page-app.ts'
import { driveState, openTake, recordState, rigState, settings } from '#test/fakes/page-states.ts'
import { eventually } from '#test/fakes/eventually.ts'

// happy-dom has no canvas; what the plots draw is tested on their samples.
vi.mock('#renderer/charts/history-chart.ts', () => ({
  HistoryChart: class {
    draw(): void {}
    [Symbol.dispose](): void {}
  },
}))

let open: (Disposable | PageUnderTest)[] = []

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', () => 0)
  vi.stubGlobal('cancelAnimationFrame', () => undefined)
})

afterEach(() => {
  cleanup()
  for (const thing of open) thing[Symbol.dispose]()
  open = []
  vi.unstubAllGlobals()
})

async function show(prepare: (hosts: FakeHosts) => void): Promise<PageUnderTest> {
  const page = await openPage(prepare)
  const capture = new CaptureController({
    createWorker: () => ({
      postMessage: () => undefined,
      terminate: () => undefined,
      addEventListener: () => undefined,
    }),
  })
  open.push(page, capture, listenToKeys(window, page.app.keys, false))
  render(
    <AppProvider app={page.app}>
      <CaptureProvider controller={capture}>
        <Frame />
      </CaptureProvider>
    </AppProvider>,
  )
  await act(async () => {
    await page.pass(20)
    // The screen's module is loaded when it is first shown.
    await import('#renderer/operate/operate-screen.tsx')
    await page.pass(20)
  })
  await eventually(() => expect(document.querySelector('.loading')).toBeNull())
  return page
}

async function tell(page: PageUnderTest, stream: string, item: unknown): Promise<void> {
  await act(async () => {
    page.hosts.tell(stream, item)
    await page.pass(20)
  })
}

function send(type: 'keydown' | 'keyup', key: string, code = key): void {
  const target = document.activeElement ?? document.body
  target.dispatchEvent(new KeyboardEvent(type, { key, code, bubbles: true, cancelable: true }))
}

async function tap(page: PageUnderTest, key: string, code = key): Promise<void> {
  await act(async () => {
    send('keydown', key, code)
    send('keyup', key, code)
    await page.pass(40)
  })
}

async function hold(page: PageUnderTest, key: string, ms: number): Promise<void> {
  await act(async () => {
    send('keydown', key)
    await page.pass(ms)
    send('keyup', key)
    await page.pass(40)
  })
}

const badge = (): HTMLElement => screen.getByTestId('source-badge')

describe('the live screen', () => {
  it('engages only when Enter was held for half a second', async () => {
    const page = await show((hosts) => hosts.tell('drive.state', driveState('idle')))
    await hold(page, 'Enter', 300)
    expect(page.hosts.called('drive.engage')).toEqual([])
    await hold(page, 'Enter', 540)
    expect(page.hosts.called('drive.engage')).toEqual([{ keepClearAcknowledged: false }])
  })

  it('goes from take-over to take-over by Tab on key down, and to the policy by holding it', async () => {
    const page = await show((hosts) => hosts.tell('drive.state', driveState('policy')))
    await tap(page, 'Tab')
    expect(page.hosts.called('drive.takeOver')).toHaveLength(1)
    await tell(page, 'drive.state', driveState('teleop'))
    await tap(page, 'Tab')
    expect(page.hosts.called('drive.giveToPolicy')).toEqual([])
    await hold(page, 'Tab', 540)
    expect(page.hosts.called('drive.giveToPolicy')).toHaveLength(1)
  })

  it('says who drives in its badge, to eyes and to readers', async () => {
    const page = await show((hosts) => hosts.tell('drive.state', driveState('teleop')))
    expect(badge().dataset['mode']).toBe('teleop')
    expect(badge().getAttribute('aria-live')).toBe('assertive')
    await tell(page, 'drive.state', driveState('policy'))
    expect(badge().dataset['mode']).toBe('policy')
    expect(badge().getAttribute('aria-label')).toContain('Policy in control')
  })

  it('stops showing a source when nobody answers, and greys the keys', async () => {
    const page = await show((hosts) => {
      hosts.tell('drive.state', driveState('teleop'))
      hosts.answer('drive.ping', () => new Promise(() => undefined))
      hosts.answer('drive.heartbeat', () => new Promise(() => undefined))
    })
    await act(() => page.pass(1500))
    expect(badge().dataset['mode']).toBe('lost')
    expect(screen.getByTestId('say').textContent).toBe('Esc cannot reach the arm')
    expect(screen.getByTestId('command-operate.hold').getAttribute('aria-disabled')).toBe('true')
  })

  it('puts the cause where the first camera was, and offers the closed take', async () => {
    const page = await show((hosts) => {
      hosts.tell(
        'drive.state',
        driveState('fault', { cause: { code: 'bus/closed', message: '', sinceUs: 1 } }),
      )
      hosts.tell('record.state', recordState({ phase: 'closed', take: openTake() }))
    })
    expect(screen.getByRole('alert', { name: 'The port was closed' })).toBeTruthy()
    expect(screen.queryByTestId('camera-wrist')).toBeNull()
    expect(screen.getByTestId('line-closed').textContent).toContain('Take 24 is safe to 00:12.4')
    await tap(page, 'ArrowRight')
    expect(page.hosts.called('record.save')).toEqual([{ outcome: null }])
  })

  it('lets a person name the dataset in the strip; keys rest, Esc still stops', async () => {
    const page = await show((hosts) => {
      hosts.tell('drive.state', driveState('holding'))
      hosts.tell('record.state', recordState({ phase: 'none', dataset: null, task: '' }))
    })
    await tap(page, 'i', 'KeyI')
    expect(document.activeElement).toBe(screen.getByTestId('dataset-dataset'))
    await tap(page, 's', 'KeyS')
    expect(page.hosts.called('record.setOutcome')).toEqual([])
    await act(async () => {
      screen.getByTestId('dataset-choose').click()
      await page.pass(40)
    })
    expect(page.hosts.called('record.choose')).toMatchObject([{ dataset: 'cube-box-v4', operator: 'Lin' }])
    await tap(page, 'Escape')
    expect(page.hosts.called('drive.stop')).toHaveLength(1)
  })

  it('shows what waits and why, and repeats it when the key is pressed', async () => {
    const page = await show((hosts) => hosts.tell('drive.state', driveState('idle')))
    expect(screen.getByTestId('command-operate.startTake').textContent).toContain('after engage')
    await tap(page, 'ArrowRight')
    expect(screen.getByTestId('line-refusal').textContent).toContain('Start take waits: after engage')
  })

  it('lists all keys without stopping them from working', async () => {
    const page = await show((hosts) => hosts.tell('drive.state', driveState('teleop')))
    await tap(page, '?', 'Slash')
    expect(within(screen.getByTestId('key-list')).getByText('Hold')).toBeTruthy()
    await tap(page, ' ', 'Space')
    expect(page.hosts.called('drive.hold')).toHaveLength(1)
  })

  it('draws keys as they are bound now', async () => {
    await show((hosts) => {
      hosts.tell('drive.state', driveState('teleop'))
      hosts.tell('shell.settings', { ...settings, keys: { 'operate.hold': 'B' } })
    })
    expect(within(screen.getByTestId('command-operate.hold')).getByText('B')).toBeTruthy()
  })

  it('lets a watching page ask for control', async () => {
    const page = await show((hosts) =>
      hosts.tell('drive.state', driveState('teleop', { lease: { holder: 'page-2', label: 'lab pc' } })),
    )
    expect(screen.getByTestId('line-watching').textContent).toContain('lab pc drives')
    await act(async () => {
      screen.getByText('Take control here').click()
      await page.pass(40)
    })
    expect(page.hosts.called('drive.claimLease')).toEqual([{ label: 'test page', force: true }])
  })

  it('speaks Chinese when told to', async () => {
    await show((hosts) => {
      hosts.tell('drive.state', driveState('holding'))
      hosts.tell('shell.settings', { ...settings, language: 'zh' })
    })
    expect(badge().textContent).toContain('保持')
    expect(screen.getByTestId('command-operate.engage').textContent).toContain('启动')
  })
})

describe('first run', () => {
  it('offers the simulated pair and starts it by Enter', async () => {
    const page = await show((hosts) => {
      hosts.tell('rig.state', rigState({ status: 'none', rig: null, arms: [] }))
      hosts.tell('drive.state', driveState('idle', { follower: null, leader: null }))
    })
    expect(screen.queryByTestId('source-badge')).toBeNull()
    await tap(page, 'Enter')
    expect(page.hosts.called('rig.connect')).toMatchObject([
      {
        name: 'simulated-pair',
        robotType: 'so_follower',
        fps: 30,
        follower: { port: { kind: 'simulated' } },
      },
    ])
    expect(page.hosts.called('shell.changeSettings')).toEqual([{ lastRig: 'simulated-pair' }])
  })

  it('says in words why the pair did not start', async () => {
    await show((hosts) => {
      hosts.tell(
        'rig.state',
        rigState({ status: 'none', rig: null, arms: [], fault: { code: 'sim/not-available', message: '' } }),
      )
      hosts.tell('drive.state', driveState('idle', { follower: null }))
    })
    expect(screen.getByRole('alert').textContent).toContain('The simulator is not running')
  })

  it('shows an arm that is plugged in meanwhile', async () => {
    const page = await show((hosts) => {
      hosts.tell('rig.state', rigState({ status: 'none', rig: null, arms: [] }))
      hosts.tell('drive.state', driveState('idle', { follower: null }))
    })
    page.hosts.answer('rig.ports', () => [{ path: '/dev/ttyACM0' }])
    await act(() => page.pass(2100))
    expect(screen.getByTestId('first-run').textContent).toContain('Found: /dev/ttyACM0')
  })

  it('after a reload says that the arm an ended host left may still hold, and Enter connects that one', async () => {
    const { rig } = rigState()
    const page = await show((hosts) => {
      const left = { rig: rig as NonNullable<typeof rig>, since: '2026-11-24T14:02:11.000Z' }
      hosts.tell('rig.state', rigState({ status: 'none', rig: null, arms: [], left }))
    })
    const told = screen.getByTestId('first-run').textContent
    expect(told).toContain('An arm may still hold.')
    expect(told).toContain('its power switch is the emergency stop')
    expect(told).toContain('24 Nov 2026')
    expect(told).not.toContain('No arm plugged in.')
    await tap(page, 'Enter')
    expect(page.hosts.called('rig.connect')).toEqual([rig])
  })

  it('after its host ended under a connected rig says so, and Enter connects that rig again', async () => {
    const { rig } = rigState()
    const page = await show((hosts) => hosts.tell('rig.state', rigState()))
    await act(async () => {
      page.hosts.end('rig.state', { code: 'shell/host-down', message: 'SIGKILL' })
      await page.pass(20)
    })
    await act(async () => {
      page.hosts.tell('rig.state', rigState({ status: 'none', rig: null, arms: [] }))
      await page.pass(500)
    })
    const told = screen.getByTestId('first-run').textContent
    expect(told).toContain('The link to the arm broke.')
    expect(told).not.toContain('No arm plugged in.')
    await tap(page, 'Enter')
    expect(page.hosts.called('rig.connect')).toEqual([rig])
  })
})
