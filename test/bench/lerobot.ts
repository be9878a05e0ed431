/** lerobot's own loop on simulated arms of its own, for comparison under the same load; or why it cannot run here. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { lerobotPython, pythonEnvironment } from '../conformance/environment/python-env.mjs'
import { spreadOf, type Spread } from './percentiles.ts'

export type LerobotLoop =
  | { readonly lateness: Spread; readonly rateHz: number; readonly errors: number }
  | { readonly missing: string }

const root = resolve(import.meta.dirname, '..', '..')

/** Teleoperates at `rateHz` for `seconds`; the arms are a simulator of its own behind pseudo-terminals. */
export async function lerobotLoop(rateHz: number, seconds: number): Promise<LerobotLoop> {
  if (!existsSync(join(root, 'native', 'pty', 'build', 'Release', 'pty.node')))
    return { missing: 'the pty addon' }
  const environment = lerobotPython()
  if ('missing' in environment) return { missing: environment.missing }
  const dir = await mkdtemp(join(tmpdir(), 'foresight-bench-'))
  const sim = spawn(process.execPath, [join(root, 'bin', 'foresight.mjs'), 'sim', '--pty', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((done) => sim.once('exit', done))
  try {
    await new Promise<void>((ready) => {
      sim.stdout.on('data', () => {
        if (existsSync(join(dir, 'leader')) && existsSync(join(dir, 'follower'))) ready()
      })
    })
    const script = join(import.meta.dirname, 'lerobot_loop.py')
    const calibration = join(root, 'resources', 'scenes', 'calibration')
    const args = [
      script,
      join(dir, 'follower'),
      join(dir, 'leader'),
      calibration,
      String(rateHz),
      String(seconds),
    ]
    // Its connect has no retries and may miss a servo on a busy machine; its loop is what is compared.
    const text = await output(environment.python, args)
      .catch(() => output(environment.python, args))
      .catch(() => output(environment.python, args))
    const { ticks, errors, lateness } = JSON.parse(text.slice(text.indexOf('{'))) as {
      readonly ticks: number
      readonly errors: number
      readonly lateness: readonly number[]
    }
    return { lateness: spreadOf(lateness), rateHz: ticks / seconds, errors }
  } catch (error) {
    return { missing: `lerobot's loop ended: ${String(error)}` }
  } finally {
    sim.kill('SIGTERM')
    await ended
    await rm(dir, { recursive: true, force: true })
  }
}

function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...pythonEnvironment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    let trouble = ''
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (trouble += bytes.toString()))
    child.once('error', failed)
    child.once('exit', (code) => {
      if (code === 0) done(text)
      else failed(new Error(trouble.trim().split('\n').at(-1)))
    })
  })
}
