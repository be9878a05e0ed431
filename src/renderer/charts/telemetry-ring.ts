/**
 * The last ticks of the control loop, column by column, in rings that React never sees: drawing code reads them once a
 * frame. Sample `i` counts from the oldest kept one; NaN stands where a quantity was absent.
 */
import type { TelemetryBatch } from '#contract/services/drive.ts'

export const quantities = ['leader', 'follower', 'requested', 'sent'] as const
export type Quantity = (typeof quantities)[number]

export class TelemetryRing {
  readonly #capacity: number
  #joints = 0
  #next = 0
  #length = 0
  #timeUs: Float64Array
  #source: Uint8Array
  #columns: Record<Quantity, Float32Array>

  /** `capacity` ticks, e.g. 12 s of 200 Hz = 2400. */
  constructor(capacity: number) {
    this.#capacity = capacity
    this.#timeUs = new Float64Array(capacity)
    this.#source = new Uint8Array(capacity)
    this.#columns = this.#empty(0)
  }

  #empty(joints: number): Record<Quantity, Float32Array> {
    const column = (): Float32Array => new Float32Array(this.#capacity * joints).fill(Number.NaN)
    return { leader: column(), follower: column(), requested: column(), sent: column() }
  }

  get length(): number {
    return this.#length
  }

  get joints(): number {
    return this.#joints
  }

  clear(): void {
    this.#length = 0
    this.#next = 0
  }

  /** Appends a batch. Another joint count, or time that runs backwards (a restarted host), begins anew. */
  push(batch: TelemetryBatch): void {
    const count = batch.timeUs.length
    if (count === 0) return
    if (batch.joints !== this.#joints) {
      this.#joints = batch.joints
      this.#columns = this.#empty(batch.joints)
      this.clear()
    }
    const newest = this.newestUs()
    if (newest !== null && (batch.timeUs[0] ?? 0) < newest) this.clear()
    for (let i = Math.max(0, count - this.#capacity); i < count; i += 1) {
      const slot = this.#next
      this.#timeUs[slot] = batch.timeUs[i] ?? Number.NaN
      this.#source[slot] = batch.source[i] ?? 0
      for (const quantity of quantities)
        this.#columns[quantity].set(
          batch[quantity].subarray(i * this.#joints, (i + 1) * this.#joints),
          slot * this.#joints,
        )
      this.#next = (slot + 1) % this.#capacity
      if (this.#length < this.#capacity) this.#length += 1
    }
  }

  #slot(index: number): number {
    return (this.#next - this.#length + index + this.#capacity) % this.#capacity
  }

  timeUs(index: number): number {
    return this.#timeUs[this.#slot(index)] ?? Number.NaN
  }

  source(index: number): number {
    return this.#source[this.#slot(index)] ?? 0
  }

  value(quantity: Quantity, index: number, joint: number): number {
    return this.#columns[quantity][this.#slot(index) * this.#joints + joint] ?? Number.NaN
  }

  /** Newest value, NaN when there is none. */
  latest(quantity: Quantity, joint: number): number {
    return this.#length === 0 ? Number.NaN : this.value(quantity, this.#length - 1, joint)
  }

  newestUs(): number | null {
    return this.#length === 0 ? null : this.timeUs(this.#length - 1)
  }
}
