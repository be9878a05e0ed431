/**
 * The rig host's end of the policy: selects one, keeps the connection to the policy host, and carries observations there
 * and chunks back, converted between program units and the policy's. It answers for the policy's readiness: no
 * connection, not warm, or a contract that does not fit, is a fault and no chunk.
 */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import type { Calibration } from '#core/arm/calibration.ts'
import type {
  ChunkLeftOver,
  ChunkObservation,
  ChunkOrigin,
  ChunkReply,
  ChunkRequester,
} from '#core/control/chunk.ts'
import { checkContract, type RigContract, type RigMapping } from '#core/policy/contract-check.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { FaultError, type Fault, type Result } from '#core/result.ts'
import type { Connection } from '#contract/rpc/connect.ts'
import type { Client } from '#contract/rpc/types.ts'
import {
  policyRunner,
  type ChunkGuide,
  type ChunkMessage,
  type ObservationMessage,
  type PolicyEntry,
} from '#contract/services/policy.ts'
import { readPolicyContract } from './read-contract.ts'
import { VectorPair } from './vector-pair.ts'

export interface PolicyLinkRig {
  readonly profile: ArmProfile
  readonly calibration: Calibration | null
  contract(): RigContract
  /** The present value of an extra such as `sim.red_cube_m`, or null while it is unknown. */
  extra(name: string): ArrayLike<number> | null
  /** The instruction of what is being recorded, or would be; empty where there is none. */
  task(): string
}

export interface PolicyLinkPorts {
  /** A new connection to the policy host; rejects while nobody listens. */
  open(): Promise<Connection>
  /** Calls back once, later. */
  later(callback: () => void, ms: number): Disposable
}

/** What is selected and fits the rig. */
interface Selected {
  readonly entry: PolicyEntry
  readonly contract: PolicyContract
  readonly vectors: VectorPair
  readonly mapping: RigMapping
}

const reconnectMs = 500

const down: Fault = { code: 'policy/host-down', message: 'the policy host is not running' }
const none: Fault = { code: 'policy/not-ready', message: 'no policy is selected' }

export class PolicyLink implements ChunkRequester {
  private readonly rig: PolicyLinkRig
  private readonly ports: PolicyLinkPorts
  private connection: Connection | null = null
  private connecting: Promise<Client<typeof policyRunner>> | null = null
  private runner: Client<typeof policyRunner> | null = null
  private retry: Disposable | null = null
  private wantedId: string | null = null
  private selected: Selected | null = null
  private fault: Fault | null = none
  private replies: ChunkReply[] = []
  private inFlight: AbortController | null = null
  private isDisposed = false

  constructor(rig: PolicyLinkRig, ports: PolicyLinkPorts) {
    this.rig = rig
    this.ports = ports
  }

  /** The selected policy once it is warm and fits the rig, else null. */
  get entry(): PolicyEntry | null {
    return this.selected?.entry ?? null
  }

  /**
   * Loads and warms a policy, checks it against the rig and makes it the one that `request` asks; null lets go. Later
   * calls win. Fails with what blocks it; `faults` then says the same until another is selected.
   */
  async select(policyId: string | null): Promise<Result<PolicyEntry | null>> {
    this.wantedId = policyId
    this.selected = null
    this.cancel()
    this.fault =
      policyId === null
        ? none
        : { code: 'policy/not-ready', message: 'the policy is loading', data: { policyId } }
    if (policyId === null) return { ok: true, value: null }
    try {
      const runner = await this.connect()
      const entry = await runner.load({ policyId })
      const mapping = await runner.settings({ policyId })
      if (this.wantedId !== policyId)
        throw new FaultError({ code: 'contract/cancelled', message: 'another policy was selected' })
      this.selected = this.accept(entry, mapping)
      this.fault = null
      return { ok: true, value: entry }
    } catch (error) {
      const fault = error instanceof FaultError ? error.fault : down
      if (this.wantedId === policyId) this.fault = fault
      return { ok: false, error: fault }
    }
  }

  faults(): readonly Fault[] {
    return this.fault === null ? [] : [this.fault]
  }

  request(observation: ChunkObservation): void {
    const { selected, runner } = this
    if (selected === null || runner === null)
      return this.answer(observation.id, { ok: false, error: this.fault ?? down })
    const extras: Record<string, Float32Array<ArrayBuffer>> = {}
    for (const { name } of selected.contract.extras) {
      const value = this.rig.extra(name)
      if (value === null) {
        const error: Fault = {
          code: 'policy/not-ready',
          message: `${name} is not known yet`,
          data: { extra: name },
        }
        return this.answer(observation.id, { ok: false, error })
      }
      extras[name] = Float32Array.from(value)
    }
    const state = Float32Array.from(selected.vectors.state.toPolicy(observation.position))
    const inFlight = new AbortController()
    this.inFlight = inFlight
    const message = {
      policyId: selected.entry.id,
      timeUs: observation.timeUs,
      state,
      extras,
      task: this.rig.task(),
      guide: guideOf(observation.leftOver, selected.vectors),
    }
    runner.infer(message, { signal: inFlight.signal }).then(
      (chunk) => {
        const steps = Array.from({ length: chunk.length }, (_, step) =>
          selected.vectors.action.toProgram(
            chunk.actions.subarray(step * chunk.width, (step + 1) * chunk.width),
            observation.commanded,
          ),
        )
        this.answer(observation.id, {
          ok: true,
          value: {
            stepUs: 1e6 / selected.contract.fps,
            steps,
            origin: originOf(chunk, message),
          },
        })
      },
      (error: unknown) => {
        const fault = faultOf(error)
        if (fault.code !== 'contract/cancelled') this.answer(observation.id, { ok: false, error: fault })
      },
    )
  }

