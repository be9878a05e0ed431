/**
 * What a Foresight server says of its policy in openpi's metadata frame, under the key `foresight`: the contract and the keys of its
 * observations, so that nothing need be typed on the other side. openpi's own servers do not have it, and their clients skip it.
 */
import { z } from 'zod'
import type { PolicyContract } from '../policy-contract.ts'
import { ObservationTemplate } from './observation-template.ts'
import { RemoteContract } from './remote-manifest.ts'
import type { WireMap, WireValue } from './wire-value.ts'

const metadataKey = 'foresight'

const PolicyDeclaration = z
  .object({
    version: z.literal(1),
    name: z.string().min(1),
    description: z.string(),
    learned: z.boolean(),
    license: z.string().nullable(),
    contract: RemoteContract,
    observation: ObservationTemplate,
    /** Ticks between the two pictures of a view that the policy looks at; 0 for one picture. */
    historyTicks: z.int().nonnegative(),
  })
  .readonly()
export type PolicyDeclaration = z.infer<typeof PolicyDeclaration>

/** Metadata that openpi's clients understand, with the declaration in it. */
export const declaring = (declaration: PolicyDeclaration): WireMap => ({
  [metadataKey]: plainOf(declaration),
})

/** Null where the server declares nothing, or in a form this version does not know. */
export function declarationOf(metadata: WireMap): PolicyDeclaration | null {
  const parsed = PolicyDeclaration.safeParse(metadata[metadataKey])
  return parsed.success ? parsed.data : null
}

/** The contract with nothing but its own fields, as a declaration or a `remote.json` takes it. */
export const plainContract = (contract: PolicyContract): PolicyDeclaration['contract'] => ({
  robotType: contract.robotType,
  cameras: contract.cameras.map(({ name, width, height }) => ({ name, width, height })),
  state: contract.state.map(({ name, unit }) => ({ name, unit })),
  action: contract.action.map(({ name, unit }) => ({ name, unit })),
  fps: contract.fps,
  chunkLength: contract.chunkLength,
  extras: contract.extras.map(({ name, shape }) => ({ name, shape })),
})

/** Values of JSON as values of the wire. */
function plainOf(value: unknown): WireValue {
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plainOf(entry)]))
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return null
}
