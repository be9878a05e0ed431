/**
 * The owner of one Feetech bus. One request is on the wire at a time; the rest wait in order, urgent ones first. A request
 * is sent on a quiet line only, and counts as unanswered only after a last look at what the system has received, so that a
 * stalled process does not call a servo silent.
 */
import { FeetechExchange, type FeetechAnswer, type FeetechRequest } from '#core/bus/feetech-exchange.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { BusStats } from '../arm-port.ts'
import type { BusClock } from './bus-clock.ts'
import { BusMeter } from './bus-meter.ts'
import type { ByteChannel } from './byte-channel.ts'
import { ReplyDelay } from './reply-delay.ts'

export interface ExchangeOptions {
  /** Goes before everything that waits. */
  readonly isUrgent?: boolean
  /** A request that still waits when this aborts is not sent; one already on the wire is finished. */
  readonly signal?: AbortSignal | undefined
  /** A complete answer counts as a full pass over the arm in `roundTripP99Us`. */
  readonly isFullRead?: boolean
  /** For a request that changes nothing: asks again those who did not answer while the line was silent for longer than usual. */
  readonly repeat?: (ids: readonly number[]) => Uint8Array
}

export interface ExchangeOutcome {
  readonly answers: ReadonlyMap<number, FeetechAnswer>
  /** Damaged packets seen meanwhile. */
  readonly corrupt: number
}

interface Job {
  readonly request: FeetechRequest
  readonly deadlineUs: number
  readonly options: ExchangeOptions
  readonly finish: (result: Result<ExchangeOutcome>) => void
  /** Runs until the deadline, while the job waits and while it is on the wire. */
  timer: Disposable | null
}

interface Running {
  readonly job: Job
  readonly exchange: FeetechExchange
  readonly sentUs: number
  /** When anything was sent or heard last, and the longest time between. */
  lastUs: number
  silenceUs: number
  lastSentUs: number
  /** Who was asked again, each time. */
  readonly repeated: (readonly number[])[]
  again: Disposable | null
}

/** The last stretch before a deadline in which every turn of the event loop looks for input. */
const lastLookUs = 400
/** Beginning that stretch so much late means that the process stood still, and input may be waiting in the system. */
const stallUs = 200
/** How late a timer may ring in a process that does not stand still. */
const timerSlackUs = 2000
/** How long such input is waited for: serial data passes through a kernel worker and a thread of the pool first. */
const afterStallUs = 2000
/** The second answer to a request that was repeated follows the first at once, and takes no longer. */
const longestAfterRepeatUs = 3000
/** Turns without input after which a line that had strays on it counts as quiet. */
const quietTurns = 2
/** Bytes that may wait in the port before more are refused: an adapter that stopped must not play old goals later. */
const maxPendingBytes = 512

export class FeetechBus implements AsyncDisposable {
  readonly #channel: ByteChannel
  readonly #clock: BusClock
  readonly #meter: BusMeter
  readonly #queue: Job[] = []
  readonly #closeListeners = new Set<(fault: Fault) => void>()
  #running: Running | null = null
  #post: { readonly bytes: Uint8Array; readonly lapses: boolean } | null = null
  #isDirty = true
  #isSettling = false
  #isHeard = false
  readonly #replyDelay = new ReplyDelay()
  /** A request that was repeated and answered: if the answers were only late, they come until then. */
  #repeated: { readonly running: Running; readonly untilUs: number } | null = null
  #fault: Fault | null = null

