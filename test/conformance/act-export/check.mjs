// LeRobot's ACT, exported by examples/export_act.py: Foresight's actions are PyTorch's.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { lerobotPython, pythonEnvironment } from '../environment/python-env.mjs'

const here = import.meta.dirname
const requirements = join(here, 'requirements.txt')
const extra = resolve('.venv', 'act-export')

export async function* checks() {
  const environment = lerobotPython()
  const missing = environment.missing ?? exporter(environment.python)
  if (missing !== undefined) {
    yield { title: 'ACT exported to ONNX', status: 'skipped', detail: `missing: ${missing}` }
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'foresight-act-'))
  try {
    yield* compare(environment.python, join(folder, 'mean-std'), [])
    yield* compare(environment.python, join(folder, 'min-max'), ['--min-max'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Installs the exporter's packages once; what is missing, or undefined. */
function exporter(python) {
  const stamp = join(extra, '.foresight-env')
  const want = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return undefined
  rmSync(extra, { recursive: true, force: true })
  const options = ['--disable-pip-version-check', '--no-deps', '--no-input', '-q']
  const args = ['-m', 'pip', 'install', ...options, '--target', extra, '-r', requirements]
  const pip = spawnSync(python, args, { encoding: 'utf8' })
  if (pip.status !== 0) return `PyPI (${tail(pip.stderr)})`
  writeFileSync(stamp, want)
  return undefined
}

function* compare(python, folder, flags) {
  const rule = flags.length === 0 ? 'mean and std' : 'min and max'
  const [checkpoint, dataset, cases, out] = ['checkpoint', 'dataset', 'cases.json', 'policy'].map((name) =>
    join(folder, name),
  )
  const steps = [
    [python, [join(here, 'make_act.py'), checkpoint, dataset, cases, ...flags], 'an ACT policy is made'],
    [
      python,
      [resolve('examples', 'export_act.py'), '--checkpoint', checkpoint, '--dataset', dataset, '--out', out],
      'the example exports it',
    ],
  ]
  for (const [command, args, title] of steps) {
    const done = run(command, args)
    yield result(`${title} (${rule})`, done.status === 0, tail(done.stderr))
    if (done.status !== 0) return
  }
  const asked = run(process.execPath, [join(here, 'ask-act.ts'), out, cases])
  const answer = asked.status === 0 ? JSON.parse(asked.stdout) : null
  const isClose = answer !== null && answer.worst < 1e-4
  const detail = answer === null ? tail(asked.stderr) : `largest difference ${answer.worst}`
  yield { ...result(`its actions are PyTorch's (${rule})`, isClose, detail), detail }
}

const run = (command, args) =>
  spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...pythonEnvironment, PYTHONPATH: extra, OMP_WAIT_POLICY: 'passive' },
    timeout: 300_000,
    maxBuffer: 1 << 26,
  })

const result = (title, isRight, detail) => ({
  title,
  status: isRight ? 'passed' : 'failed',
  detail: isRight ? '' : detail,
})

const tail = (text) => text.trim().split('\n').slice(-4).join(' | ')
