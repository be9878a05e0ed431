/**
 * Joins a connected station with everything that uses it: the drive session, the policy, the recorder. It keeps the lease,
 * which outlives rigs, and brings back arms whose bus returns. Invariant: a station is closed only after its session ended.
 */
import { defaultExecutorSettings, type ExecutorSettings } from '#core/control/executor-settings.ts'
import { simulatedWatchLimits } from '#core/control/watch-limits.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { DriveState, ExecutorState, PlanMessage } from '#contract/services/drive.ts'
import { machineClockUs } from '../../shared/clock.ts'
import type { HostOptions } from '../../shared/host-options.ts'
import type { Log } from '../../shared/log.ts'
import { DriveSession } from '../drive/drive-session.ts'
import { emptyDriveState } from '../drive/drive-state.ts'
import { HoldFile } from '../drive/hold-file.ts'
import { Lease } from '../drive/lease.ts'
import { createTicker } from '../loop/ticker.ts'
import { executorStateOf, planMessageOf } from '../policy/executor-messages.ts'
import { ExecutorStore } from '../policy/executor-store.ts'
import { createPolicyDriver, type PolicyDriver } from '../policy/policy-driver.ts'
import type { SurpriseGauge } from '../policy/surprise-link.ts'
import type { TakeRecorder } from '../recorder/take-recorder.ts'
import { nodeTimers } from '../recorder/timers.ts'
import { ArmReturn } from './arm-return.ts'
import { recordingRigOf } from './recording-rig-of.ts'
import { rigContractOf } from './rig-contract.ts'
import type { StationUser } from './rig-desk.ts'
import { isSimulated, type Role, type Station } from './station.ts'

const periodUs = 5000
/** The state is told at this pace, and at once when the mode changes. */
const stateEveryTicks = 10

interface Seated {
  readonly station: Station
  readonly session: DriveSession
  readonly policy: PolicyDriver
  readonly arms: ArmReturn
}

export class DriveDesk implements StationUser {
  readonly lease: Lease
  readonly #options: HostOptions
  readonly #log: Log
  readonly #recorder: TakeRecorder
  readonly #surprise: SurpriseGauge
  readonly #holdFile: HoldFile
  readonly #executorStore: ExecutorStore
  readonly #listeners = new Set<(state: DriveState) => void>()
  readonly #armListeners = new Set<(role: Role, fault: Fault | null) => void>()
  #seated: Seated | null = null
  #wantedPolicy: string | null = null
  #executor: ExecutorSettings = defaultExecutorSettings

  constructor(options: HostOptions, log: Log, recorder: TakeRecorder, surprise: SurpriseGauge) {
    this.#options = options
    this.#log = log
    this.#recorder = recorder
    this.#surprise = surprise
    this.#holdFile = new HoldFile(options.dataDir)
    this.#executorStore = new ExecutorStore(options.dataDir)
    void this.#executorStore.read().then((settings) => {
      // A page may have been faster than the disk.
      if (this.#executor === defaultExecutorSettings) this.#useExecutor(settings)
    })
    this.lease = new Lease(machineClockUs, () => this.#seated?.session.isDriving ?? false)
  }

  get isPowered(): boolean {
    return this.#seated?.session.isPowered ?? false
  }

  /** The session of the connected rig, or why there is none. */
  session(): Result<DriveSession> {
    const seated = this.#seated
    return seated === null ? fail('control/not-connected', 'no rig is connected') : ok(seated.session)
  }