  poll(): readonly ChunkReply[] {
    return this.replies.splice(0)
  }

  cancel(): void {
    this.inFlight?.abort()
    this.inFlight = null
  }

  [Symbol.dispose](): void {
    this.isDisposed = true
    this.cancel()
    this.retry?.[Symbol.dispose]()
    this.connection?.[Symbol.dispose]()
  }

  private answer(id: number, result: ChunkReply['result']): void {
    this.replies.push({ id, result })
  }

  /** @throws FaultError naming every line that does not fit */
  private accept(entry: PolicyEntry, { cameras, joints }: RigMapping): Selected {
    const contract = readPolicyContract(entry)
    const mapping = { cameras, joints }
    const misfits = checkContract(contract, entry.isLearned, this.rig.contract(), mapping).filter(
      ({ status }) => status === 'fail',
    )
    if (misfits.length > 0) {
      const lines = misfits.map(({ id, expected, actual }) => `${id}: ${expected} ≠ ${actual}`)
      throw new FaultError({
        code: 'policy/contract-mismatch',
        message: `the policy does not fit this rig: ${lines.join('; ')}`,
        data: { lines: misfits.map(({ id }) => id) },
      })
    }
    const { profile, calibration } = this.rig
    return { entry, contract, vectors: VectorPair.create(contract, joints, profile, calibration), mapping }
  }

  /** One connection, however many selections wait for it. */
  private connect(): Promise<Client<typeof policyRunner>> {
    this.connecting ??= this.openConnection().catch((error: unknown) => {
      this.connecting = null
      throw error
    })
    return this.connecting
  }

  private async openConnection(): Promise<Client<typeof policyRunner>> {
    const connection = await this.ports.open()
    await connection.ready
    if (this.isDisposed) {
      connection[Symbol.dispose]()
      throw new FaultError({ code: 'contract/cancelled', message: 'the rig is gone' })
    }
    this.connection = connection
    const runner = connection.client(policyRunner)
    this.runner = runner
    connection.onClose(() => this.lost())
    runner.state(undefined, ({ loaded, status }) => {
      if (this.selected === null) return
      if (status === 'warm' && loaded?.id === this.selected.entry.id) {
        void this.refresh(this.selected)
        return
      }
      this.selected = null
      this.fault = { code: 'policy/not-ready', message: 'the policy was unloaded or replaced' }
    })
    return runner
  }

  /** Cameras and joints may be mapped anew while a policy is loaded; what no longer fits is let go of. */
  private async refresh({ entry, mapping }: Selected): Promise<void> {
    const now = await this.runner?.settings({ policyId: entry.id }).catch(() => null)
    if (now === null || now === undefined || this.selected?.entry.id !== entry.id) return
    if (isSameMapping(now, mapping)) return
    try {
      this.selected = this.accept(entry, now)
      this.fault = null
    } catch (error) {
      this.selected = null
      this.fault = error instanceof FaultError ? error.fault : down
    }
  }

  /** The policy host died: nothing is warm any more. It is asked again until it is back or nobody wants it. */
  private lost(): void {
    this.connection = null
    this.connecting = null
    this.runner = null
    this.selected = null
    this.fault = down
    if (this.isDisposed) return
    const again = async (): Promise<void> => {
      const { wantedId } = this
      if (this.isDisposed || wantedId === null || this.runner !== null) return
      await this.select(wantedId)
      if (this.runner === null) this.retryLater(again)
    }
    this.retryLater(again)
  }

  private retryLater(again: () => Promise<void>): void {
    this.retry?.[Symbol.dispose]()
    this.retry = this.ports.later(() => void again(), reconnectMs)
  }
}

/** A connection that broke under a request means that the host died: its restart is on its way. */
function faultOf(error: unknown): Fault {
  if (!(error instanceof FaultError)) return { code: 'contract/internal', message: String(error) }
  return error.fault.code === 'contract/closed' ? down : error.fault
}

const isSameMapping = (a: RigMapping, b: RigMapping): boolean =>
  JSON.stringify([a.cameras, a.joints]) === JSON.stringify([b.cameras, b.joints])

/** What is left of the running chunk, in the policy's units and order. */
function guideOf(leftOver: ChunkLeftOver | null, { action }: VectorPair): ChunkGuide | null {
  if (leftOver === null) return null
  const { steps, delayRows, horizonRows, schedule } = leftOver
  const rows = steps.flatMap((pose) => action.toPolicy(pose))
  return { leftOver: Float32Array.from(rows), rows: steps.length, delayRows, horizonRows, schedule }
}

function originOf(
  { chunkId, seed, isGuided, stagesMs }: ChunkMessage,
  { policyId, task, state, extras, guide }: ObservationMessage,
): ChunkOrigin {
  const question = {
    task,
    state: Array.from(state),
    extras: Object.fromEntries(Object.entries(extras).map(([name, value]) => [name, Array.from(value)])),
    guide: guide === null ? null : { ...guide, leftOver: Array.from(guide.leftOver) },
  }
  return { policyId, chunkId, seed, isGuided, stagesMs, question }
}
