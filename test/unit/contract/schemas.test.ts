/** Every schema of every service survives the byte codec and structured clone: what arrives is accepted and equal. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { routes } from '#contract/registry.ts'
import type { Member, Service } from '#contract/rpc/define.ts'
import { control } from '#contract/services/control.ts'
import { drive } from '#contract/services/drive.ts'
import { host } from '#contract/services/host.ts'
import { library } from '#contract/services/library.ts'
import { foresightForRig, pictures } from '#contract/services/pictures.ts'
import { policyImport } from '#contract/services/policy-import.ts'
import { policy, policyRunner } from '#contract/services/policy.ts'
import { record } from '#contract/services/record.ts'
import { rig } from '#contract/services/rig.ts'
import { shell } from '#contract/services/shell.ts'
import { sim } from '#contract/services/sim.ts'
import { decodeMessage, encodeMessage } from '#contract/transport/codec.ts'
import { arbitraryOf } from '#test/fakes/arbitrary-of.ts'

const services: readonly Service[] = [
  control,
  drive,
  foresightForRig,
  host,
  library,
  pictures,
  policy,
  policyImport,
  policyRunner,
  record,
  rig,
  shell,
  sim,
]

const schemasOf = (member: Member): Readonly<Record<string, z.ZodType>> =>
  member.kind === 'call'
    ? { input: member.input, output: member.output }
    : { params: member.params, item: member.item }

const cases = services.flatMap((service) =>
  Object.entries(service.members).flatMap(([name, member]) =>
    Object.entries(schemasOf(member)).map(([part, schema]) => ({
      title: `${service.name}.${name} ${part}`,
      schema,
    })),
  ),
)

describe('every schema of the contract', () => {
  it.each(cases)('$title survives bytes and structured clone', ({ schema }) => {
    fc.assert(
      fc.property(arbitraryOf(schema), (value) => {
        const framed = { v: value }
        const overBytes = (decodeMessage(encodeMessage(framed)) as { v?: unknown }).v
        const cloned = structuredClone(framed).v
        expect(cloned).toEqual(value)
        expect(overBytes).toEqual(value)
        expect(schema.safeParse(overBytes).success).toBe(true)
        expect(schema.safeParse(cloned).success).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  it('belongs to a service with a name of its own', () => {
    expect(new Set(services.map((service) => service.name)).size).toBe(services.length)
  })
})

describe('the routing table', () => {
  it('never lets a page reach what only main and the hosts may call', () => {
    expect(Object.keys(routes).toSorted()).toEqual(
      services
        .map((service) => service.name)
        .filter((name) => !['host', 'policyRunner', 'foresightForRig', 'control'].includes(name))
        .toSorted(),
    )
  })
})
