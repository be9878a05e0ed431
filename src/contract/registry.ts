/** Which process serves which service: the only routing table. */
import { drive } from './services/drive.ts'
import { library } from './services/library.ts'
import { pictures } from './services/pictures.ts'
import { policyImport } from './services/policy-import.ts'
import { policy } from './services/policy.ts'
import { record } from './services/record.ts'
import { rig } from './services/rig.ts'
import { shell, type HostName } from './services/shell.ts'
import { sim } from './services/sim.ts'

/** Services a page may reach, by the process that serves them. `policyRunner`, `foresightForRig` and `host` are not for pages. */
export const routes: Readonly<Record<string, HostName | 'main'>> = {
  [shell.name]: 'main',
  [rig.name]: 'rig',
  [drive.name]: 'rig',
  [record.name]: 'rig',
  [sim.name]: 'sim',
  [policy.name]: 'policy',
  [policyImport.name]: 'policy',
  [pictures.name]: 'policy',
  [library.name]: 'library',
}
