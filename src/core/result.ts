/** Expected failures are values: a `Result` carries either the value or a `Fault` with a code from a closed set. */
import type { FaultCode } from './errors.ts'

export interface Fault {
  readonly code: FaultCode
  /** What happened, for a log. Screens translate by code and show `data`. */
  readonly message: string
  readonly data?: Readonly<Record<string, unknown>>
}

export type Result<T, E = Fault> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })

export const fail = (
  code: FaultCode,
  message: string,
  data?: Readonly<Record<string, unknown>>,
): { readonly ok: false; readonly error: Fault } => ({
  ok: false,
  error: data === undefined ? { code, message } : { code, message, data },
})

/** A `Fault` as an exception, for the few places where a Promise must reject (a call across the contract). */
export class FaultError extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(`${fault.code}: ${fault.message}`)
    this.name = 'FaultError'
    this.fault = fault
  }
}

/** The value of a result, or the fault thrown. Use at the edge of a contract call only. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new FaultError(result.error)
}

/** Marks code that cannot be reached when the types hold. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`)
}
