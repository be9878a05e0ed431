// Builds the addons in native/* at install time. Never fails the install: without a compiler the program still runs,
// and the features that need an addon say what is missing (build/unavailable.txt beside it holds the reason).
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)

/** Addons that make no sense on a platform. */
const absentOn = { win32: new Set(['pty']) }

/** The pinned Node packages carry the headers, so a build needs no network. */
function nodeDirectory() {
  const { platform, arch } = process
  const candidates = [
    join(root, 'node_modules', `node-${platform === 'win32' ? 'win' : platform}-${arch}`),
    join(root, 'node_modules', `node-bin-${platform}-${arch}`),
    dirname(dirname(realpathSync(process.execPath))),
  ]
  return candidates.find((directory) => existsSync(join(directory, 'include', 'node', 'node_api.h')))
}

/** node-gyp as npm bundles it: npm names it to the scripts it runs; otherwise it lies beside the npm on the path. */
function nodeGyp() {
  const named = process.env.npm_config_node_gyp
  if (named !== undefined && existsSync(named)) return named
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const npm = join(directory, 'npm')
    if (!existsSync(npm)) continue
    const besideScript = resolve(dirname(realpathSync(npm)), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')
    const besideBinary = resolve(directory, 'node_modules', 'npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')
    const found = [besideScript, besideBinary].find((path) => existsSync(path))
    if (found !== undefined) return found
  }
  return undefined
}

function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

/** Null when built, otherwise why not. */
function build(directory) {
  const gyp = nodeGyp()
  if (gyp === undefined) return 'node-gyp was not found beside npm'
  const headers = nodeDirectory()
  const args = [gyp, 'rebuild', ...(headers === undefined ? [] : [`--nodedir=${headers}`])]
  const run = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8', timeout: 300_000 })
  if (run.error !== undefined) return String(run.error)
  return run.status === 0 ? null : lastLines(`${run.stdout}\n${run.stderr}`, 25)
}

function report(directory, name, reason) {
  const note = join(directory, 'build', 'unavailable.txt')
  if (reason === null) {
    rmSync(note, { force: true })
    console.log(`native: ${name} built`)
    return
  }
  mkdirSync(dirname(note), { recursive: true })
  writeFileSync(note, `${reason}\n`)
  console.log(`native: ${name} not built, the program runs without it (reason in ${note})`)
}

for (const entry of readdirSync(here, { withFileTypes: true })) {
  const directory = join(here, entry.name)
  if (!entry.isDirectory() || !existsSync(join(directory, 'binding.gyp'))) continue
  if (absentOn[process.platform]?.has(entry.name)) continue
  try {
    report(directory, entry.name, build(directory))
  } catch (error) {
    console.log(`native: ${entry.name} not built (${String(error)})`)
  }
}
