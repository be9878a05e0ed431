// What we record, judged by the real `lerobot`: it loads, every value and picture is right, LeRobot can add to it, merge and edit it.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { lerobotPython, pythonEnvironment } from '../environment/python-env.mjs'

const here = import.meta.dirname

export async function* checks() {
  const environment = lerobotPython()
  if (environment.missing !== undefined) {
    yield { title: 'datasets in lerobot', status: 'skipped', detail: `missing: ${environment.missing}` }
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'foresight-conformance-'))
  try {
    const written = node(['make', folder], 'datasets are written')
    yield written
    if (written.status === 'failed') return
    const dataset = (name) => join(folder, 'datasets', name)
    const expect = (name) => `${dataset(name)}.expect.json`
    const sets = ['recorded', 'edited', 'many'].flatMap((name) => [dataset(name), expect(name)])
    yield* judge(environment.python, ['load', ...sets])
    yield* judge(environment.python, ['merge', dataset('edited'), expect('edited'), join(folder, 'work')])
    yield* judge(environment.python, [
      'delete',
      dataset('recorded'),
      expect('recorded'),
      join(folder, 'work'),
    ])

    const resumed = join(folder, 'datasets', 'resumed')
    cpSync(dataset('edited'), resumed, { recursive: true })
    cpSync(expect('edited'), `${resumed}.expect.json`)
    yield* judge(environment.python, ['resume', resumed, `${resumed}.expect.json`])
    yield* followUp(environment.python, resumed)
    yield* recordedByTests(environment.python)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** We add an episode after LeRobot did. */
async function* followUp(python, resumed) {
  const before = JSON.parse(readFileSync(`${resumed}.expect.json`, 'utf8')).episodes
  const sources = before.map((episode) => String(episode.source))
  const appended = node(['append', resumed, ...sources], 'we add an episode after LeRobot did')
  yield appended
  if (appended.status === 'passed') yield* judge(python, ['load', resumed, `${resumed}.expect.json`])
}

/** Datasets that the end-to-end tests recorded: they must load, whatever is in them. */
async function* recordedByTests(python) {
  const base = join('.cache', 'e2e-data')
  const homes = existsSync(base) ? readdirSync(base).map((name) => join(base, name)) : []
  for (const home of [...homes, process.env.FORESIGHT_DATA_DIR ?? '']) {
    const folder = join(home, 'datasets')
    if (home === '' || !existsSync(folder)) continue
    for (const name of readdirSync(folder))
      if (hasEpisodes(join(folder, name))) yield* judge(python, ['open', resolve(folder, name)])
  }
}

/** A dataset that was chosen and never recorded into is empty, and LeRobot opens none that is. */
function hasEpisodes(dataset) {
  const info = join(dataset, 'meta', 'info.json')
  return existsSync(info) && JSON.parse(readFileSync(info, 'utf8')).total_episodes > 0
}

function node(args, title) {
  const { status, stderr } = spawnSync(process.execPath, [join(here, 'write-datasets.ts'), ...args], {
    encoding: 'utf8',
  })
  return { title, status: status === 0 ? 'passed' : 'failed', detail: status === 0 ? '' : tail(stderr) }
}

function* judge(python, args) {
  mkdirSync(pythonEnvironment.HF_DATASETS_CACHE, { recursive: true })
  const cache = mkdtempSync(join(pythonEnvironment.HF_DATASETS_CACHE, 'run-'))
  const { status, stdout, stderr } = spawnSync(python, [join(here, 'judge.py'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...pythonEnvironment, HF_DATASETS_CACHE: cache },
    timeout: 300_000,
    maxBuffer: 1 << 26,
  })
  rmSync(cache, { recursive: true, force: true })
  for (const line of stdout.split('\n').filter((text) => text.startsWith('{'))) yield JSON.parse(line)
  if (status !== 0) yield { title: `judge.py ${args[0]} ends well`, status: 'failed', detail: tail(stderr) }
}

const tail = (text) => text.trim().split('\n').slice(-5).join(' | ')
