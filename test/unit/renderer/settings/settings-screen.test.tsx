// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SettingsScreen } from '#renderer/settings/settings-screen.tsx'
import { showDesk, type DeskUnderTest } from '#test/fakes/desk-page.tsx'
import type { FakeHosts } from '#test/fakes/fake-hosts.ts'
import { driveState, hostsRunning, settings } from '#test/fakes/page-states.ts'

let desk: DeskUnderTest | null = null

afterEach(() => {
  desk?.[Symbol.dispose]()
  desk = null
  vi.unstubAllGlobals()
})

async function show(prepare?: (hosts: FakeHosts) => void): Promise<DeskUnderTest> {
  desk = await showDesk(SettingsScreen, prepare)
  return desk
}

const changes = (shown: DeskUnderTest): readonly unknown[] => shown.page.hosts.called('shell.changeSettings')

describe('general settings', () => {
  it('change language, theme and sound at once', async () => {
    const shown = await show()
    await shown.click('setting-language-zh')
    await shown.click('setting-theme-light')
    await shown.click('setting-sound')
    expect(changes(shown)).toEqual([{ language: 'zh' }, { theme: 'light' }, { isSoundOn: true }])
  })

  it('save the operator when the field is left, trimmed, and only when it changed', async () => {
    const shown = await show()
    await shown.fill('setting-operator', 'Lin ')
    expect(changes(shown)).toEqual([])
    await shown.fill('setting-operator', '  Ada ')
    expect(changes(shown)).toEqual([{ operator: 'Ada' }])
  })
})

describe('keys', () => {
  const openKeys = async (keys: Record<string, string> = {}): Promise<DeskUnderTest> => {
    const shown = await show((hosts) => hosts.tell('shell.settings', { ...settings, keys }))
    await shown.click('settings-keys')
    return shown
  }

  it('list the commands of every screen', async () => {
    await openKeys()
    for (const id of [
      'frame.keys',
      'operate.engage',
      'review.open',
      'episode.play',
      'policies.load',
      'rig.connect',
    ])
      expect(screen.getByTestId(`key-row-${id}`)).toBeTruthy()
  })

  it('take the next key pressed as the new one', async () => {
    const shown = await openKeys()
    await shown.click('key-change-operate.hold')
    await shown.tap('h')
    expect(changes(shown)).toEqual([{ keys: { 'operate.hold': 'H' } }])
    expect(screen.queryByTestId('key-capture')).toBeNull()
  })

  it('refuse a key that is in use, by name, and go on listening', async () => {
    const shown = await openKeys()
    await shown.click('key-change-operate.hold')
    await shown.tap('q')
    expect(screen.getByTestId('key-conflict').textContent).toContain('End session')
    expect(changes(shown)).toEqual([])
    await shown.tap('h')
    expect(changes(shown)).toHaveLength(1)
  })

  it('reset one, or all', async () => {
    const shown = await openKeys({ 'operate.hold': 'H', 'operate.engage': 'E' })
    await shown.click('key-reset-operate.hold')
    expect(changes(shown)).toEqual([{ keys: { 'operate.engage': 'E' } }])
    await shown.click('keys-reset-all')
    expect(changes(shown).at(-1)).toEqual({ keys: {} })
  })

  it('never start a command while they listen', async () => {
    const shown = await openKeys()
    await shown.click('key-change-operate.hold')
    await shown.tap('Shift+M')
    expect(changes(shown).filter((change) => 'isSoundOn' in (change as object))).toEqual([])
  })
})

describe('hosts and report', () => {
  it('restart a host, but not one that carries a powered arm', async () => {
    const shown = await show((hosts) => hosts.tell('drive.state', driveState('teleop')))
    await shown.click('settings-system')
    const button = (name: string): HTMLButtonElement => screen.getByTestId(`restart-${name}`)
    expect(button('rig').disabled).toBe(true)
    expect(button('library').disabled).toBe(false)
    await shown.click('restart-library')
    expect(shown.page.hosts.called('shell.restartHost')).toEqual([{ name: 'library' }])
  })

  it('offer the restart of a rig host that does not run', async () => {
    const shown = await show((hosts) => {
      hosts.tell('drive.state', driveState('idle'))
      hosts.tell(
        'shell.hosts',
        hostsRunning.map((host) =>
          host.name === 'rig' ? { ...host, status: 'stopped', lastExit: 'signal SIGKILL' } : host,
        ),
      )
    })
    await shown.click('settings-system')
    const row = screen.getByTestId('host-rig')
    expect(row.textContent).toContain('signal SIGKILL')
    expect(screen.getByTestId<HTMLButtonElement>('restart-rig').disabled).toBe(false)
  })

  it('copy the report, or show it where the clipboard is closed', async () => {
    const written: string[] = []
    const writeText = (text: string): Promise<void> => {
      if (written.length > 0) return Promise.reject(new Error('denied'))
      written.push(text)
      return Promise.resolve()
    }
    vi.stubGlobal('navigator', Object.create(navigator, { clipboard: { value: { writeText } } }))
    const shown = await show((hosts) => hosts.answer('shell.problemReport', () => ({ text: 'one\ntwo' })))
    await shown.click('settings-system')
    await shown.click('problem-report')
    expect(written).toEqual(['one\ntwo'])
    expect(screen.getByText('Copied, 2 lines')).toBeTruthy()
    await shown.click('problem-report')
    expect(screen.getByTestId<HTMLTextAreaElement>('problem-report-text').value).toBe('one\ntwo')
  })
})
