// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { LanguageProvider } from '#renderer/i18n/language.tsx'
import { FaultNote } from '#renderer/ui/note.tsx'

afterEach(cleanup)

const show = (language: 'en' | 'zh', message: string): HTMLElement => {
  render(
    <LanguageProvider language={language}>
      <FaultNote fault={{ code: 'policy/no-memory', message }} />
    </LanguageProvider>,
  )
  return screen.getByTestId('fault')
}

describe('the words of a host under a fault', () => {
  it('are open and Chinese on a Chinese page where a translation knows them', () => {
    const note = show('zh', '11.6 GB needed, 8.2 GB of memory free')
    expect(note.textContent).toContain('需要 11.6 GB，内存剩余 8.2 GB')
    expect(note.querySelector('details')).toBeNull()
  })

  it('are folded and marked as English where none does', () => {
    const note = show('zh', 'the moon is full')
    expect(note.querySelector('details')?.open).toBe(false)
    expect(note.querySelector('summary')?.textContent).toBe('主机原文（英文）')
    expect(note.querySelector('[lang="en"]')?.textContent).toBe('the moon is full')
  })

  it('stand open on an English page', () => {
    const note = show('en', 'the moon is full')
    expect(note.querySelector('details')).toBeNull()
    expect(note.textContent).toContain('the moon is full')
  })
})
