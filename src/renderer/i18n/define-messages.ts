/**
 * Typed messages: a room writes its English texts and, with the same keys and parameters, its Chinese ones. A missing
 * or misspelt translation does not compile. A text that needs figures is a function of them.
 */
export type Language = 'en' | 'zh'

export type Message = string | ((...figures: never[]) => string)
export type MessageSet = Readonly<Record<string, Message>>

/** The same keys; functions keep their parameters. */
export type TranslationOf<M extends MessageSet> = {
  readonly [K in keyof M]: M[K] extends (...figures: infer A) => string ? (...figures: A) => string : string
}

export type Messages<M extends MessageSet> = Readonly<Record<Language, TranslationOf<M>>>

/** `en` is its own translation, which is why it may be read as one. */
export const defineMessages = <M extends MessageSet>(
  en: M & TranslationOf<M>,
  zh: TranslationOf<M>,
): Messages<M> => ({ en, zh })
