/**
 * Entry of a runner: a plain Node process that computes with ONNX Runtime for the policy host that started it, one request
 * after the other. The host kills it to cancel, and it ends by itself when the host is gone, even in mid-computation.
 */
import { constants, setPriority } from 'node:os'
import type { Fault } from '#core/result.ts'
import { watchParent } from './parent-watch.ts'
import type { RunnerReply, RunnerRequest } from './protocol.ts'
import { RunnerSessions } from './runner-sessions.ts'

const argument = process.argv[2]
if (argument === 'low') setPriority(constants.priority.PRIORITY_LOW)

const sessions = new RunnerSessions()
let queue: Promise<void> = Promise.resolve()

const answer = (reply: RunnerReply): void => void process.send?.(reply)

const fault = (error: unknown): Fault => ({
  code: 'policy/load-failed',
  message: error instanceof Error ? error.message : String(error),
})

process.on('message', (request: RunnerRequest) => {
  queue = queue.then(async () => {
    try {
      const result = await sessions.handle(request)
      answer(
        result.ok
          ? { id: request.id, ok: true, value: result.value }
          : { id: request.id, ok: false, fault: result.error },
      )
    } catch (error) {
      answer({ id: request.id, ok: false, fault: fault(error) })
    }
  })
})

process.on('disconnect', () => process.exit(0))
// Ctrl-C in a terminal reaches the whole process group; only the host decides when a runner ends.
process.on('SIGINT', () => undefined)
watchParent()
