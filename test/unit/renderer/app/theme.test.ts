// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLiveStore } from '#renderer/app/live-state.ts'
import { followTheme } from '#renderer/app/theme.ts'
import { settings } from '#test/fakes/page-states.ts'

let isSystemLight = false
let onChange: () => void = () => undefined

beforeEach(() => {
  isSystemLight = false
  vi.stubGlobal('matchMedia', () => ({
    get matches() {
      return isSystemLight
    },
    addEventListener: (_type: string, listener: () => void) => {
      onChange = listener
    },
  }))
})

afterEach(() => vi.unstubAllGlobals())

const shown = (): string | undefined => document.documentElement.dataset['theme']

describe('followTheme', () => {
  it('is what was chosen, whatever the system is', () => {
    const live = createLiveStore()
    isSystemLight = true
    live.setState({ settings: { ...settings, theme: 'dark' } })
    followTheme(live)
    expect(shown()).toBe('dark')
    live.setState({ settings: { ...settings, theme: 'light' } })
    expect(shown()).toBe('light')
  })

  it('follows the system when it is told to, and before any settings', () => {
    const live = createLiveStore()
    followTheme(live)
    expect(shown()).toBe('dark')
    isSystemLight = true
    onChange()
    expect(shown()).toBe('light')
  })

  it('names the language for fonts and readers', () => {
    const live = createLiveStore()
    live.setState({ settings: { ...settings, language: 'zh' } })
    followTheme(live)
    expect(document.documentElement.lang).toBe('zh')
  })
})
