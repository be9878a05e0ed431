/** The frames that cross a transport. Short keys, because streams are frequent. */
import { z } from 'zod'

/** Raised on any incompatible change of frames or services; both ends must agree. */
export const protocolVersion = 1

const id = z.number().int().nonnegative()
/** Absent for `nothing`: byte transports drop undefined fields. */
const payload = z.unknown().optional()
const target = { s: z.string(), m: z.string(), id }

export const faultSchema = z.object({
  code: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
})

export const wireMessage = z.discriminatedUnion('t', [
  z.object({ t: z.literal('hello'), v: z.number() }),
  z.object({ t: z.literal('call'), ...target, v: payload }),
  z.object({ t: z.literal('cancel'), id }),
  z.object({ t: z.literal('ok'), id, v: payload }),
  z.object({ t: z.literal('err'), id, e: faultSchema }),
  z.object({ t: z.literal('sub'), ...target, v: payload }),
  z.object({ t: z.literal('item'), id, v: payload }),
  z.object({ t: z.literal('ack'), id }),
  z.object({ t: z.literal('end'), id, e: faultSchema.optional() }),
  z.object({ t: z.literal('unsub'), id }),
  z.object({ t: z.literal('open'), ...target, v: payload }),
  z.object({ t: z.literal('put'), id, v: payload }),
  z.object({ t: z.literal('took'), id }),
  z.object({ t: z.literal('fin'), id }),
])

export type WireMessage = z.infer<typeof wireMessage>
