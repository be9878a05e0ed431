/**
 * What a new key would do: free, or taken by a command that can be given at the same moment. Commands that share a
 * default key share it by design (they never apply at once), and may go on sharing it.
 */
import { capsOf, chordsOf, type KeyPress } from '../keys/chord.ts'
import { chordsFor, type Rebindings } from '../keys/command.ts'
import { everywhere, type CatalogueEntry, type CatalogueGroup } from './catalogue.ts'

const modifiers: ReadonlySet<string> = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock'])

/** The chord to store for a press; null for a modifier on its own. */
export function chordToKeep(press: KeyPress): string | null {
  if (modifiers.has(press.key)) return null
  // A printable sign is written as itself, whatever Shift it needs on this layout.
  return chordsOf(press).at(-1) ?? null
}

/** A chord as a person reads it, e.g. `Ctrl ←`. */
export const chordText = (chord: string): string => capsOf(chord).join(' ')

const sharesByDesign = (a: CatalogueEntry, b: CatalogueEntry): boolean =>
  a.chords.some((chord) => b.chords.includes(chord))

/** The command that has this chord where `entry` would use it, or null. */
export function holderOf(
  chord: string,
  entry: CatalogueEntry,
  groupId: string,
  groups: readonly CatalogueGroup[],
  rebindings: Rebindings,
): CatalogueEntry | null {
  const reach = groups.filter(
    (group) => group.id === groupId || group.id === everywhere || groupId === everywhere,
  )
  return (
    reach
      .flatMap((group) => group.entries)
      .find(
        (other) =>
          other.id !== entry.id &&
          chordsFor(other, rebindings).includes(chord) &&
          !(sharesByDesign(entry, other) && entry.chords.includes(chord)),
      ) ?? null
  )
}

/** The settings after `id` got `chord`; its default again when that is its first key. */
export function rebound(
  rebindings: Rebindings,
  entry: CatalogueEntry,
  chord: string,
): Record<string, string> {
  const { [entry.id]: _before, ...others } = rebindings
  return entry.chords[0] === chord && entry.chords.length === 1 ? others : { ...others, [entry.id]: chord }
}

export function withoutRebinding(rebindings: Rebindings, id: string): Record<string, string> {
  const { [id]: _before, ...others } = rebindings
  return others
}

/** Groups with the entries whose name or key contains the text; empty groups fall away. */
export function searched(
  groups: readonly CatalogueGroup[],
  text: string,
  rebindings: Rebindings,
): readonly CatalogueGroup[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return groups
  const hits = (entry: CatalogueEntry): boolean =>
    entry.title.toLowerCase().includes(wanted) ||
    chordsFor(entry, rebindings).some((chord) => chordText(chord).toLowerCase().includes(wanted))
  return groups
    .map((group) => ({ ...group, entries: group.entries.filter(hits) }))
    .filter((group) => group.entries.length > 0)
}
