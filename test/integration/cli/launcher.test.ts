/** `bin/foresight.mjs` as people run it: on the right Node, one instance, an address for a second browser, an orderly end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isPinned, pinnedNode } from '../../../bin/pinned-node.mjs'
import { cookieFrom } from '#test/fakes/page-client.ts'
import { temporaryFolder, type TemporaryFolder } from '#test/fakes/temporary-folder.ts'

const root = join(import.meta.dirname, '../../..')

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

let folder: TemporaryFolder
const children: ChildProcess[] = []
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  folder[Symbol.dispose]()
})

/** From the sources, so that these tests need no build. */
const launch = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, [join(root, 'bin', 'foresight.mjs'), ...args], {
    env: { ...process.env, FORESIGHT_DATA_DIR: folder.path, FORESIGHT_FROM: 'src' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

async function run(...args: string[]): Promise<Ended> {
  const child = launch(...args)
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk: Buffer) => void (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => void (err += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

/** Starts the server; resolves with what it answered. */
async function start(): Promise<{ child: ChildProcess; url: string; port: number; pid: number }> {
  const child = launch('start', '--headless', '--no-open', '--port', '0', '--json')
  let text = ''
  const answer = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)))
  })
  return { child, ...(JSON.parse(answer) as { url: string; port: number; pid: number }) }
}

/** Living processes that have `text` in their command line. */
function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').includes(text)
      } catch {
        return false
      }
    })
}

describe('the launcher', () => {
  it('finds the pinned Node of this platform, and none of another', () => {
    expect(pinnedNode(root)).toContain('node_modules')
    expect(pinnedNode(root, 'linux', 'mips')).toBeNull()
    expect(isPinned('24.21.0')).toBe(true)
    expect(isPinned('20.20.2')).toBe(false)
    expect(isPinned('26.0.0')).toBe(false)
  })

  it('serves a page, gives further browsers addresses of their own, and ends in order on SIGTERM', async () => {
    const { child, url, pid } = await start()
    await cookieFrom(url)
    const second = await run('address', '--json')
    expect(second.code).toBe(0)
    const owner = JSON.parse(second.out) as { url: string; pid: number }
    expect(owner.pid).toBe(pid)
    expect(owner.url).not.toBe(url)
    await cookieFrom(owner.url)
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
    expect((await run('address')).code).toBe(1)
    expect(readFileSync(join(folder.path, 'logs', 'main.jsonl'), 'utf8')).toContain('Foresight')
  })

  it('makes an address useless when a new one is asked for', async () => {
    const { url } = await start()
    const { out } = await run('address', '--new-token')
    await expect(cookieFrom(url)).rejects.toThrow('401')
    await cookieFrom(out.trim())
  })

  it('says at a second start where the first one is, and ends well', async () => {
    const { port, pid } = await start()
    const again = await run('start', '--headless', '--no-open', '--json')
    expect(again.code).toBe(0)
    const answer = JSON.parse(again.out) as Record<string, unknown>
    expect(answer).toMatchObject({ isAlreadyRunning: true, pid })
    expect(answer['url']).toContain(`http://127.0.0.1:${port}/?token=`)
  })

  it('starts again after kill -9', async () => {
    const { child, pid } = await start()
    process.kill(pid, 'SIGKILL')
    await once(child, 'exit')
    const next = await start()
    expect(next.pid).not.toBe(pid)
  })

  it.runIf(process.platform === 'linux').each([0, 150, 600])(
    'leaves no host behind when it is killed %d ms after it printed its address',
    async (afterMs) => {
      const { child, pid } = await start()
      // Not a wait for something: the moment of the kill is what differs.
      await pause(afterMs)
      process.kill(pid, 'SIGKILL')
      await once(child, 'exit')
      await vi.waitFor(() => expect(processesWith(folder.path)).toEqual([]), {
        timeout: 20_000,
        interval: 100,
      })
    },
  )

  it.runIf(process.platform === 'linux')('ends when npm, which started it, is killed', async () => {
    const command = `"${process.execPath}" bin/foresight.mjs start --headless --no-open --port 0; true`
    const shell = spawn('sh', ['-c', command], {
      cwd: root,
      env: {
        ...process.env,
        FORESIGHT_DATA_DIR: folder.path,
        FORESIGHT_FROM: 'src',
        npm_lifecycle_event: 'start',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(shell.stdout, 'data')
    await vi.waitFor(() => expect(processesWith(folder.path)).not.toEqual([]), { timeout: 10_000 })
    shell.kill('SIGKILL')
    await vi.waitFor(() => expect(processesWith(folder.path)).toEqual([]), { timeout: 20_000, interval: 100 })
  })

  it('fails with a reason when its port is taken', async () => {
    const { port } = await start()
    const other = temporaryFolder()
    const child = spawn(
      process.execPath,
      [join(root, 'bin', 'foresight.mjs'), 'start', '--headless', '--port', String(port), '--json'],
      {
        env: { ...process.env, FORESIGHT_DATA_DIR: other.path, FORESIGHT_FROM: 'src' },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()))
    const [code] = (await once(child, 'close')) as [number | null]
    other[Symbol.dispose]()
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'shell/io' } })
    expect(out).toContain('EADDRINUSE')
  })
})

describe('a command whose reader has gone', () => {
  it('goes on to its orderly end', async () => {
    const child = launch('sim', '--seconds', '1')
    child.stdout?.once('data', () => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    })
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
