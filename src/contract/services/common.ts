/** Shapes that several services share. Times are machine-monotonic microseconds; joints are in profile order, rad and 0…1. */
import { z } from 'zod'
import { faultCodes } from '#core/errors.ts'
import { modes, sources } from '#core/control/mode.ts'

export const nothing = z.void().or(z.null())
export const timeUs = z.number().finite()
export const bytes = z.instanceof(Uint8Array)
export const modeSchema = z.enum(modes)
export const sourceSchema = z.enum(sources)
export const faultCode = z.enum(faultCodes)
export const armRole = z.enum(['follower', 'leader'])

export const fault = z.object({
  code: faultCode,
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
})
export type FaultMessage = z.infer<typeof fault>

export const outcome = z.enum(['success', 'partial', 'failure', 'unlabelled'])
export type Outcome = z.infer<typeof outcome>

/** A name that is also a folder name: letters, digits, dot, dash, underscore; no path can be built from it. */
export const safeName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u)
