/** One desk screen (Review, Rig, Policies, Settings) against fake hosts, with keys as the window sends them. */
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import type { ComponentType } from 'react'
import { AppProvider } from '#renderer/app/app-context.tsx'
import { CaptureProvider } from '#renderer/capture/camera-view.tsx'
import { CaptureController } from '#renderer/capture/capture-controller.ts'
import type { Language } from '#renderer/i18n/define-messages.ts'
import { LanguageProvider } from '#renderer/i18n/language.tsx'
import { listenToKeys } from '#renderer/keys/listen.ts'
import type { FakeHosts } from './fake-hosts.ts'
import { openPage, type PageUnderTest } from './page-app.ts'

export interface DeskUnderTest extends Disposable {
  readonly page: PageUnderTest
  /** A key down and up; `Ctrl+Z` and `Shift+ArrowDown` as in a chord. */
  tap(chord: string): Promise<void>
  click(testId: string): Promise<void>
  /** Types into a field and leaves it. */
  fill(testId: string, text: string): Promise<void>
  tell(stream: string, item: unknown): Promise<void>
  /** Lets answers come and timers run. */
  pass(ms?: number): Promise<void>
}

const codeOf = (key: string): string => {
  if (/^[a-z]$/iu.test(key)) return `Key${key.toUpperCase()}`
  return { ' ': 'Space', ',': 'Comma', '.': 'Period', '/': 'Slash', '-': 'Minus', '=': 'Equal' }[key] ?? key
}

export async function showDesk(
  Screen: ComponentType,
  prepare: (hosts: FakeHosts) => void = () => undefined,
  language: Language = 'en',
): Promise<DeskUnderTest> {
  const page = await openPage(prepare)
  const capture = new CaptureController({
    createWorker: () => ({
      postMessage: () => undefined,
      terminate: () => undefined,
      addEventListener: () => undefined,
    }),
  })
  const keys = listenToKeys(window, page.app.keys, false)
  render(
    <AppProvider app={page.app}>
      <CaptureProvider controller={capture}>
        <LanguageProvider language={language}>
          <Screen />
        </LanguageProvider>
      </CaptureProvider>
    </AppProvider>,
  )
  const pass = async (ms = 40): Promise<void> => {
    await act(() => page.pass(ms))
  }
  await pass()
  return {
    page,
    pass,
    tap: async (chord) => {
      const parts = chord.split('+')
      const key = parts.at(-1) ?? ''
      const init = {
        key,
        code: codeOf(key),
        ctrlKey: parts.includes('Ctrl'),
        shiftKey: parts.includes('Shift'),
        bubbles: true,
        cancelable: true,
      }
      await act(async () => {
        const target = document.activeElement ?? document.body
        target.dispatchEvent(new KeyboardEvent('keydown', init))
        target.dispatchEvent(new KeyboardEvent('keyup', init))
        await page.pass(40)
      })
    },
    click: async (testId) => {
      await act(async () => {
        screen.getByTestId(testId).click()
        await page.pass(40)
      })
    },
    fill: async (testId, text) => {
      await act(async () => {
        const field = screen.getByTestId(testId)
        field.focus()
        fireEvent.change(field, { target: { value: text } })
        field.blur()
        await page.pass(40)
      })
    },
    tell: async (stream, item) => {
      await act(async () => {
        page.hosts.tell(stream, item)
        await page.pass(40)
      })
    },
    [Symbol.dispose]: () => {
      cleanup()
      keys[Symbol.dispose]()
      page[Symbol.dispose]()
      capture[Symbol.dispose]()
    },
  }
}
