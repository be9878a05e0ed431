// openpi's own Python against ours: its client asks `foresight serve-policy`, our client asks a server made of its parts.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { defaultPolicySettings } from '#host/policy/settings-store.ts'
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
    const token = 'sesame-open'
    yield* askForesight(['--policy', policy, '--token', token], 'openpi', [python, 'ask_foresight.py', token])
    yield* askForesight(['--policy', policy, '--token', token], 'xpolicylab', [
      python,
      'ask_xpolicylab.py',
      token,
    ])
    yield* askInternVla(python, folder)
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

function runAside(command, args, env = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
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

async function* askForesight(options, dialect, [python, script, ...more], env = {}) {
  const args = ['serve-policy', ...options, '--port', '0', '--dialect', dialect, '--json']
  const server = runAside(process.execPath, [resolve('bin', 'foresight.mjs'), ...args], env)
  try {
    const [line] = await server.found(/^\{.*\}$/m)
    const { port } = JSON.parse(line)
    const asked = runAside(python, [join(here, script), String(port), ...more])
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
      `${dialect}: the server of ${script} ends in order`,
      code === 0,
      `exit ${code}: ${tail(server.err)}`,
    )
  }
}

/** The small checkpoint of the fixtures, with a fixed seed as its settings keep one. */
async function* askInternVla(python, folder) {
  const fixtures = resolve('test', 'fixtures', 'internvla-a1')
  const checkpoint = join(folder, 'tiny')
  cpSync(join(fixtures, 'tiny-3b'), checkpoint, { recursive: true })
  cpSync(join(fixtures, 'tokenizer', 'tokenizer.json'), join(checkpoint, 'tokenizer.json'))
  const told = join(folder, 'told.json')
  const predict = [join(here, 'predict-internvla.ts'), checkpoint, '11', told]
  const made = spawnSync(process.execPath, predict, { encoding: 'utf8' })
  yield result('an InternVLA checkpoint answers without a server', made.status === 0, tail(made.stderr))
  if (made.status !== 0) return
  const data = join(folder, 'data')
  mkdirSync(join(data, 'policy-settings'), { recursive: true })
  const settings = { ...defaultPolicySettings, provider: 'cpu', hasForesight: false, seed: 11 }
  const kept = join(data, 'policy-settings', `${encodeURIComponent(checkpoint)}.json`)
  writeFileSync(kept, JSON.stringify(settings))
  yield* askForesight(['--policy', checkpoint], 'openpi', [python, 'ask_internvla.py', told], {
    FORESIGHT_DATA_DIR: data,
  })
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
