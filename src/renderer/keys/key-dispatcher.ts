/**
 * Decides what one key press means, once, whatever has the focus. Invariants: a press starts at most one command, and a
 * hold never follows a command that the same press already ran; `Escape` is never withheld, not by a text field
 * and not by an input method.
 */
import type { Timers } from '../app/timers.ts'
import { chordsOf, type KeyPress } from './chord.ts'
import { blockerOf, chordsFor, type Command, type Rebindings } from './command.ts'

/** `field` takes text; `control` answers to Enter and Space by itself; `form` does too and keeps Tab, wherever it stands. */
export type FocusKind = 'field' | 'control' | 'form' | 'none'

export interface KeyDown extends KeyPress {
  readonly isRepeat: boolean
  /** An input method is composing. */
  readonly isComposing: boolean
  readonly focus: FocusKind
}

export interface HoldProgress {
  readonly commandId: string
  readonly holdMs: number
}

export interface KeyDispatcherOptions {
  readonly timers: Timers
  readonly commands: () => readonly Command[]
  readonly rebindings: () => Rebindings
  /** True where Tab, Enter, Space and the arrows belong to the arm and not to the focused control. */
  readonly ownsControls: () => boolean
  /** `isSecond`: the second press within 0.6 s. */
  readonly onEscape: (isSecond: boolean) => void
  readonly onBlocked: (command: Command) => void
  readonly onHold: (progress: HoldProgress | null) => void
}

const secondEscapeMs = 600
const controlKeys: ReadonlySet<string> = new Set(['Tab', 'Enter', 'NumpadEnter', 'Space'])

interface Held {
  readonly timer: Disposable | null
  readonly running: Disposable | null
}

export class KeyDispatcher {
  readonly #options: KeyDispatcherOptions
  readonly #held = new Map<string, Held>()
  #escapeMs = -Infinity

  constructor(options: KeyDispatcherOptions) {
    this.#options = options
  }

  /** True when the press was ours: the caller keeps it from the page. */
  down(press: KeyDown): boolean {
    if (press.code === 'Escape' || press.key === 'Escape') {
      if (!press.isRepeat) this.#escape()
      return true
    }
    if (press.isComposing) return false
    if (this.#held.has(press.code)) return true
    const owns = this.#options.ownsControls()
    const isField = press.focus === 'field'
    const isNative = press.focus === 'form' || (!owns && press.focus === 'control')
    if (isNative && controlKeys.has(press.code)) return false
    const matching = this.#matching(press).filter((command) => !isField || command.isForFields === true)
    if (matching.length === 0) return owns && !isField && press.code === 'Tab'
    if (press.isRepeat) return true
    this.#begin(press.code, matching)
    return true
  }

  up(code: string): void {
    const held = this.#held.get(code)
    if (held === undefined) return
    this.#held.delete(code)
    this.#end(held)
  }

  /** The window lost the focus: nothing is held any more. */
  releaseAll(): void {
    for (const code of this.#held.keys()) this.up(code)
  }

  /** The mouse on a command's button, as if its key went down. */
  press(commandId: string): void {
    const command = this.#options.commands().find((c) => c.id === commandId)
    if (command !== undefined && command.availability !== 'hidden')
      this.#begin(`mouse:${commandId}`, [command])
  }

  release(commandId: string): void {
    this.up(`mouse:${commandId}`)
  }

  #escape(): void {
    const nowMs = this.#options.timers.nowMs()
    const isSecond = nowMs - this.#escapeMs <= secondEscapeMs
    this.#escapeMs = isSecond ? -Infinity : nowMs
    this.releaseAll()
    this.#options.onEscape(isSecond)
  }

  #matching(press: KeyPress): readonly Command[] {
    const chords = chordsOf(press)
    const rebindings = this.#options.rebindings()
    return this.#options
      .commands()
      .filter(
        (command) =>
          command.availability !== 'hidden' &&
          chordsFor(command, rebindings).some((chord) => chords.includes(chord)),
      )
  }

  #begin(code: string, matching: readonly Command[]): void {
    this.up(code)
    const ready = matching.filter((command) => command.availability === 'ready')
    const chosen =
      ready.find((c) => c.press === 'down') ??
      ready.find((c) => c.press === 'while') ??
      ready[0] ??
      matching[0]
    if (chosen === undefined) return
    if (blockerOf(chosen) !== null) {
      this.#held.set(code, { timer: null, running: null })
      this.#options.onBlocked(chosen)
    } else if (typeof chosen.press === 'object') {
      const { holdMs } = chosen.press
      const timer = this.#options.timers.after(holdMs, () => {
        this.#options.onHold(null)
        const now = this.#options.commands().find((c) => c.id === chosen.id)
        if (now?.availability === 'ready') now.run()
        // What was possible when the key went down may have to wait by now; a person who held it must be told.
        else if (now !== undefined && now.availability !== 'hidden') this.#options.onBlocked(now)
      })
      this.#held.set(code, { timer, running: null })
      this.#options.onHold({ commandId: chosen.id, holdMs })
    } else {
      const running = chosen.run()
      this.#held.set(code, { timer: null, running: chosen.press === 'while' ? (running ?? null) : null })
    }
  }

  #end(held: Held): void {
    held.running?.[Symbol.dispose]()
    if (held.timer === null) return
    held.timer[Symbol.dispose]()
    this.#options.onHold(null)
  }
}
