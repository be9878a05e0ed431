// The real `openpi-client` in a virtual environment, made once. Answers `{ python }` or `{ missing: reason }`; never throws.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const requirements = join(import.meta.dirname, 'requirements.txt')
const venv = process.env.FORESIGHT_OPENPI_VENV ?? resolve('.venv', 'openpi-0.1.2')
const stampFile = join(venv, '.foresight-env')
/** numpy 1.26, which openpi-client asks for, has wheels for these. */
const bases = ['python3.11', 'python3.12', 'python3.10', 'python3', 'python']
const isSuitable = 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))'

const run = (command, args) => spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
const isWell = (command, args) => run(command, args).status === 0

export function openpiPython() {
  if (process.env.FORESIGHT_CONFORMANCE === 'off')
    return { missing: 'switched off by FORESIGHT_CONFORMANCE=off' }
  const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const want = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  if (stamp === want && isWell(python, ['-c', 'pass'])) return { python }
  const base = bases.find((candidate) => isWell(candidate, ['-c', isSuitable]))
  if (base === undefined) return { missing: 'Python 3.10 to 3.12 with venv' }
  console.log(`conformance: installing openpi-client 0.1.2 into ${venv}`)
  mkdirSync(dirname(venv), { recursive: true })
  rmSync(stampFile, { force: true })
  if (!isWell(base, ['-m', 'venv', '--clear', venv])) return { missing: `a writable ${venv}` }
  const options = ['--disable-pip-version-check', '--no-deps', '--no-input', '-q']
  const pip = run(python, ['-m', 'pip', 'install', ...options, '-r', requirements])
  if (pip.status !== 0) return { missing: `PyPI (${pip.stderr.trim().split('\n').at(-1) ?? ''})` }
  if (!isWell(python, ['-c', 'import openpi_client.websocket_client_policy, msgpack_numpy']))
    return { missing: 'an openpi_client that imports' }
  writeFileSync(stampFile, want)
  return { python }
}
