/** The shape of a fault in words. Every code must have one: the type makes a missing one a compile error. */
import type { FaultCode } from '#core/errors.ts'

export interface FaultText {
  /** What happened: the title. */
  readonly what: string
  /** What to do. */
  readonly todo: string
}

export type FaultTexts = Readonly<Record<FaultCode, FaultText>>
