/** Telemetry that looks like an arm at work: slow sines, the follower a little behind the leader. */
import type { Mode } from '#core/control/mode.ts'
import { sourceCode, sourceOf } from '#core/control/mode.ts'
import type { FakeHosts } from '../fake-hosts.ts'
import { jointNames } from '../page-states.ts'

const tickUs = 5000
const moving: ReadonlySet<Mode> = new Set(['teleop', 'policy', 'blend'])

const poseAt = (timeUs: number, joint: number, isMoving: boolean): number => {
  const centre = [-0.2, -0.4, 0.85, 1.05, 0.25, 0.6][joint] ?? 0
  const swing = joint === 5 ? 0.25 : 0.35
  return isMoving ? centre + swing * Math.sin(timeUs / 1e6 / (1 + joint * 0.3) + joint) : centre
}

export function playTelemetry(hosts: FakeHosts, rigUs: () => number, mode: Mode): void {
  const joints = jointNames.length
  let lastUs = rigUs() - 11_000_000
  const isMoving = moving.has(mode)
  const send = (): void => {
    const now = rigUs()
    const count = Math.floor((now - lastUs) / tickUs)
    if (count === 0) return
    const column = (lagUs: number): Float32Array =>
      Float32Array.from({ length: count * joints }, (_, i) =>
        poseAt(lastUs + (Math.floor(i / joints) + 1) * tickUs - lagUs, i % joints, isMoving),
      )
    hosts.tell('drive.telemetry', {
      joints,
      timeUs: Float64Array.from({ length: count }, (_, i) => lastUs + (i + 1) * tickUs),
      mode: Array.from({ length: count }, () => mode),
      source: new Uint8Array(count).fill(sourceCode[sourceOf(mode)]),
      leader: column(0),
      follower: column(60_000),
      requested: column(10_000),
      sent: column(10_000),
    })
    lastUs += count * tickUs
  }
  send()
  setInterval(send, 33)
}
