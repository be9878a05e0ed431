/** A calibration file that is not the one the servos keep: what the rig host tells of it, joint by joint, in servo ticks. */
import { z } from 'zod'

const side = z.object({ homingOffset: z.number(), rangeMin: z.number(), rangeMax: z.number() })
const mismatches = z.object({
  arm: z.enum(['follower', 'leader']),
  joints: z.array(z.object({ joint: z.string(), file: side, servo: side })).min(1),
})

export type Mismatch = z.infer<typeof mismatches>
export type MismatchRow = Mismatch['joints'][number]

/** Null for any other fault. */
export function mismatchOf(fault: {
  readonly code: string
  readonly data?: Readonly<Record<string, unknown>> | undefined
}): Mismatch | null {
  if (fault.code !== 'arm/calibration-mismatch') return null
  const parsed = mismatches.safeParse(fault.data)
  return parsed.success ? parsed.data : null
}
