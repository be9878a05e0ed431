/** What the list under the path offers: checkpoints that are here already, then folders that go on from what is typed. */
import { byteFigure } from './byte-figures.ts'
import type { Nearby } from './use-nearby.ts'

export interface PathOption {
  readonly path: string
  readonly title: string
  /** Size of a checkpoint; empty for a folder. */
  readonly note: string
  readonly isCheckpoint: boolean
}

/** @param typed what stands in the field */
export function pathOptions({ checkpoints, folders }: Nearby, typed: string): readonly PathOption[] {
  const text = typed.trim().toLocaleLowerCase()
  const known = checkpoints
    .filter(({ name, path }) => `${name}\n${path}`.toLocaleLowerCase().includes(text))
    .map(({ name, path, bytes }) => ({ path, title: name, note: byteFigure(bytes), isCheckpoint: true }))
  const paths = new Set(known.map(({ path }) => path))
  const further = folders
    .filter(({ path }) => !paths.has(path))
    .map(({ path, isCheckpoint }) => ({ path, title: lastPart(path), note: '', isCheckpoint }))
  return [...known, ...further].filter(({ path }) => path !== typed.trim())
}

/** A checkpoint is where the way ends; from a folder it goes on. */
export const pathAfter = ({ path, isCheckpoint }: PathOption): string =>
  isCheckpoint ? path : `${path}${path.includes('\\') ? '\\' : '/'}`

const lastPart = (path: string): string => path.split(/[/\\]/u).at(-1) ?? path
