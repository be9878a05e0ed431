/**
 * One client that speaks openpi's protocol (spec/peers.md §2.1): metadata first, then one chunk for each observation. An error is a
 * text, after which the connection ends, as openpi's own server does it. Beyond openpi, `reset` (or RoboArena's `endpoint`)
 * begins a new episode and `step` counts the policy's ticks.
 */
import { openpiArrays } from '#core/policy/openpi/array-dialect.ts'
import { float32Array } from '#core/policy/openpi/array-values.ts'
import { declaring } from '#core/policy/openpi/declaration.ts'
import { decodeWire, encodeWire } from '#core/policy/openpi/wire-codec.ts'
import {
  isWireMap,
  NpScalar,
  WireFloat,
  type WireMap,
  type WireValue,
} from '#core/policy/openpi/wire-value.ts'
import { fail, type Fault, type Result } from '#core/result.ts'
import type { PolicyChunk } from '../../policy.ts'
import type { ServedEpisode, ServedPolicy } from './served-policy.ts'
import { asksReset, isResetAlone } from './reset-mark.ts'
import type { Session, SessionSocket } from './session.ts'

/** openpi's close code and words after an error. */
const errorClose = [1011, 'Internal server error. Traceback included in previous frame.'] as const

export class OpenpiSession implements Session {
  private readonly socket: SessionSocket
  private readonly served: ServedPolicy
  private readonly episode: ServedEpisode
  /** openpi tells how long the answer before took, with its sending. */
  private previousMs: number | null = null

  constructor(socket: SessionSocket, served: ServedPolicy) {
    this.socket = socket
    this.served = served
    this.episode = served.episode()
  }

  greet(): void {
    this.send(declaring(this.served.declaration))
  }

  async hear(message: Uint8Array | string, signal: AbortSignal): Promise<Fault | null> {
    const startUs = this.served.clock()
    const answer = await this.answer(message, signal)
    if (!answer.ok) {
      if (!signal.aborted) this.refuse(answer.error)
      return answer.error
    }
    if (typeof answer.value === 'string') this.socket.send(answer.value)
    else this.send(answer.value)
    this.previousMs = (this.served.clock() - startUs) / 1000
    return null
  }

  private async answer(message: Uint8Array | string, signal: AbortSignal): Promise<Result<WireMap | string>> {
    if (typeof message === 'string') return protocol('a text where an observation should be')
    const decoded = decodeWire(message, openpiArrays)
    if (!decoded.ok) return decoded
    if (!isWireMap(decoded.value)) return protocol('an observation that is no map')
    const map = decoded.value
    if (map['endpoint'] === 'reset') {
      this.episode.reset()
      return { ok: true, value: 'reset successful' }
    }
    if (asksReset(map)) {
      this.episode.reset()
      if (isResetAlone(map)) return { ok: true, value: this.noActions() }
    }
    const tick = tickOf(map['step'])
    if (!tick.ok) return tick
    const shown = this.episode.show(map, tick.value)
    if (!shown.ok) return shown
    const chunk = await this.episode.ask(signal)
    return chunk.ok ? { ok: true, value: this.reply(chunk.value) } : chunk
  }

  private reply({
    actions,
    length,
    width,
    inferMs,
    seed,
  }: Pick<PolicyChunk, 'actions' | 'length' | 'width' | 'inferMs' | 'seed'>): WireMap {
    const infer = { infer_ms: new WireFloat(inferMs) }
    const { previousMs } = this
    return {
      actions: float32Array(actions, [length, width]),
      policy_timing: infer,
      server_timing: previousMs === null ? infer : { ...infer, prev_total_ms: new WireFloat(previousMs) },
      ...(seed === null ? {} : { seed }),
    }
  }

  /** Clients take the actions and the times out of whatever answers `infer`: after a reset there is no row of them. */
  private noActions(): WireMap {
    const width = this.served.policy.contract.action.length
    return {
      reset: true,
      ...this.reply({ actions: new Float32Array(), length: 0, width, inferMs: 0, seed: null }),
    }
  }

  private refuse({ code, message, data }: Fault): void {
    const details = data === undefined ? '' : `${JSON.stringify(data)}\n`
    this.socket.send(`Foresight cannot answer this observation.\n${details}${code}: ${message}`)
    this.socket.close(...errorClose)
  }

  private send(map: WireMap): void {
    this.socket.send(encodeWire(map, openpiArrays))
  }
}

/** A script that counts with numpy sends a numpy scalar. */
function tickOf(given: WireValue | undefined): Result<number | null> {
  const step = given instanceof NpScalar ? given.value : given
  if (step === undefined || step === null) return { ok: true, value: null }
  return typeof step === 'number' && Number.isSafeInteger(step) && step >= 0
    ? { ok: true, value: step }
    : fail('policy/wrong-shape', 'step is no count of ticks', { key: 'step' })
}

const protocol = (reason: string) =>
  fail('policy/remote-protocol', `not a message of openpi: ${reason}`, { reason })
