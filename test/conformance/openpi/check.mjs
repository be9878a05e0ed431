// openpi's own Python against ours: its client asks `foresight serve-policy`, our client asks a server made of its parts.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openpiPython } from './openpi-env.mjs'

const here = import.meta.dirname

export async function* checks() {
  const environment = openpiPython()
  if (environment.missing !== undefined) {
    yield { title: 'openpi', status: 'skipped', detail: `missing: ${environment.missing}` }
    return
  }
  const { python } = environment
  const folder = mkdtempSync(join(tmpdir(), 'foresight-openpi-'))
  try {
    yield golden(python, join(folder, 'golden.json'))
    const policy = join(folder, 'echo')
    const made = spawnSync(process.execPath, [join(here, 'make-echo-policy.ts'), policy], {
      encoding: 'utf8',
    })
    yield result('a policy that echoes is written', made.status === 0, tail(made.stderr))
    if (made.status !== 0) return
    yield* askForesight(python, policy, 'openpi', 'ask_foresight.py')
    yield* askForesight(python, policy, 'xpolicylab', 'ask_xpolicylab.py')
    yield* askOpenpi(python)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const tail = (text) => text.trim().split('\n').slice(-4).join(' | ')
const result = (title, isRight, detail) => ({
  title,
  status: isRight ? 'passed' : 'failed',
  detail: isRight ? '' : detail,
})

function golden(python, file) {
  const made = spawnSync(python, [join(here, 'make_golden.py'), file], { encoding: 'utf8' })
  const recorded = readFileSync(resolve('test', 'fixtures', 'openpi', 'golden.json'), 'utf8')
  const isSame = made.status === 0 && readFileSync(file, 'utf8') === recorded
  return result('the recorded bytes are those the packages write', isSame, tail(made.stderr))
}

/** What a script prints as checks, and whether it ended well. */
function* linesOf(text, prefix = '') {
  for (const line of text.split('\n').filter((one) => one.startsWith('{'))) {
    const check = JSON.parse(line)
    yield { ...check, title: prefix + check.title }
  }
}

function runAside(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const aside = { child, out: '', err: '' }
  aside.ended = new Promise((settle) => child.once('close', settle))
  child.stderr.on('data', (data) => (aside.err += data))
  aside.found = (pattern) =>
    new Promise((settle, fail) => {
      child.stdout.on('data', (data) => {
        aside.out += data
        const match = pattern.exec(aside.out)
        if (match !== null) settle(match)
      })
      child.once('close', (code) => fail(new Error(`it ended with ${code}: ${tail(aside.err)}`)))
    })
  return aside
}

async function* askForesight(python, policy, dialect, script) {
  const token = 'sesame-open'
  const args = [
    'serve-policy',
    '--policy',
    policy,
    '--port',
    '0',
    '--dialect',
    dialect,
    '--token',
    token,
    '--json',
  ]
  const server = runAside(process.execPath, [resolve('bin', 'foresight.mjs'), ...args])
  try {
    const [line] = await server.found(/^\{.*\}$/m)
    const { port } = JSON.parse(line)
    const asked = runAside(python, [join(here, script), String(port), token])
    asked.child.stdout.on('data', (data) => (asked.out += data))
    const status = await asked.ended
    yield* linesOf(asked.out, `${dialect}: `)
    yield result(`${dialect}: ${script} ends well`, status === 0, tail(asked.err))
  } catch (error) {
    yield result(`${dialect}: foresight serve-policy starts`, false, String(error))
  } finally {
    server.child.kill('SIGTERM')
    const code = await server.ended
    yield result(
      `${dialect}: the server ends in order when told to`,
      code === 0,
      `exit ${code}: ${tail(server.err)}`,
    )
  }
}

async function* askOpenpi(python) {
  const server = runAside(python, [join(here, 'serve_openpi.py')])
  try {
    const [, port] = await server.found(/^port (\d+)$/m)
    const asked = runAside(process.execPath, [join(here, 'ask-server.ts'), `ws://127.0.0.1:${port}`])
    asked.child.stdout.on('data', (data) => (asked.out += data))
    const status = await asked.ended
    yield* linesOf(asked.out)
    yield* linesOf(server.out)
    yield result('ask-server.ts ends well', status === 0, tail(asked.err))
  } catch (error) {
    yield result('a server of openpi’s own parts starts', false, String(error))
  } finally {
    server.child.kill('SIGTERM')
    await server.ended
  }
}
