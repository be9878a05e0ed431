/**
 * Who drives, seen from one page: claims the lease when nobody has it, beats while it is ours, and watches otherwise.
 * A beat is sent only after the previous one was answered, so a slow link never collects a queue of stale beats.
 */
import type { DriveState } from '#contract/services/drive.ts'
import type { Services } from './services.ts'

export interface LeaseOptions {
  readonly drive: Pick<Services['drive'], 'claimLease' | 'heartbeat'>
  readonly peer: string
  readonly label: string
  readonly hasFocus: () => boolean
  /** A stop that works without the keyboard focus of this page, such as a pedal. */
  readonly hasOtherStop: () => boolean
  readonly onAnswer: () => void
}

export class LeaseKeeper {
  readonly #options: LeaseOptions
  #isHolder = false
  #isBeating = false
  #isClaiming = false

  constructor(options: LeaseOptions) {
    this.#options = options
  }

  get isHolder(): boolean {
    return this.#isHolder
  }

  /** Called for each drive state: claims a free lease, notices one that went elsewhere. */
  onState(state: Pick<DriveState, 'lease'>): void {
    const { holder } = state.lease
    if (holder === null) void this.claim(false)
    else this.#isHolder = holder === this.#options.peer
  }

  /** True when granted. Rejections (a rig host that is away) count as not granted. */
  async claim(force: boolean): Promise<boolean> {
    if (this.#isClaiming) return false
    this.#isClaiming = true
    try {
      const answer = await this.#options.drive.claimLease({ label: this.#options.label, force })
      this.#isHolder = answer.isGranted
      if (answer.isGranted) await this.beat()
      return answer.isGranted
    } catch {
      return false
    } finally {
      this.#isClaiming = false
    }
  }

  async beat(): Promise<void> {
    if (!this.#isHolder || this.#isBeating) return
    this.#isBeating = true
    try {
      const answer = await this.#options.drive.heartbeat({
        hasFocus: this.#options.hasFocus(),
        hasOtherStop: this.#options.hasOtherStop(),
      })
      this.#isHolder = answer.isHolder
      this.#options.onAnswer()
    } catch {
      this.#isHolder = false
    } finally {
      this.#isBeating = false
    }
  }
}
