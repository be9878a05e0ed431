/** The typed faces of every service a page may call, over one connection. */
import { drive } from '#contract/services/drive.ts'
import { library } from '#contract/services/library.ts'
import { pictures } from '#contract/services/pictures.ts'
import { policyImport } from '#contract/services/policy-import.ts'
import { policy } from '#contract/services/policy.ts'
import { record } from '#contract/services/record.ts'
import { rig } from '#contract/services/rig.ts'
import { shell } from '#contract/services/shell.ts'
import { sim } from '#contract/services/sim.ts'
import type { Connection } from '#contract/rpc/connect.ts'
import type { Client } from '#contract/rpc/types.ts'

export interface Services {
  readonly shell: Client<typeof shell>
  readonly rig: Client<typeof rig>
  readonly drive: Client<typeof drive>
  readonly record: Client<typeof record>
  readonly sim: Client<typeof sim>
  readonly policy: Client<typeof policy>
  readonly policyImport: Client<typeof policyImport>
  readonly pictures: Client<typeof pictures>
  readonly library: Client<typeof library>
}

export const servicesOver = (connection: Connection): Services => ({
  shell: connection.client(shell),
  rig: connection.client(rig),
  drive: connection.client(drive),
  record: connection.client(record),
  sim: connection.client(sim),
  policy: connection.client(policy),
  policyImport: connection.client(policyImport),
  pictures: connection.client(pictures),
  library: connection.client(library),
})
