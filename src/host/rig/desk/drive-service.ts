/** The contract's `drive` service. Stopping needs no lease; everything that moves or powers an arm does. */
import { FaultError, unwrap, type Result } from '#core/result.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { drive } from '#contract/services/drive.ts'
import type { Clock } from '../../shared/clock.ts'
import type { DriveSession } from '../drive/drive-session.ts'
import type { DriveDesk } from './drive-desk.ts'

export function driveService(desk: DriveDesk, clock: Clock): BoundService {
  /** Runs a command of the page that holds the lease. */
  const leased = async (
    peer: string,
    run: (session: DriveSession) => Promise<Result<void>>,
  ): Promise<undefined> => {
    const refusal = desk.lease.guard(peer)
    if (refusal !== null) throw new FaultError(refusal)
    unwrap(await run(unwrap(desk.session())))
  }

  return implement(drive, {
    claimLease: async ({ label, force }, { peer }) => {
      const answer = desk.lease.claim(peer, label, force)
      desk.changed()
      return answer
    },
    releaseLease: async (_input, { peer }) => {
      desk.lease.release(peer)
      desk.changed()
    },
    heartbeat: async (beat, { peer }) => desk.lease.heartbeat(peer, beat),
    engage: (input, { peer }) => leased(peer, (session) => session.engage(input)),
    hold: (_input, { peer }) => leased(peer, (session) => session.hold()),
    resume: (_input, { peer }) => leased(peer, (session) => session.resume()),
    giveToPolicy: (_input, { peer }) => leased(peer, (session) => session.giveToPolicy()),
    takeOver: (_input, { peer }) => leased(peer, (session) => session.takeOver()),
    recover: (_input, { peer }) => leased(peer, (session) => session.recover()),
    endSession: (_input, { peer }) => leased(peer, (session) => session.endSession()),
    selectPolicy: async ({ policyId }, { peer }) => {
      const refusal = desk.lease.guard(peer)
      if (refusal !== null) throw new FaultError(refusal)
      unwrap(await desk.selectPolicy(policyId))
    },
    setExecutor: async (settings, { peer }) => {
      const refusal = desk.lease.guard(peer)
      if (refusal !== null) throw new FaultError(refusal)
      desk.setExecutor(settings)
      desk.changed()
    },
    stop: async () => unwrap(await unwrap(desk.session()).stop()),
    eStop: async () => unwrap(await unwrap(desk.session()).eStop()),
    state: (_params, emitter) => desk.onState((state) => void emitter.emit(state)),
    // Both change with every tick: they are told at the pace of the state.
    executor: (_params, emitter) => desk.onState(() => void emitter.emit(desk.executorState())),
    plan: (_params, emitter) => desk.onState(() => void emitter.emit(desk.plan())),
    telemetry: ({ maxHz }, emitter) => {
      // A rig may come and go while the page watches: the subscription follows it.
      let inner: { readonly session: DriveSession; readonly subscription: Disposable } | null = null
      const follow = desk.onState(() => {
        const current = desk.session()
        const session = current.ok ? current.value : null
        if (session === (inner?.session ?? null)) return
        inner?.subscription[Symbol.dispose]()
        inner =
          session === null
            ? null
            : { session, subscription: session.telemetry(maxHz, (batch) => void emitter.emit(batch)) }
      })
      return {
        [Symbol.dispose]: () => {
          follow[Symbol.dispose]()
          inner?.subscription[Symbol.dispose]()
        },
      }
    },
    ping: async ({ clientUs }) => ({ clientUs, rigUs: clock() }),
    lateness: async () => unwrap(desk.session()).measured.meter.drainLateness(),
  })
}
