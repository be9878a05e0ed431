/** LeRobot's calibration files on this machine, for the choice in the Rig screen. */
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { calibrationFolders } from '#core/arm/calibration-paths.ts'
import type { Role } from './station.ts'

export interface CalibrationFile {
  readonly path: string
  readonly role: Role
  /** LeRobot's id of the arm: the file's name. */
  readonly id: string
  /** LeRobot's class folder, e.g. `so_follower`. */
  readonly robotType: string
}

export async function findCalibrationFiles(): Promise<CalibrationFile[]> {
  const environment = { home: homedir(), ...process.env }
  const found: CalibrationFile[] = []
  for (const role of ['follower', 'leader'] as const) {
    for (const folder of calibrationFolders(environment, role)) {
      const names = await readdir(folder).catch(() => [])
      for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
        const robotType = folder.split(/[/\\]/u).at(-1) ?? ''
        found.push({ path: join(folder, name), role, id: name.slice(0, -'.json'.length), robotType })
      }
    }
  }
  return found
}
