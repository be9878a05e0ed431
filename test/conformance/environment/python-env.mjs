// The real `lerobot` in a virtual environment, made once. Answers `{ python }` or `{ missing: reason }`; never throws.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const requirements = join(here, 'requirements-0.4.4.txt')
const shim = join(here, 'lerobot_env_shim.py')
// A folder given from outside is shared between checkouts; it is checked by the same stamp.
const venv = process.env.FORESIGHT_LEROBOT_VENV ?? resolve('.venv', 'lerobot-0.4.4')
const stampFile = join(venv, '.foresight-env')

/** Extra environment for every Python started on it: offline, private cache, no telemetry. */
export const pythonEnvironment = {
  HF_HUB_OFFLINE: '1',
  HF_DATASETS_CACHE: join(venv, 'hf-cache'),
  HF_HOME: join(venv, 'hf-home'),
  PYTHONUNBUFFERED: '1',
}

let cached = null
export function lerobotPython() {
  cached ??= make()
  return cached
}

function make() {
  if (process.env.FORESIGHT_CONFORMANCE === 'off')
    return { missing: 'switched off by FORESIGHT_CONFORMANCE=off' }
  const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const want = createHash('sha256')
    .update(readFileSync(requirements))
    .update(readFileSync(shim))
    .digest('hex')
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  if (stamp === want && ok(python, ['-c', 'pass'])) return { python }

  const base = ['python3.11', join(homedir(), '.pyenv/versions/3.11.7/bin/python'), 'python3', 'python'].find(
    (candidate) =>
      ok(candidate, ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))']),
  )
  if (base === undefined) return { missing: 'Python 3.11 with venv' }
  console.log(`conformance: installing lerobot 0.4.4 into ${venv} (about a minute)`)
  mkdirSync(dirname(venv), { recursive: true })
  rmSync(stampFile, { force: true })
  if (!ok(base, ['-m', 'venv', '--clear', venv])) return { missing: `a writable ${venv}` }
  const pip = run(python, [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--no-deps',
    '--no-input',
    '-q',
    '-r',
    requirements,
  ])
  if (pip.status !== 0) return { missing: `PyPI (${lastLine(pip.stderr)})` }
  const site = run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']).stdout.trim()
  copyFileSync(shim, join(site, 'lerobot_env_shim.py'))
  writeFileSync(join(site, 'lerobot_env_shim.pth'), 'import lerobot_env_shim\n')
  if (!ok(python, ['-c', 'import torch'])) return { missing: 'a CPU build of torch 2.13 for Python 3.11' }
  if (!ok(python, ['-c', 'from torchcodec.decoders import VideoDecoder'])) {
    if (process.getuid?.() === 0) {
      run('apt-get', ['update'])
      run('apt-get', ['install', '-y', '--no-install-recommends', 'ffmpeg'])
    }
    if (!ok(python, ['-c', 'from torchcodec.decoders import VideoDecoder']))
      return { missing: "FFmpeg's shared libraries (Debian package ffmpeg) for torchcodec" }
  }
  if (!ok(python, ['-c', 'from lerobot.datasets.lerobot_dataset import LeRobotDataset']))
    return { missing: 'a lerobot that imports' }
  writeFileSync(stampFile, want)
  return { python }
}

function run(command, args) {
  return spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
    maxBuffer: 1 << 26,
  })
}

function ok(command, args) {
  return run(command, args).status === 0
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? ''
}
