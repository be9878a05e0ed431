/** A policy that computes on an openpi server: our observation goes there, its chunk comes back, checked as any other. */
import { openpiArrays } from '#core/policy/openpi/array-dialect.ts'
import type { RemoteManifest } from '#core/policy/openpi/remote-manifest.ts'
import { encodeWire } from '#core/policy/openpi/wire-codec.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { ok, type Fault, type Result } from '#core/result.ts'
import type { Clock } from '../../shared/clock.ts'
import { neutralObservation } from '../neutral-observation.ts'
import type { Observation, PictureNeed, Policy, PolicyChunk } from '../policy.ts'
import { buildObservation } from './build-observation.ts'
import { readReply } from './read-reply.ts'
import type { ServerConnection } from './server-connection.ts'

/** The first question may compile the model over there. */
const warmUpTimeoutMs = 120_000

export class RemotePolicy implements Policy {
  readonly contract: PolicyContract
  readonly provider: string
  readonly precision = null
  readonly pictureNeed: PictureNeed | null
  readonly processIds = []
  readonly foresee = null
  readonly ended: Promise<Fault>
  private readonly manifest: RemoteManifest
  private readonly connection: ServerConnection
  private readonly clock: Clock

  constructor(manifest: RemoteManifest, connection: ServerConnection, clock: Clock) {
    this.manifest = manifest
    this.connection = connection
    this.clock = clock
    this.contract = manifest.contract
    this.provider = manifest.address
    // At the camera's own size: openpi's servers were trained behind Pillow's resizing, which is done here.
    const isSeeing = manifest.observation.items.some(({ from }) => from === 'picture')
    this.pictureNeed = isSeeing ? { side: null, historyTicks: manifest.historyTicks } : null
    this.ended = connection.changed
  }

  async warmUp(): Promise<Result<{ readonly inferMs: number }>> {
    // Language models are not asked without a word.
    const given = { task: 'move' }
    const neutral = neutralObservation(this.contract, this.pictureNeed, this.clock(), given)
    const first = await this.answer(neutral, warmUpTimeoutMs)
    return first.ok ? this.answer(neutral, this.manifest.timeoutMs) : first
  }

  infer(observation: Observation): Promise<Result<PolicyChunk>> {
    return this.answer(observation, this.manifest.timeoutMs)
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.connection[Symbol.dispose]()
    return Promise.resolve()
  }

  private async answer(observation: Observation, timeoutMs: number): Promise<Result<PolicyChunk>> {
    const startUs = this.clock()
    const map = buildObservation(observation, this.manifest)
    if (!map.ok) return map
    const question = encodeWire(map.value, openpiArrays)
    const sentUs = this.clock()
    const answer = await this.connection.ask(question, timeoutMs)
    if (!answer.ok) return answer
    const heardUs = this.clock()
    const reply = readReply(answer.value, this.manifest.actionsKey, this.contract)
    if (!reply.ok) return reply
    const { actions, serverMs } = reply.value
    const roundTripMs = (heardUs - sentUs) / 1000
    const preprocess = (sentUs - startUs) / 1000
    return ok({
      observationUs: observation.timeUs,
      actions,
      length: this.contract.chunkLength,
      width: this.contract.action.length,
      inferMs: (this.clock() - startUs) / 1000,
      seed: null,
      isGuided: false,
      // What the server does not tell cannot be taken from the round trip: it is one figure then.
      stagesMs:
        serverMs === null
          ? { preprocess, infer: roundTripMs }
          : { preprocess, infer: serverMs, network: Math.max(0, roundTripMs - serverMs) },
      hidden: null,
    })
  }
}
