/**
 * A command is something a person can do now, as data: the key bar, the list of all keys, the mouse buttons and the key
 * handler are all drawn from it. A command that must wait keeps its place and says why.
 */
export type Availability = 'ready' | 'hidden' | { readonly blockedBy: string }

/** `down` acts when the key goes down; `hold` after it was held; `while` acts as long as it is down. */
export type Press = 'down' | { readonly holdMs: number } | 'while'

export interface Command {
  /** Stable, e.g. `operate.engage`: the key of a rebinding in the settings. */
  readonly id: string
  /** A verb in the language of the page. */
  readonly title: string
  /** Default chords; the first one is drawn. */
  readonly chords: readonly string[]
  readonly press: Press
  readonly availability: Availability
  /** For `while`, what ends it. */
  readonly run: () => Disposable | void
  /** Where it stands in the key bar, left to right; absent keeps it to the list of all keys. */
  readonly bar?: number
  /** Leaves the key bar first when the window is narrow. */
  readonly isWide?: boolean
  /** Works while a text field has the focus. */
  readonly isForFields?: boolean
}

export const holdMs = 500
export const longHoldMs = 1000

/** Command id → chord, from the settings; a rebound command loses its default chords. */
export type Rebindings = Readonly<Record<string, string>>

export const chordsFor = (
  command: Pick<Command, 'id' | 'chords'>,
  rebindings: Rebindings,
): readonly string[] => {
  const own = rebindings[command.id]
  return own === undefined ? command.chords : [own]
}

export const blockerOf = (command: Command): string | null =>
  typeof command.availability === 'object' ? command.availability.blockedBy : null
