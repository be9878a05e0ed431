/**
 * A runner as the policy host sees it. Its death, whatever the cause, is a fault with a reason for everyone who waits and
 * for everyone who asks later; the host stays up.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Fault, Result } from '#core/result.ts'
import { ok } from '#core/result.ts'
import type { TensorInfo } from '#core/policy/tensor-value.ts'
import { systemLater, type Later } from '../../shared/later.ts'
import { LastLines } from './last-lines.ts'
import { RunPatience } from './run-patience.ts'
import type { Feed, OpenAnswer, RunAnswer, RunnerReply, RunnerRequest, SessionRequest } from './protocol.ts'

export interface RunnerOptions {
  /** Added to this process's own: loader paths are read when a process starts. */
  readonly env: Readonly<Record<string, string>>
  /** `low` for what must never delay a chunk. */
  readonly priority: 'normal' | 'low'
  readonly later?: Later
}

export interface RunnerSession {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** An output of its last run that was kept, as input of another session of the same runner. */
  kept(name: string): Feed
  /** @param fetch outputs to bring back; null for all that are not kept */
  run(feeds: Readonly<Record<string, Feed>>, fetch?: readonly string[]): Promise<Result<RunAnswer>>
  close(): Promise<void>
}

type Answer = OpenAnswer | RunAnswer | null
type Waiting = (result: Result<Answer>) => void

/** Omits the number, from each member of the union by itself. */
type Question<R = RunnerRequest> = R extends unknown ? Omit<R, 'id'> : never

export class RunnerProcess implements AsyncDisposable {
  /** Settles when the process is gone without having been asked to go. */
  readonly ended: Promise<Fault>
  private readonly child: ChildProcess
  private readonly gone: Promise<void>
  private readonly lines = new LastLines()
  private readonly waiting = new Map<number, Waiting>()
  private death: Fault | null = null
  private readonly later: Later
  private readonly patience = new RunPatience()
  private isAsked = false
  private nextId = 1
  /** Why it was killed, where that was not asked for. */
  private verdict: string | null = null

  constructor({ env, priority, later = systemLater }: RunnerOptions) {
    this.later = later
    const entry = fileURLToPath(new URL('./main.ts', import.meta.url))
    this.child = fork(entry, [priority], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, ...env },
    })
    this.child.on('message', (reply: RunnerReply) => this.take(reply))
    this.lines.follow(this.child.stdout)
    this.lines.follow(this.child.stderr)
    const { promise: ended, resolve: tell } = Promise.withResolvers<Fault>()
    const { promise: gone, resolve: leave } = Promise.withResolvers<void>()
    this.ended = ended
    this.gone = gone
    const lost = (reason: string): void => {
      if (this.death !== null) return
      this.death = this.faultOf(reason)
      for (const answer of this.waiting.values()) answer({ ok: false, error: this.death })
      this.waiting.clear()
      if (!this.isAsked) tell(this.death)
      leave()
    }
    this.child.once('exit', (code, signal) => lost(this.verdict ?? signal ?? `code ${code ?? '?'}`))
    this.child.once('error', (error) => lost(error.message))
  }

  get processId(): number | null {
    return this.death === null ? (this.child.pid ?? null) : null
  }

  /** Fails with `policy/runner-died`, or as ONNX Runtime does: `policy/not-onnx`, `policy/load-failed`, `policy/provider-failed`. */
  async open(session: SessionRequest): Promise<Result<RunnerSession>> {
    const opened = await this.ask({ op: 'open', session })
    if (!opened.ok) return opened
    const { inputs, outputs, session: number } = opened.value as OpenAnswer
    return ok({
      inputs,
      outputs,
      kept: (name) => ({ kept: name, session: number }),
      run: async (feeds, fetch) =>
        (await this.ask({ op: 'run', session: number, feeds, fetch: fetch ?? null })) as Result<RunAnswer>,
      close: async () => void (await this.ask({ op: 'close', session: number })),
    })
  }

  /** Ends it at once, whatever it computes: there is no gentler way to stop ONNX Runtime. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isAsked = true
    if (this.death === null) this.child.kill('SIGKILL')
    await this.gone
  }

  /** One that stays silent for too long is killed, which answers this question and every other. */
  private async ask(question: Question): Promise<Result<Answer>> {
    if (this.death !== null) return { ok: false, error: this.death }
    const limitMs = this.patience.limitMs(question.op)
    using _ = this.later(() => {
      this.verdict = `no answer for ${Math.round(limitMs / 1000)} s`
      this.child.kill('SIGKILL')
    }, limitMs)
    const answer = await this.send(question)
    if (question.op === 'run' && answer.ok) this.patience.note((answer.value as RunAnswer).computeMs)
    return answer
  }

  private send(question: Question): Promise<Result<Answer>> {
    const id = this.nextId++
    return new Promise((resolve) => {
      this.waiting.set(id, resolve)
      this.child.send({ ...question, id }, (error) => {
        if (error !== null && this.waiting.delete(id)) {
          const message = `the runner cannot be reached: ${error.message}`
          resolve({ ok: false, error: { code: 'policy/runner-died', message } })
        }
      })
    })
  }

  private take(reply: RunnerReply): void {
    const answer = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    answer?.(reply.ok ? ok(reply.value) : { ok: false, error: reply.fault })
  }

  private faultOf(reason: string): Fault {
    const last = this.lines.text()
    const message = `the process that computes ended (${reason})${last === '' ? '' : `: ${last}`}`
    return { code: 'policy/runner-died', message, data: { reason } }
  }
}
