/** The sessions of one runner. ONNX Runtime is loaded with the first of them, so that its absence is an answer. */
import { fail, ok, type Result } from '#core/result.ts'
import type { OrtSession } from './ort-session.ts'
import type { OpenAnswer, RunAnswer, RunnerRequest } from './protocol.ts'

export class RunnerSessions {
  private readonly sessions = new Map<number, OrtSession>()
  private next = 1

  async handle(request: RunnerRequest): Promise<Result<OpenAnswer | RunAnswer | null>> {
    if (request.op === 'open') return this.open(request.session)
    if (request.op === 'run') return this.run(request)
    await this.sessions.get(request.session)?.close()
    this.sessions.delete(request.session)
    return ok(null)
  }

  private async open(request: (RunnerRequest & { op: 'open' })['session']): Promise<Result<OpenAnswer>> {
    const { openOrtSession } = await import('./ort-session.ts')
    const opened = await openOrtSession(request)
    if (!opened.ok) return opened
    const session = this.next++
    this.sessions.set(session, opened.value)
    const { inputs, outputs } = opened.value
    return ok({ session, inputs, outputs })
  }

  private async run({ session, feeds, fetch }: RunnerRequest & { op: 'run' }): Promise<Result<RunAnswer>> {
    const { tensorOf } = await import('./ort-session.ts')
    const found = this.sessions.get(session)
    if (found === undefined) return fail('policy/load-failed', `session ${session} is not open`)
    const tensors: Record<string, ReturnType<typeof tensorOf>> = {}
    for (const [name, feed] of Object.entries(feeds)) {
      if (!('kept' in feed)) {
        tensors[name] = tensorOf(feed)
        continue
      }
      const kept = this.sessions.get(feed.session)?.kept(feed.kept)
      if (kept === null || kept === undefined)
        return fail('policy/load-failed', `${feed.kept} was not kept`, { tensor: feed.kept })
      tensors[name] = kept
    }
    const start = performance.now()
    const outputs = await found.run(tensors, fetch)
    return outputs.ok ? ok({ outputs: outputs.value, computeMs: performance.now() - start }) : outputs
  }
}
