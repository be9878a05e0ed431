/** The robots that ship, from `resources/policy-robots`. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRobotProfile, type RobotProfile } from '#core/policy/robot-profile.ts'
import { ok, type Result } from '#core/result.ts'

/** Fails with `policy/bad-manifest` when one of them is wrong: then the installation is broken. */
export async function readRobotProfiles(resourcesDir: string): Promise<Result<readonly RobotProfile[]>> {
  const folder = join(resourcesDir, 'policy-robots')
  const profiles: RobotProfile[] = []
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted()) {
    const parsed = parseRobotProfile(await readFile(join(folder, name), 'utf8'))
    if (!parsed.ok) return parsed
    profiles.push(parsed.value)
  }
  return ok(profiles)
}
