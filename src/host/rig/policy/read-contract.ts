/** A policy's contract as it came over the wire, its units checked against the closed set. */
import { policyUnits, type Channel, type PolicyContract } from '#core/policy/policy-contract.ts'
import { FaultError } from '#core/result.ts'
import type { PolicyEntry } from '#contract/services/policy.ts'

/** @throws FaultError `policy/bad-manifest` when there is no contract or a unit is unknown */
export function readPolicyContract({ contract, name }: PolicyEntry): PolicyContract {
  if (contract === null)
    throw new FaultError({ code: 'policy/bad-manifest', message: `${name} has no contract` })
  return { ...contract, state: contract.state.map(readChannel), action: contract.action.map(readChannel) }
}

function readChannel({ name, unit }: { name: string; unit: string }): Channel {
  const known = policyUnits.find((candidate) => candidate === unit)
  if (known !== undefined) return { name, unit: known }
  throw new FaultError({
    code: 'policy/bad-manifest',
    message: `${name} has the unknown unit ${unit}`,
    data: { name, unit },
  })
}
