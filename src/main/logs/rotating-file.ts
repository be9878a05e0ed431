/** A text file that is appended to and moved aside when it has grown: `x.jsonl`, then `x.1.jsonl` … the oldest is dropped. */
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface RotationLimits {
  readonly maxBytes: number
  /** Files kept besides the current one. */
  readonly keep: number
}

export const defaultLimits: RotationLimits = { maxBytes: 4 * 1024 * 1024, keep: 4 }

const numbered = (path: string, index: number): string =>
  index === 0 ? path : path.replace(/\.([^.]+)$/u, `.${index}.$1`)

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Appends `text`; throws the system's error when the disk refuses. */
export function appendRotating(path: string, text: string, limits: RotationLimits = defaultLimits): void {
  mkdirSync(dirname(path), { recursive: true })
  if (sizeOf(path) + Buffer.byteLength(text) > limits.maxBytes && sizeOf(path) > 0) {
    rmSync(numbered(path, limits.keep), { force: true })
    for (let index = limits.keep - 1; index >= 0; index--)
      if (sizeOf(numbered(path, index)) > 0) renameSync(numbered(path, index), numbered(path, index + 1))
  }
  appendFileSync(path, text)
}
