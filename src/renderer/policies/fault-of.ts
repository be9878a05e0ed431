/** The fault that a call of a host was refused with. */
import { FaultError, type Fault } from '#core/result.ts'

export const faultOf = (error: unknown): Fault =>
  error instanceof FaultError ? error.fault : { code: 'contract/internal', message: String(error) }
