/** The language of the page: chosen in the settings, else the browser's. Components read their room's texts with `useMessages`. */
import { createContext, use, type ReactNode } from 'react'
import type { Language, MessageSet, Messages, TranslationOf } from './define-messages.ts'

const LanguageContext = createContext<Language>('en')

/** `chosen` is the setting; `preferred` is `navigator.languages`. Any Chinese gives Simplified Chinese. */
export function resolveLanguage(chosen: 'system' | Language, preferred: readonly string[]): Language {
  if (chosen !== 'system') return chosen
  const first = preferred.find((tag) => /^(zh|en)\b/iu.test(tag))
  return first?.toLowerCase().startsWith('zh') === true ? 'zh' : 'en'
}

export function LanguageProvider(props: { language: Language; children: ReactNode }): ReactNode {
  return <LanguageContext value={props.language}>{props.children}</LanguageContext>
}

export const useLanguage = (): Language => use(LanguageContext)

export function useMessages<M extends MessageSet>(messages: Messages<M>): TranslationOf<M> {
  return messages[use(LanguageContext)]
}
