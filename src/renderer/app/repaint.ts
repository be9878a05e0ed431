/**
 * Live numbers repaint at 10 Hz at most, but what a person must see at once (mode, source, cause, commands, lease) never
 * waits. Decides for each drive state whether it is drawn now.
 */
import type { DriveState } from '#contract/services/drive.ts'

const repaintMs = 100

const keyOf = (state: DriveState): string =>
  JSON.stringify([
    state.mode,
    state.source,
    state.sinceUs,
    state.cause?.code,
    state.cause?.joint,
    state.warnings.map((w) => [w.code, w.joint]),
    state.blend,
    state.lease,
    state.policy,
    state.needsKeepClear,
    state.heldSince,
    state.follower?.torque,
    Object.entries(state.commands).map(([name, blocker]) => [name, blocker?.code, blocker?.message]),
  ])

export class RepaintGate {
  #key: string | null = null
  #drawnMs = -Infinity

  isDue(state: DriveState, nowMs: number): boolean {
    const key = keyOf(state)
    if (key === this.#key && nowMs - this.#drawnMs < repaintMs) return false
    this.#key = key
    this.#drawnMs = nowMs
    return true
  }
}
