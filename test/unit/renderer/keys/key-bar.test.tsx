// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { AppProvider } from '#renderer/app/app-context.tsx'
import type { Command } from '#renderer/keys/command.ts'
import { KeyBar } from '#renderer/keys/key-bar.tsx'
import { openPage, type PageUnderTest } from '#test/fakes/page-app.ts'

let page: PageUnderTest | null = null
afterEach(() => {
  cleanup()
  page?.[Symbol.dispose]()
})

const command = (id: string, bar: number, blocker: string | null): Command => ({
  id,
  title: id,
  chords: [id],
  press: 'down',
  availability: blocker === null ? 'ready' : { blockedBy: blocker },
  run: () => undefined,
  bar,
})

describe('the bar of keys', () => {
  it('says once what several keys wait for, and at each to who points at it or has it read', async () => {
    page = await openPage(() => undefined)
    const { app } = page
    app.registry.set('test', [
      command('a', 1, 'the leader is silent'),
      command('b', 2, 'no policy'),
      command('c', 3, 'the leader is silent'),
      command('d', 4, null),
    ])
    render(
      <AppProvider app={app}>
        <KeyBar />
      </AppProvider>,
    )
    await act(async () => undefined)
    expect(screen.getAllByText(/the leader is silent/u)).toHaveLength(1)
    expect(screen.getByTestId('command-a').textContent).toContain('the leader is silent')
    expect(screen.getByTestId('command-b').textContent).toContain('no policy')
    expect(screen.getByTestId('command-c').getAttribute('title')).toBe('the leader is silent')
    expect(screen.getByTestId('command-d').getAttribute('aria-disabled')).toBe('false')
  })
})
