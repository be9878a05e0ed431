/**
 * One client that speaks XPolicyLab's protocol (spec/peers.md §2.5): enveloped requests with ids, each with its reply. Actions are
 * a list of maps, one per tick. Newer clients show and ask in separate `call`s, older ones in one `infer`.
 */
import { msgpackNumpyArrays } from '#core/policy/openpi/array-dialect.ts'
import { float32Array } from '#core/policy/openpi/array-values.ts'
import { decodeWire, encodeWire } from '#core/policy/openpi/wire-codec.ts'
import { isWireMap, WireFloat, type WireMap, type WireValue } from '#core/policy/openpi/wire-value.ts'
import {
  isXPolicyLabRequest,
  readFrame,
  replyTo,
  xpolicylabReplies,
  type XPolicyLabError,
  type XPolicyLabFrame,
  type XPolicyLabRequest,
} from '#core/policy/openpi/xpolicylab-frame.ts'
import type { RobotPart } from '#core/policy/openpi/xpolicylab-keys.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { PolicyChunk } from '../../policy.ts'
import type { ServedEpisode, ServedPolicy } from './served-policy.ts'
import type { Session, SessionSocket } from './session.ts'

const failureOf: Readonly<Partial<Record<XPolicyLabRequest, XPolicyLabError>>> = {
  call: 'call_failed',
  infer: 'infer_failed',
}

export interface XPolicyLabOptions {
  /** How the action vector is cut into the maps of the reply. */
  readonly parts: readonly RobotPart[]
  /** Tells a client that the server was started anew. */
  readonly instanceId: string
  /** ISO 8601 in UTC. */
  readonly now: () => string
}

export class XPolicyLabSession implements Session {
  private readonly socket: SessionSocket
  private readonly served: ServedPolicy
  private readonly episode: ServedEpisode
  private readonly options: XPolicyLabOptions

  constructor(socket: SessionSocket, served: ServedPolicy, options: XPolicyLabOptions) {
    this.socket = socket
    this.served = served
    this.options = options
    this.episode = served.episode()
  }

  /** The client speaks first. */
  greet(): void {}

  async hear(message: Uint8Array | string, signal: AbortSignal): Promise<Fault | null> {
    if (typeof message === 'string') return protocol('a text where an envelope should be')
    const decoded = decodeWire(message, msgpackNumpyArrays)
    const frame = decoded.ok ? readFrame(decoded.value) : decoded
    // Without an id nobody could tell to what a reply belongs: like XPolicyLab's own server, none is sent.
    if (!frame.ok) return frame.error
    const { messageType } = frame.value
    if (messageType === 'close') {
      this.socket.close(1000, '')
      return null
    }
    if (!isXPolicyLabRequest(messageType)) {
      const fault = protocol(`the message type ${messageType}`)
      this.refuse(frame.value, 'unknown_message_type', fault)
      return fault
    }
    const payload = await this.answer(messageType, frame.value.payload, signal)
    if (payload.ok) {
      this.send(replyTo(frame.value, xpolicylabReplies[messageType], payload.value, this.options.now()))
      return null
    }
    if (!signal.aborted) this.refuse(frame.value, failureOf[messageType] ?? 'internal', payload.error)
    return payload.error
  }

  private async answer(
    type: XPolicyLabRequest,
    payload: WireMap,
    signal: AbortSignal,
  ): Promise<Result<WireMap>> {
    const startUs = this.served.clock()
    if (type === 'infer') {
      const shown = this.show(payload['observation'])
      const actions = shown.ok ? await this.actions(signal) : shown
      return actions.ok ? ok({ actions: actions.value, latency_ms: this.sinceMs(startUs) }) : actions
    }
    if (type === 'call') {
      const result = await this.call(payload['func_name'], payload['obs'], signal)
      return result.ok ? ok({ ok: true, ...result.value, latency_ms: this.sinceMs(startUs) }) : result
    }
    if (type === 'reset') this.episode.reset()
    if (type !== 'hello') return ok({ ok: true })
    return ok({ ok: true, server: 'foresight', server_instance_id: this.options.instanceId })
  }

  /** The three methods of XPolicyLab's models that concern one environment. */
  private async call(
    name: WireValue | undefined,
    obs: WireValue | undefined,
    signal: AbortSignal,
  ): Promise<Result<WireMap>> {
    if (name === 'reset') {
      this.episode.reset()
      return ok({})
    }
    if (name === 'update_obs') {
      const shown = this.show(obs)
      return shown.ok ? ok({}) : shown
    }
    if (name === 'get_action') {
      const actions = await this.actions(signal)
      return actions.ok ? ok({ result: actions.value }) : actions
    }
    return { ok: false, error: protocol(`the method ${typeof name === 'string' ? name : 'without a name'}`) }
  }

  private show(observation: WireValue | undefined): Result<void> {
    return isWireMap(observation)
      ? this.episode.show(observation, null)
      : fail('policy/wrong-shape', 'the observation is no map', { key: 'observation' })
  }

  private async actions(signal: AbortSignal): Promise<Result<WireMap[]>> {
    const chunk = await this.episode.ask(signal)
    return chunk.ok ? ok(this.rows(chunk.value)) : chunk
  }

  private rows({ actions, length, width }: PolicyChunk): WireMap[] {
    return Array.from({ length }, (_, row) =>
      Object.fromEntries(
        this.options.parts.map(({ key, indices }) => {
          const numbers = indices.map((index) => actions[row * width + index] ?? Number.NaN)
          return [key, float32Array(numbers, [numbers.length])]
        }),
      ),
    )
  }

  private sinceMs(startUs: number): WireFloat {
    return new WireFloat((this.served.clock() - startUs) / 1000)
  }

  private refuse(frame: XPolicyLabFrame, code: XPolicyLabError, fault: Fault): void {
    const details = { foresight_code: fault.code }
    const payload = { code, message: `${fault.code}: ${fault.message}`, details }
    this.send(replyTo(frame, 'error', payload, this.options.now()))
  }

  private send(map: WireMap): void {
    this.socket.send(encodeWire(map, msgpackNumpyArrays))
  }
}

const protocol = (reason: string): Fault => ({
  code: 'policy/remote-protocol',
  message: `not a message of XPolicyLab: ${reason}`,
  data: { reason },
})
