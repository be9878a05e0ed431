import { describe, expect, it } from 'vitest'
import { frameMessages } from '#renderer/app/messages.ts'
import { firstRunMessages } from '#renderer/first-run/messages.ts'
import type { MessageSet, Messages } from '#renderer/i18n/define-messages.ts'
import { resolveLanguage } from '#renderer/i18n/language.tsx'
import { causeMessages } from '#renderer/operate/cause/messages.ts'
import { foresightMessages } from '#renderer/operate/foresight/messages.ts'
import { operateMessages } from '#renderer/operate/messages.ts'
import { stripMessages } from '#renderer/operate/strip/messages.ts'
import { importMessages } from '#renderer/policies/import-messages.ts'
import { policiesMessages } from '#renderer/policies/messages.ts'
import { setupMessages } from '#renderer/policies/setup-messages.ts'
import { openLoopMessages } from '#renderer/review/episode/open-loop/messages.ts'
import { uiMessages } from '#renderer/ui/messages.ts'

const rooms: Readonly<Record<string, Messages<MessageSet>>> = {
  frame: frameMessages,
  operate: operateMessages,
  cause: causeMessages,
  strip: stripMessages,
  foresight: foresightMessages,
  policies: policiesMessages,
  import: importMessages,
  setup: setupMessages,
  openLoop: openLoopMessages,
  firstRun: firstRunMessages,
  ui: uiMessages,
}

/** Texts without any Chinese character: names and units that stay as they are. */
const untranslated = new Set(['countOf', 'sentenceGap', 'p99'])

describe.each(Object.entries(rooms))('messages of %s', (_room, messages) => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(messages.zh).toSorted()).toEqual(Object.keys(messages.en).toSorted())
  })

  it('are Chinese in Chinese', () => {
    for (const [key, text] of Object.entries<unknown>(messages.zh)) {
      const said = String(text)
      if (!untranslated.has(key)) expect(said, key).toMatch(/\p{Script=Han}/u)
    }
  })

  it('do not shout, beg or celebrate', () => {
    for (const text of Object.values<unknown>(messages.en)) {
      const said = String(text)
      expect(said).not.toMatch(/[^=!]![^=]|\bplease\b|successfully|\boops\b/iu)
    }
  })
})

describe('resolveLanguage', () => {
  it('takes what was chosen', () => {
    expect(resolveLanguage('zh', ['en-US'])).toBe('zh')
    expect(resolveLanguage('en', ['zh-CN'])).toBe('en')
  })

  it('follows the first language of the browser that exists here', () => {
    expect(resolveLanguage('system', ['zh-TW', 'en'])).toBe('zh')
    expect(resolveLanguage('system', ['de-DE', 'zh-CN', 'en'])).toBe('zh')
    expect(resolveLanguage('system', ['en-US@posix'])).toBe('en')
  })

  it('speaks English where nothing fits', () => {
    expect(resolveLanguage('system', ['fr-FR'])).toBe('en')
    expect(resolveLanguage('system', [])).toBe('en')
  })
})
