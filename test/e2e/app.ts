/** The program as a user starts it: its own process, its own data folder, an address read from what it prints. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..', '..')
const addressPattern = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/u

export interface TestApp extends AsyncDisposable {
  readonly url: string
  readonly dataDir: string
  readonly process: ChildProcess
  /** Everything printed so far. */
  output(): string
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<void>
}

export interface TestAppOptions {
  /** Kept when given; else a temporary folder, removed at the end. */
  readonly dataDir?: string
}

/** Rejects with the program's output when it ends before printing an address. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'foresight-e2e-')))
  const child = spawn(process.execPath, [join(root, 'bin', 'foresight.mjs'), 'start', '--no-open'], {
    cwd: root,
    env: { ...process.env, FORESIGHT_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const url = await new Promise<string>((found, failed) => {
    const look = (bytes: Buffer): void => {
      text += bytes.toString()
      const match = addressPattern.exec(text)
      if (match !== null) found(match[0])
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    void ended.then(() => failed(new Error(`the program ended before it printed an address:\n${text}`)))
  })
  return {
    url,
    dataDir,
    process: child,
    output: () => text,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}
