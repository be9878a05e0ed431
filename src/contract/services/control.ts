/** What a second `foresight` command asks of the running one, over a local socket that only this user can open. Served by main; never reachable for pages. */
import { z } from 'zod'
import { call, defineService } from '../rpc/define.ts'
import { nothing } from './common.ts'

export const runningInstance = z.object({
  pid: z.number().int(),
  shell: z.enum(['electron', 'headless']),
  /** Address with a token that works once; null where the page is a window of its own. */
  url: z.string().nullable(),
})
export type RunningInstance = z.infer<typeof runningInstance>

export const control = defineService('control', {
  /** `isNewToken` makes a fresh token even when the last one was not used yet. */
  address: call(z.object({ isNewToken: z.boolean() }), runningInstance),
  /** Brings the window to the front, where there is one. */
  show: call(nothing, nothing),
})
