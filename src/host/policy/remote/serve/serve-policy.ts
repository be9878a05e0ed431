/** A loaded policy behind a socket: what a client of its dialect gets when it connects. */
import { randomUUID } from 'node:crypto'
import { plainContract, type PolicyDeclaration } from '#core/policy/openpi/declaration.ts'
import type { ObservationTemplate } from '#core/policy/openpi/observation-template.ts'
import { robotParts } from '#core/policy/openpi/xpolicylab-keys.ts'
import { ok, type Result } from '#core/result.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { Policy } from '../../policy.ts'
import { OpenpiSession } from './openpi-session.ts'
import type { Session, SessionSocket } from './session.ts'
import { ServedPolicy } from './served-policy.ts'
import type { Dialect } from './served-template.ts'
import { XPolicyLabSession } from './xpolicylab-session.ts'

export interface ServeOptions {
  readonly policy: Policy
  readonly facts: Pick<PolicyDeclaration, 'name' | 'description' | 'learned' | 'license'>
  readonly dialect: Dialect
  readonly template: ObservationTemplate
  readonly ticksPerQuestion: number
  readonly seed: number | null
  readonly clock: Clock
}

/** Fails with `policy/contract-mismatch` where the dialect has no names for the policy's actions. */
export function sessionsOf(options: ServeOptions): Result<(socket: SessionSocket) => Session> {
  const { policy, facts, dialect, template, ticksPerQuestion, seed, clock } = options
  const declaration: PolicyDeclaration = {
    version: 1,
    ...facts,
    contract: plainContract(policy.contract),
    // Pictures are padded here, by the code that the live page uses: a client that resizes first would do it twice.
    observation: { ...template, pictureSide: null },
    historyTicks: policy.pictureNeed?.historyTicks ?? 0,
  }
  const served = new ServedPolicy({ policy, template, declaration, ticksPerQuestion, seed, clock })
  if (dialect === 'openpi') return ok((socket) => new OpenpiSession(socket, served))
  const parts = robotParts(policy.contract.action)
  if (!parts.ok) return parts
  const instanceId = randomUUID()
  const now = (): string => new Date().toISOString().replace('Z', '+00:00')
  return ok((socket) => new XPolicyLabSession(socket, served, { parts: parts.value, instanceId, now }))
}
