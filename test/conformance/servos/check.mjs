// `foresight sim --pty` seen by foreign programs: the vendor's SDK and lerobot's own SO-101 classes.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { lerobotPython, pythonEnvironment } from '../environment/python-env.mjs'

const here = import.meta.dirname
const calibration = resolve('resources', 'scenes', 'calibration')

export async function* checks() {
  if (!existsSync(resolve('native', 'pty', 'build', 'Release', 'pty.node'))) {
    yield {
      title: 'foreign programs on the simulator',
      status: 'skipped',
      detail: 'the pty addon is not built (no compiler, or Windows)',
    }
    return
  }
  const environment = lerobotPython()
  if (environment.missing !== undefined) {
    yield {
      title: 'foreign programs on the simulator',
      status: 'skipped',
      detail: `missing: ${environment.missing}`,
    }
    return
  }
  const dir = mkdtempSync(join(tmpdir(), 'foresight-pty-'))
  const sim = spawn(process.execPath, [resolve('bin', 'foresight.mjs'), 'sim', '--pty', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await new Promise((ready, failed) => {
      let text = ''
      sim.stdout.on('data', (data) => {
        text += data
        if (existsSync(join(dir, 'leader')) && existsSync(join(dir, 'follower'))) ready()
      })
      sim.once('exit', (code) => failed(new Error(`the simulator ended with ${code}: ${text}`)))
    })
    for (const arm of ['follower', 'leader'])
      yield* python(environment.python, 'vendor_sdk.py', [join(dir, arm)], `${arm}: `)
    yield* python(
      environment.python,
      'lerobot_teleop.py',
      [join(dir, 'follower'), join(dir, 'leader'), calibration, '10'],
      '',
    )
  } finally {
    sim.removeAllListeners('exit')
    const ended = new Promise((resolveEnd) => sim.once('exit', resolveEnd))
    sim.kill('SIGTERM')
    await ended
    rmSync(dir, { recursive: true, force: true })
  }
}

/** A foreign program waits for 50 ms at most, and a busy machine stands still for longer: what failed is tried once more, whole. */
function python(executable, script, args, prefix) {
  const first = attempt(executable, script, args, prefix)
  if (first.every(({ status }) => status === 'passed')) return first
  console.log(`     servos: ${prefix}${script} is tried once more, after: ${failuresOf(first)}`)
  return attempt(executable, script, args, prefix)
}

const failuresOf = (results) =>
  results
    .filter(({ status }) => status === 'failed')
    .map(({ title, detail }) => `${title} (${detail})`)
    .join('; ')

function attempt(executable, script, args, prefix) {
  const { stdout, stderr, status } = spawnSync(executable, [join(here, script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...pythonEnvironment },
    timeout: 180_000,
    input: '',
  })
  const lines = stdout.split('\n').filter((text) => text.startsWith('{'))
  const checks = lines.map((line) => JSON.parse(line))
  return [
    ...checks.map((check) => ({ ...check, title: prefix + check.title })),
    {
      title: `${prefix}${script} ends well`,
      status: status === 0 ? 'passed' : 'failed',
      detail: status === 0 ? '' : stderr.trim().split('\n').slice(-4).join(' | '),
    },
  ]
}
