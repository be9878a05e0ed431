/** The contract's `drive` service over the drive desk. Every command but stop and e-stop needs the lease of the calling page. */
import { FaultError, unwrap, type Result } from '#core/result.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { drive } from '#contract/services/drive.ts'
import type { Clock } from '../../shared/clock.ts'
import type { DriveDesk } from './drive-desk.ts'
import type { DriveSession } from './drive-session.ts'

/** Selects the policy that `giveToPolicy` hands over to; null lets go of it. */
export type SelectPolicy = (policyId: string | null) => Promise<Result<unknown>>

export function driveService(desk: DriveDesk, clock: Clock, selectPolicy: SelectPolicy): BoundService {
  const session = (): DriveSession => {
    if (desk.session) return desk.session
    throw new FaultError({ code: 'control/not-connected', message: 'No rig is connected' })
  }
  const leased = (peer: string): DriveSession => {
    const refusal = desk.lease.guard(peer)
    if (refusal) throw new FaultError(refusal)
    return session()
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
    engage: async (input, { peer }) => unwrap(await leased(peer).engage(input)),
    hold: async (_input, { peer }) => unwrap(await leased(peer).hold()),
    resume: async (_input, { peer }) => unwrap(await leased(peer).resume()),
    selectPolicy: async ({ policyId }, { peer }) => {
      const refusal = desk.lease.guard(peer)
      if (refusal) throw new FaultError(refusal)
      unwrap(await selectPolicy(policyId))
    },
    giveToPolicy: async (_input, { peer }) => unwrap(await leased(peer).giveToPolicy()),
    takeOver: async (_input, { peer }) => unwrap(await leased(peer).takeOver()),
    stop: async () => unwrap(await session().stop()),
    eStop: async () => unwrap(await session().eStop()),
    recover: async (_input, { peer }) => unwrap(await leased(peer).recover()),
    endSession: async (_input, { peer }) => unwrap(await leased(peer).endSession()),
    state: (_params, emitter) => desk.onState((state) => void emitter.emit(state)),
    telemetry: ({ maxHz }, emitter) => desk.telemetry(maxHz, (batch) => void emitter.emit(batch)),
    ping: async ({ clientUs }) => ({ clientUs, rigUs: clock() }),
    lateness: async () => desk.session?.measured.meter.drainLateness() ?? new Float64Array(),
  })
}
