/**
 * Ticks for the page, in batches: a ring of the last seconds, and one cursor per subscriber. Invariant: a slow subscriber
 * skips to what the ring still holds, and never makes anybody wait.
 */
import { sourceCode, type Mode } from '#core/control/mode.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import type { TelemetryBatch } from '#contract/services/drive.ts'

/** Two and a half seconds at 200 Hz. */
const ringLength = 512

type Row = Float32Array<ArrayBuffer>

class Ring {
  readonly joints: number
  readonly timeUs = new Float64Array(ringLength)
  readonly goalUs = new Float64Array(ringLength)
  readonly source = new Uint8Array(ringLength)
  readonly mode: Mode[] = Array.from({ length: ringLength }, () => 'idle')
  readonly lanes: Readonly<Record<'leader' | 'follower' | 'requested' | 'sent', Row>>

  constructor(joints: number) {
    const lane = (): Row => new Float32Array(ringLength * joints)
    this.joints = joints
    this.lanes = { leader: lane(), follower: lane(), requested: lane(), sent: lane() }
  }

  put(slot: number, record: TickRecord): void {
    this.timeUs[slot] = record.timeUs
    this.goalUs[slot] = record.goalUs ?? record.timeUs
    this.source[slot] = sourceCode[record.source]
    this.mode[slot] = record.mode
    const { leader, follower, requested, sent } = this.lanes
    for (let joint = 0; joint < this.joints; joint++) {
      const at = slot * this.joints + joint
      leader[at] = record.leader?.joints[joint]?.position ?? Number.NaN
      follower[at] = record.follower?.joints[joint]?.position ?? Number.NaN
      requested[at] = record.requested?.[joint] ?? Number.NaN
      sent[at] = record.sent?.[joint] ?? Number.NaN
    }
  }
}

interface Subscriber {
  readonly everyUs: number
  readonly emit: (batch: TelemetryBatch) => void
  nextUs: number
  cursor: number
}

export class Telemetry {
  readonly #ring: Ring
  readonly #subscribers = new Set<Subscriber>()
  #count = 0

  constructor(joints: number) {
    this.#ring = new Ring(joints)
  }

  /** Remembers a tick and emits to every subscriber whose turn it is. */
  put(record: TickRecord): void {
    this.#ring.put(this.#count % ringLength, record)
    this.#count += 1
    for (const subscriber of this.#subscribers) {
      if (record.timeUs < subscriber.nextUs) continue
      const { nextUs, everyUs } = subscriber
      // Keeps its rhythm, unless it was late by more than a beat.
      subscriber.nextUs = (record.timeUs - nextUs < everyUs ? nextUs : record.timeUs) + everyUs
      subscriber.emit(this.#since(subscriber.cursor))
      subscriber.cursor = this.#count
    }
  }

  /** Batches at most `maxHz` times a second, each with all ticks since the one before. */
  subscribe(maxHz: number, emit: (batch: TelemetryBatch) => void): Disposable {
    const subscriber: Subscriber = {
      everyUs: 1e6 / maxHz,
      emit,
      nextUs: Number.NEGATIVE_INFINITY,
      cursor: this.#count,
    }
    this.#subscribers.add(subscriber)
    return { [Symbol.dispose]: () => void this.#subscribers.delete(subscriber) }
  }

  #since(cursor: number): TelemetryBatch {
    const from = Math.max(cursor, this.#count - ringLength)
    const length = this.#count - from
    const { joints, lanes, ...ring } = this.#ring
    const slots = Array.from({ length }, (_, index) => (from + index) % ringLength)
    const rows = (lane: Row): Row => {
      const out = new Float32Array(length * joints)
      for (const [index, slot] of slots.entries())
        out.set(lane.subarray(slot * joints, (slot + 1) * joints), index * joints)
      return out
    }
    return {
      joints,
      timeUs: Float64Array.from(slots, (slot) => ring.timeUs[slot] ?? Number.NaN),
      goalUs: Float64Array.from(slots, (slot) => ring.goalUs[slot] ?? Number.NaN),
      mode: slots.map((slot) => ring.mode[slot] ?? 'idle'),
      source: Uint8Array.from(slots, (slot) => ring.source[slot] ?? 0),
      leader: rows(lanes.leader),
      follower: rows(lanes.follower),
      requested: rows(lanes.requested),
      sent: rows(lanes.sent),
    }
  }
}
