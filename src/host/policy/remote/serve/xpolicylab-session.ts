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
import { asksReset, isResetAlone } from './reset-mark.ts'
import type { Session, SessionSocket } from './session.ts'

const failureOf: Readonly<Partial<Record<XPolicyLabRequest, XPolicyLabError>>> = {
  call: 'call_failed',
  infer: 'infer_failed',
}

/** Each keeps its pictures in memory. */
const maxEnvironments = 64

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
  /** By environment: a client may run several at once. */
  private readonly episodes = new Map<number, ServedEpisode>()
  private shown: readonly number[] = []
  private readonly options: XPolicyLabOptions

  constructor(socket: SessionSocket, served: ServedPolicy, options: XPolicyLabOptions) {
    this.socket = socket
    this.served = served
    this.options = options
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
      const { observation } = payload
      const shown = this.show([observation])
      if (shown.ok && isWireMap(observation) && isResetAlone(observation))
        return ok({ actions: [], latency_ms: this.sinceMs(startUs) })
      const actions = shown.ok ? await this.actions(signal) : shown
      return actions.ok
        ? ok({ actions: actions.value[0] ?? null, latency_ms: this.sinceMs(startUs) })
        : actions
    }
    if (type === 'call') {
      const result = await this.call(payload['func_name'], payload['obs'], signal)
      return result.ok ? ok({ ok: true, ...result.value, latency_ms: this.sinceMs(startUs) }) : result
    }
    if (type === 'reset') this.reset()
    if (type !== 'hello') return ok({ ok: true })
    return ok({ ok: true, server: 'foresight', server_instance_id: this.options.instanceId })
  }

  /** The methods of XPolicyLab's models. */
  private async call(
    name: WireValue | undefined,
    obs: WireValue | undefined,
    signal: AbortSignal,
  ): Promise<Result<WireMap>> {
    switch (name) {
      case 'reset':
        this.reset()
        return ok({})
      case 'update_obs':
      case 'update_obs_batch': {
        const shown = this.show(name === 'update_obs' ? [obs] : Array.isArray(obs) ? obs : [])
        return shown.ok ? ok({}) : shown
      }
      case 'get_action':
      case 'get_action_batch': {
        const actions = await this.actions(signal)
        if (!actions.ok) return actions
        return ok({ result: name === 'get_action' ? (actions.value[0] ?? null) : actions.value })
      }
      default:
        return {
          ok: false,
          error: protocol(`the method ${typeof name === 'string' ? name : 'without a name'}`),
        }
    }
  }

  private reset(): void {
    this.episodes.clear()
    this.shown = []
  }

  /** One observation an environment, which it names by `env_idx` or by its place in the list. */
  private show(observations: readonly (WireValue | undefined)[]): Result<void> {
    const shown: number[] = []
    for (const [place, observation] of observations.entries()) {
      if (!isWireMap(observation))
        return fail('policy/wrong-shape', 'the observation is no map', { key: 'observation' })
      const named = observation['env_idx']
      const environment = typeof named === 'number' ? named : place
      if (!this.episodes.has(environment) && this.episodes.size >= maxEnvironments)
        return fail('policy/wrong-shape', `more than ${maxEnvironments} environments`, { key: 'env_idx' })
      const episode = this.episodes.get(environment) ?? this.served.episode()
      this.episodes.set(environment, episode)
      if (asksReset(observation)) episode.reset()
      if (isResetAlone(observation)) continue
      const taken = episode.show(observation, null)
      if (!taken.ok) return taken
      shown.push(environment)
    }
    this.shown = shown
    return ok(undefined)
  }

  /** Of each environment that was shown last, one after the other. */
  private async actions(signal: AbortSignal): Promise<Result<WireMap[][]>> {
    const answers: WireMap[][] = []
    for (const environment of this.shown) {
      const chunk = await this.episodes.get(environment)?.ask(signal)
      if (chunk?.ok === false) return chunk
      if (chunk !== undefined) answers.push(this.rows(chunk.value))
    }
    return answers.length > 0 ? ok(answers) : fail('policy/not-ready', 'nothing was shown since the reset')
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
