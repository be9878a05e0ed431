/** The last part of where a policy lies, on any operating system. */
import type { PolicyEntry } from '#contract/services/policy.ts'

export const folderName = ({ path }: Pick<PolicyEntry, 'path'>): string => path.split(/[/\\]/u).at(-1) ?? path

/** One that does not open has said no name: it is called as its folder. */
export const shownName = (entry: Pick<PolicyEntry, 'id' | 'name' | 'path'>): string =>
  entry.name === entry.id && entry.id.includes('/') ? folderName(entry) : entry.name
