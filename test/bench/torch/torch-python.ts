/** PyTorch in a virtual environment of its own, made once; or why it cannot be had. Never throws. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const version = '2.13.0'
const packages = [`torch==${version}`, 'numpy==2.4.6', 'safetensors==0.8.0']

export type TorchPython = { readonly python: string } | { readonly missing: string }

export function torchPython(): TorchPython {
  const venv = resolve(import.meta.dirname, '..', '..', '..', '.venv', `torch-${version}`)
  const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const isComplete = (): boolean => runs(python, ['-c', 'import torch, numpy, safetensors.torch'])
  if (existsSync(python) && isComplete()) return { python }
  const base = ['python3', 'python'].find((name) => runs(name, ['-c', 'import venv, ensurepip']))
  if (base === undefined) return { missing: 'Python 3 with venv' }
  if (!runs(base, ['-m', 'venv', venv])) return { missing: `a writable ${venv}` }
  const options = ['--disable-pip-version-check', '--no-input', '-q']
  if (!runs(python, ['-m', 'pip', 'install', ...options, ...packages])) return { missing: 'PyPI' }
  return isComplete() ? { python } : { missing: 'a PyTorch that imports' }
}

const runs = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** Standard output; fails with the last line of what went wrong. */
export function outputOf(python: string, args: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(python, args, {
      // Its threads would spin between operators, and take the cores from whoever is measured next.
      env: { ...process.env, OMP_WAIT_POLICY: 'passive', PYTHONUNBUFFERED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    let trouble = ''
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (trouble += bytes.toString()))
    child.once('error', failed)
    child.once('exit', (code) => {
      if (code === 0) done(text)
      else failed(new Error(trouble.trim().split('\n').at(-1) ?? `exit ${String(code)}`))
    })
  })
}