  constructor(channel: ByteChannel, clock: BusClock) {
    this.#channel = channel
    this.#clock = clock
    this.#meter = new BusMeter(clock.nowUs())
    channel.onData((bytes, timeUs) => this.#hear(bytes, timeUs))
    channel.onClose((fault) => this.#end(fault))
  }

  get baud(): number {
    return this.#channel.baud
  }

  /** Why the bus is gone, or null while it lives. */
  get fault(): Fault | null {
    return this.#fault
  }

  /**
   * Sends a request and collects answers until all are there or `deadlineUs` is past.
   * @returns who answered, possibly nobody; `bus/closed` when the bus is gone, `contract/cancelled` when `signal` aborted
   */
  exchange(
    request: FeetechRequest,
    deadlineUs: number,
    options: ExchangeOptions = {},
  ): Promise<Result<ExchangeOutcome>> {
    if (this.#fault !== null) return Promise.resolve({ ok: false, error: this.#fault })
    return new Promise((finish) => {
      const job: Job = { request, deadlineUs, options, finish, timer: null }
      const firstCommon = this.#queue.findIndex((waiting) => waiting.options.isUrgent !== true)
      if (options.isUrgent === true && firstCommon >= 0) this.#queue.splice(firstCommon, 0, job)
      else this.#queue.push(job)
      this.#next()
      if (this.#queue.includes(job)) job.timer = this.#clock.callAt(deadlineUs, () => this.#giveUp(job))
    })
  }

  /**
   * Sends a packet that nobody answers, as soon as the line is free. A newer one replaces one that still waits.
   * @param lapses it is not sent behind a read that took unusually long: what it says was meant for an earlier moment, and
   * the next tick has a better one
   * @returns `bus/closed` when the bus is gone, `bus/timeout` when the port does not take bytes any more
   */
  post(bytes: Uint8Array, lapses = false): Result<void> {
    if (this.#fault !== null) return { ok: false, error: this.#fault }
    if (this.#channel.pendingBytes > maxPendingBytes)
      return fail('bus/timeout', 'the port takes no more bytes', { pendingBytes: this.#channel.pendingBytes })
    // A line on which only answers that were given up may still come is free enough.
    const isFree = this.#running === null && (!this.#isSettling || this.#repeated !== null)
    this.#post = isFree ? null : { bytes, lapses }
    if (isFree) this.#send(bytes)
    return ok(undefined)
  }

  /** Forgets a posted packet that has not been sent: the one given, or whichever waits. */
  dropPost(bytes: Uint8Array | null = null): void {
    if (bytes === null || this.#post?.bytes === bytes) this.#post = null
  }

  /** @param ids servos in profile order */
  stats(ids: readonly number[], nowUs: number): BusStats {
    return this.#meter.stats(ids, this.#channel.baud, nowUs)
  }

  /** Called once when the bus is gone, at once when it already is; not after disposal. */
  onClose(listener: (fault: Fault) => void): Disposable {
    if (this.#fault === null) this.#closeListeners.add(listener)
    else listener(this.#fault)
    return { [Symbol.dispose]: () => this.#closeListeners.delete(listener) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closeListeners.clear()
    this.#end({ code: 'bus/closed', message: 'the bus was closed' })
    await this.#channel[Symbol.asyncDispose]()
  }

  #next(): void {
    if (this.#running !== null || this.#isSettling || this.#fault !== null) return
    if (this.#post !== null) {
      const { bytes } = this.#post
      this.#post = null
      this.#send(bytes)
    }
    if (this.#queue.length === 0) return
    if (this.#isDirty) this.#settle()
    else this.#start()
  }

  /** Waits until nothing more arrives that belongs to an earlier request. */
  #settle(): void {
    this.#isSettling = true
    let quiet = 0
    const turn = (): void => {
      quiet = this.#isHeard ? 0 : quiet + 1
      this.#isHeard = false
      // Noise that never ends must not hold up requests for ever: past its deadline the first one is sent regardless.
      const deadlineUs = this.#queue[0]?.deadlineUs ?? 0
      const nowUs = this.#clock.nowUs()
      const isQuiet = quiet >= quietTurns && nowUs >= (this.#repeated?.untilUs ?? 0)
      if (!isQuiet && nowUs < deadlineUs) return this.#clock.afterIo(turn)
      this.#judgeRepeated(nowUs)
      this.#isSettling = false
      this.#isDirty = false
      this.#next()
    }
    this.#isHeard = false
    this.#clock.afterIo(turn)
  }

  /** No answer came twice: those asked again had really been lost, which counts although they are there now. */
  #judgeRepeated(nowUs: number): void {
    const { running } = this.#repeated ?? {}
    this.#repeated = null
    if (running !== undefined && running.exchange.repeats === 0) this.#countRepeated(running, nowUs)
  }

  #countRepeated({ repeated }: Running, nowUs: number): void {
    for (const ids of repeated) this.#meter.countOutcome(ids, new Set(), 0, nowUs)
  }

  #start(): void {
    const job = this.#queue.shift()
    if (job === undefined) return
    job.timer?.[Symbol.dispose]()
    if (job.options.signal?.aborted === true) {
      job.finish(fail('contract/cancelled', 'the request was withdrawn'))
      return this.#next()
    }
    const sentUs = this.#clock.nowUs()
    const exchange = new FeetechExchange(job.request)
    const times = { sentUs, lastSentUs: sentUs, lastUs: sentUs, silenceUs: 0 }
    const running: Running = { job, exchange, ...times, repeated: [], again: null }
    this.#running = running
    this.#meter.countRequest()
    this.#send(job.request.bytes)
    if (exchange.isComplete) return this.#finish(running)
    this.#watchDeadline(running)
    this.#watchSilence(running)
  }

  /** What was lost is not waited for until the deadline: the arm would be blind for more than two periods. */
  #watchSilence(running: Running): void {
    const { lostAfterUs, usualUs } = this.#replyDelay
    const { deadlineUs, options } = running.job
    if (options.repeat === undefined || lostAfterUs === null) return
    const dueUs = running.lastUs + lostAfterUs
    // An answer would come too late for whoever waits.
    if (dueUs + (usualUs ?? 0) > deadlineUs) return
    running.again = this.#clock.callSoonAfter(dueUs, () => {
      // Two turns: what has arrived is handed over first.
      this.#clock.afterIo(() => this.#clock.afterIo(() => this.#askAgain(running, dueUs)))
    })
  }

  #askAgain(running: Running, dueUs: number): void {
    const { repeat } = running.job.options
    if (this.#running !== running || repeat === undefined) return
    const nowUs = this.#clock.nowUs()
    const isHeard = running.lastUs + (this.#replyDelay.lostAfterUs ?? 0) > dueUs
    // After a standstill of this process the answers may still be in the system.
    const isStalled = nowUs - dueUs > timerSlackUs + stallUs
    if (isStalled) running.lastUs = nowUs
    else if (!isHeard) {
      const { missing } = running.exchange
      running.repeated.push(missing)
      running.lastUs = running.lastSentUs = nowUs
      this.#meter.countRequest()
      this.#send(repeat(missing))
    }
    this.#watchSilence(running)
  }

  #watchDeadline(running: Running): void {
    const { job, sentUs } = running
    const lookUs = Math.max(sentUs, job.deadlineUs - lastLookUs)
    job.timer = this.#clock.callAt(lookUs, () => {
      const nowUs = this.#clock.nowUs()
      this.#lookAgain(running, nowUs - lookUs > stallUs ? nowUs + afterStallUs : job.deadlineUs)
    })
  }

  /** A request whose deadline passed before its turn came is never sent: nobody waits for the answer. */
  #giveUp(job: Job): void {
    const index = this.#queue.indexOf(job)
    if (index < 0) return
    this.#queue.splice(index, 1)
    job.finish(ok({ answers: new Map(), corrupt: 0 }))
  }

  #send(bytes: Uint8Array): void {
    this.#meter.countBytes(bytes.length, this.#clock.nowUs())
    this.#channel.write(bytes)
  }

  #hear(bytes: Uint8Array, timeUs: number): void {
    this.#isHeard = true
    this.#meter.countBytes(bytes.length, timeUs)
    const running = this.#running
    if (running === null) {
      this.#isDirty = true
      // What was asked again had been on its way.
      if (this.#repeated !== null) this.#replyDelay.note(timeUs - this.#repeated.running.sentUs)
      this.#repeated = null
      return
    }
    running.silenceUs = Math.max(running.silenceUs, timeUs - running.lastUs)
    running.lastUs = timeUs
    running.exchange.push(bytes, timeUs)
    if (running.exchange.isComplete) this.#finish(running)
  }

  #lookAgain(running: Running, untilUs: number): void {
    if (this.#running !== running) return
    if (this.#clock.nowUs() < untilUs) return this.#clock.afterIo(() => this.#lookAgain(running, untilUs))
    running.exchange.end(this.#clock.nowUs())
    this.#finish(running)
  }

  #finish(running: Running): void {
    const { job, exchange, sentUs, lastSentUs, silenceUs, repeated } = running
    const { request, options } = job
    const nowUs = this.#clock.nowUs()
    job.timer?.[Symbol.dispose]()
    running.again?.[Symbol.dispose]()
    this.#running = null
    this.#meter.countOutcome(request.ids, new Set(exchange.answers.keys()), exchange.corrupt, nowUs)
    if (options.isFullRead === true && exchange.isComplete) this.#meter.countRoundTrip(nowUs - sentUs, nowUs)
    if (!exchange.isComplete || !exchange.isClean) this.#isDirty = true
    if (repeated.length > 0) {
      this.#isDirty = true
      if (this.#post?.lapses === true) this.#post = null
      if (exchange.repeats > 0) this.#replyDelay.note(nowUs - sentUs)
      if (exchange.isComplete)
        this.#repeated = { running, untilUs: nowUs + Math.min(nowUs - lastSentUs, longestAfterRepeatUs) }
      else this.#countRepeated(running, nowUs)
    } else if (exchange.isComplete && exchange.isClean) this.#replyDelay.note(silenceUs)
    job.finish(ok({ answers: exchange.answers, corrupt: exchange.corrupt }))
    this.#next()
  }

  #end(fault: Fault): void {
    if (this.#fault !== null) return
    this.#fault = fault
    const jobs = this.#queue.splice(0)
    if (this.#running !== null) jobs.unshift(this.#running.job)
    this.#running = null
    this.#post = null
    for (const job of jobs) {
      job.timer?.[Symbol.dispose]()
      job.finish({ ok: false, error: fault })
    }
    // A listener may dispose the bus, and the others still have to hear of the end.
    const listeners = [...this.#closeListeners]
    this.#closeListeners.clear()
    for (const listener of listeners) listener(fault)
  }
}
