/** What main asks of every host process, on a channel of its own: liveness and an orderly end. */
import { z } from 'zod'
import { call, defineService, stream } from '../rpc/define.ts'
import { nothing } from './common.ts'

export const logLine = z.object({
  timeIso: z.string(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  area: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
})
export type LogLine = z.infer<typeof logLine>

export const host = defineService('host', {
  beat: call(nothing, z.object({ memoryMb: z.number(), isTorqueOn: z.boolean() })),
  /** Asks the host to end in order; it exits by itself when done. */
  shutdown: call(nothing, nothing),
  log: stream(nothing, logLine, 'lossless'),
})