  state(): DriveState {
    const lease = { holder: this.lease.holder?.peer ?? null, label: this.lease.holder?.label ?? null }
    const outer = { lease, policy: this.#policyState() }
    return this.#seated?.session.state(outer) ?? emptyDriveState(machineClockUs(), lease, outer.policy)
  }

  onState(listener: (state: DriveState) => void): Disposable {
    this.#listeners.add(listener)
    listener(this.state())
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** Called when an arm's bus is gone (`fault`) or back (null). */
  onArm(listener: (role: Role, fault: Fault | null) => void): Disposable {
    this.#armListeners.add(listener)
    return { [Symbol.dispose]: () => void this.#armListeners.delete(listener) }
  }

  changed(): void {
    if (this.#listeners.size === 0) return
    const state = this.state()
    for (const listener of this.#listeners) listener(state)
  }

  async attach(station: Station): Promise<Result<void>> {
    const { rig, follower, leader, sim } = station
    const policy = createPolicyDriver({
      socketDir: this.#options.socketDir,
      profile: follower.profile,
      calibration: follower.calibration,
      contract: () => rigContractOf(rig, follower.profile),
      task: () => this.#recorder.state().task,
      onFollow: (observedUs, origin) => this.#recorder.noteChunk(observedUs, origin),
      sim,
    })
    policy.source.configure(this.#executor)
    this.#holdFile.concern(rig, this.#options.socketDir)
    const session = new DriveSession({
      follower,
      leader,
      isReal: !isSimulated(rig),
      heldJoints: follower.report.heldJoints,
      leaderHeldJoints: leader?.report.heldJoints ?? [],
      clock: machineClockUs,
      timeOfDay: () => new Date().toISOString(),
      ticker: createTicker(periodUs),
      periodUs,
      ...(isSimulated(rig) ? { control: { watchLimits: simulatedWatchLimits } } : {}),
      holdFile: this.#holdFile,
      holdNote: await this.#holdFile.read(),
      lease: (nowUs) => this.lease.view(nowUs),
    })
    const arms = new ArmReturn({
      station,
      options: this.#options,
      later: (callback, ms) => nodeTimers.after(ms, callback),
      attach: (role, arm) => session.attach(role, arm),
      tell: (role, fault) => this.#tellArm(role, fault),
    })
    this.#seated = { station, session, policy, arms }
    session.onGone((role, fault) => {
      this.#log.warn('bus', 'an arm is gone', { role, code: fault.code })
      arms.gone(role, fault)
      this.#recorder.endTake({ ...fault, data: { ...fault.data, arm: role } })
    })
    this.#recorder.setRig(recordingRigOf(station, this.#surprise))
    let { mode } = session
    session.onTick((record) => {
      this.#recorder.onTick(record)
      const isChanged = record.mode !== mode
      mode = record.mode
      if (isChanged && (mode === 'fault' || mode === 'eStop')) this.#endTake()
      if (isChanged || record.tick % stateEveryTicks === 0) this.changed()
    })
    if (this.#wantedPolicy !== null) void this.selectPolicy(this.#wantedPolicy)
    this.changed()
    return ok(undefined)
  }

  closeBlocker(): Fault | null {
    return this.isPowered
      ? fail('control/not-allowed', 'end the session first: an arm has torque').error
      : null
  }

  async release(): Promise<void> {
    const seated = this.#seated
    if (seated === null) return
    this.#seated = null
    seated.session[Symbol.dispose]()
    seated.policy[Symbol.dispose]()
    await seated.arms[Symbol.asyncDispose]()
    this.#recorder.setRig(null)
    this.changed()
  }

  /** Makes a policy the one that can be given the arm; null takes it away. Remembered for the next rig. */
  async selectPolicy(policyId: string | null): Promise<Result<void>> {
    this.#wantedPolicy = policyId
    const seated = this.#seated
    if (seated === null) {
      this.changed()
      return ok(undefined)
    }
    seated.session.setPolicy(null)
    const selected = await seated.policy.link.select(policyId)
    if (!selected.ok) return selected
    const entry = selected.value
    if (entry !== null && this.#seated === seated)
      seated.session.setPolicy({ name: entry.name, source: seated.policy.source })
    this.#recorder.setPolicy(entry?.id ?? '')
    this.changed()
    return ok(undefined)
  }

  /** How chunks follow each other, from now on and in later runs. */
  setExecutor(settings: ExecutorSettings): void {
    this.#useExecutor(settings)
    this.#executorStore.write(settings).catch((error: unknown) => {
      this.#log.warn('drive', `how chunks follow each other is forgotten at the end: ${String(error)}`)
    })
  }

  #useExecutor(settings: ExecutorSettings): void {
    this.#executor = settings
    this.#seated?.policy.source.configure(settings)
  }

  /** How they did; null while no policy stands ready. */
  executorState(): ExecutorState | null {
    const seated = this.#seated
    return seated === null || seated.policy.link.entry === null
      ? null
      : executorStateOf(this.#executor, seated.policy.source.stats())
  }

  plan(): PlanMessage | null {
    return planMessageOf(this.#seated?.policy.source.plan() ?? null)
  }

  /** Comes to rest and holds with torque on, closes the take, lets go of the ports. For a lost main and an orderly end. */
  async leave(why: 'main-lost' | 'quit'): Promise<void> {
    const seated = this.#seated
    if (seated !== null) await seated.session.leaveHolding(why)
    await this.#recorder[Symbol.asyncDispose]()
    if (seated === null) return
    this.#seated = null
    seated.policy[Symbol.dispose]()
    await seated.arms[Symbol.asyncDispose]()
    await seated.station[Symbol.asyncDispose]()
  }

  #policyState(): DriveState['policy'] {
    const entry = this.#seated?.policy.link.entry ?? null
    if (entry === null) return null
    return { id: entry.id, name: entry.name, isLearned: entry.isLearned, isWarm: true }
  }

  #endTake(): void {
    const { cause } = this.state()
    const message = cause?.message ?? 'the arm stopped'
    this.#recorder.endTake(fail('record/stopped', message, { cause: cause?.code }).error)
  }

  #tellArm(role: Role, fault: Fault | null): void {
    for (const listener of this.#armListeners) listener(role, fault)
  }
}
