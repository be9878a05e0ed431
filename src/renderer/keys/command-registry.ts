/** The commands that exist now, by who offers them: the frame, the screen, a panel. Later scopes win over earlier ones. */
import { useLayoutEffect, useSyncExternalStore } from 'react'
import type { Command } from './command.ts'

export class CommandRegistry {
  readonly #scopes = new Map<string, readonly Command[]>()
  readonly #listeners = new Set<() => void>()
  #all: readonly Command[] = []
  #shown: readonly Command[] = []
  #shownKey = '[]'

  /** Newest scope first; the `run` of each is that of the last render. */
  readonly list = (): readonly Command[] => this.#all

  /** Changes identity only when something visible changed. */
  readonly shown = (): readonly Command[] => this.#shown

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(scope: string, commands: readonly Command[]): void {
    this.#scopes.set(scope, commands)
    this.#changed()
  }

  clear(scope: string): void {
    this.#scopes.delete(scope)
    this.#changed()
  }

  #changed(): void {
    const all = [...this.#scopes.values()].reverse().flat()
    const key = JSON.stringify(all.map((c) => [c.id, c.title, c.availability]))
    this.#all = all
    if (key === this.#shownKey) return
    this.#shownKey = key
    this.#shown = all
    for (const listener of this.#listeners) listener()
  }
}

/** Offers commands while the calling component is on screen. */
export function useScopedCommands(
  registry: CommandRegistry,
  scope: string,
  commands: readonly Command[],
): void {
  useLayoutEffect(() => registry.set(scope, commands))
  useLayoutEffect(() => () => registry.clear(scope), [registry, scope])
}

export const useAllCommands = (registry: CommandRegistry): readonly Command[] =>
  useSyncExternalStore(registry.subscribe, registry.shown)
