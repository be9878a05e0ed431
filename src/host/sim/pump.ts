/**
 * Runs the world in real time and the lines at wire speed, in one thread: physics in steps of some 60 µs between packets, and
 * waits that are finer than a millisecond while a reply is on the wire. Invariant: no reply leaves before it is due. When the
 * machine is too slow, simulated time falls behind real time: it stretches, and the loss is counted.
 */
import type { Clock } from '../shared/clock.ts'
import type { VirtualBus } from './bus/virtual-bus.ts'
import type { BusLink } from './link/bus-link.ts'
import type { SimWorld } from './sim-world.ts'
import { SpeedMeter } from './speed-meter.ts'

export interface Line {
  readonly bus: VirtualBus
  readonly link: BusLink
}

/** A debt up to this is worked off; beyond it, time stretches. */
const maxBehindUs = 40_000
/** Steps in one go; between goes the event loop reads the sockets. */
const stepsPerGo = 4
const idleMs = 4
/** Timers are a millisecond off either way, so the last stretch before a reply is slept in short slices. */
const timerCoarseUs = 2500
/** While the thread sleeps, the other bus is not heard: this bounds how late its request is taken. */
const sliceUs = 100

export class Pump implements Disposable {
  readonly #clock: Clock
  readonly #world: SimWorld
  readonly #lines: readonly Line[]
  readonly #cell = new Int32Array(new SharedArrayBuffer(4))
  /** Real time that simulated time 0 corresponds to; moves forward when time stretches. */
  #originUs: number
  #stretchedUs = 0
  readonly #meter = new SpeedMeter()
  #timer: NodeJS.Timeout | null = null
  #immediate: NodeJS.Immediate | null = null
  #isClosed = false

  constructor(clock: Clock, world: SimWorld, lines: readonly Line[]) {
    this.#clock = clock
    this.#world = world
    this.#lines = lines
    const nowUs = clock()
    this.#originUs = nowUs - world.simTimeUs
    this.#meter.note(nowUs, world.simTimeUs)
    this.#arm(0)
  }

  /** Real time lost to stretching since the start, microseconds. */
  get stretchedUs(): number {
    return this.#stretchedUs
  }

  /** Simulated seconds per real second over the last second. */
  get speed(): number {
    return this.#meter.speed
  }

  /** Bytes from a host: the world is brought up to now, then its servos answer. */
  receive(line: Line, bytes: Uint8Array): void {
    const nowUs = this.#clock()
    this.#advance(nowUs)
    line.bus.receive(bytes, nowUs, line.link.baud)
    this.#schedule()
  }

  #go(): void {
    this.#timer = null
    this.#immediate = null
    if (this.#isClosed) return
    this.#advance(this.#clock())
    this.#deliver()
    const dueUs = this.#nextDueUs()
    const waitUs = dueUs === null ? Infinity : dueUs - this.#clock()
    if (waitUs > 0 && waitUs < timerCoarseUs) {
      Atomics.wait(this.#cell, 0, 0, Math.min(waitUs, sliceUs) / 1000)
      this.#deliver()
    }
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isClosed) return
    const nowUs = this.#clock()
    const dueUs = this.#nextDueUs()
    const isBehind = this.#behindUs(nowUs) > idleMs * 2000
    const waitUs = isBehind ? 0 : dueUs === null ? Infinity : dueUs - nowUs
    if (waitUs < timerCoarseUs) this.#armImmediate()
    else this.#arm(Math.min(idleMs, Math.floor((waitUs - timerCoarseUs) / 1000)))
  }

  #arm(delayMs: number): void {
    if (this.#timer !== null || this.#immediate !== null) return
    this.#timer = setTimeout(() => this.#go(), delayMs)
  }

  #armImmediate(): void {
    if (this.#immediate !== null) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#immediate = setImmediate(() => this.#go())
  }

  #advance(nowUs: number): void {
    const behindUs = this.#behindUs(nowUs)
    if (behindUs > maxBehindUs) {
      this.#originUs += behindUs - maxBehindUs
      this.#stretchedUs += behindUs - maxBehindUs
    }
    this.#world.advanceTo(nowUs - this.#originUs, stepsPerGo)
    this.#meter.note(nowUs, this.#world.simTimeUs)
  }

  #behindUs(nowUs: number): number {
    return nowUs - this.#originUs - this.#world.simTimeUs
  }

  #deliver(): void {
    const nowUs = this.#clock()
    for (const { bus, link } of this.#lines) for (const bytes of bus.takeDue(nowUs)) link.send(bytes)
  }

  #nextDueUs(): number | null {
    let next: number | null = null
    for (const { bus } of this.#lines) {
      const dueUs = bus.nextDueUs()
      if (dueUs !== null && (next === null || dueUs < next)) next = dueUs
    }
    return next
  }

  [Symbol.dispose](): void {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#immediate !== null) clearImmediate(this.#immediate)
  }
}
