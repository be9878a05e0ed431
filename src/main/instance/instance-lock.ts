/**
 * One instance per data folder: a lock file names the owner and where to ask it. The owner listens before it writes the file, so a
 * file whose socket nobody serves was left by a process that died, and is taken over.
 */
import { readFileSync, readdirSync, renameSync, rmSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { control, type RunningInstance } from '#contract/services/control.ts'
import { socketPath } from '#host/shared/host-options.ts'
import { connectLocalSocket } from '#host/shared/local-socket.ts'
import { makeFolders } from '#host/shared/make-folders.ts'

const lockFile = z.object({ pid: z.number().int(), socketDir: z.string(), startedIso: z.string() })

const answerWithinMs = 3000
const attempts = 5

export const lockPath = (dataDir: string): string => join(dataDir, 'foresight.lock')

const readText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

const parseLock = (text: string | null): z.infer<typeof lockFile> | null => {
  try {
    return lockFile.parse(JSON.parse(text ?? ''))
  } catch {
    return null
  }
}

/** Asks the process that serves `socketDir`. Null when nobody does; `url: null` also when it is there but does not answer. */
async function ask(
  owner: z.infer<typeof lockFile>,
  isNewToken: boolean,
): Promise<(RunningInstance & { readonly isAnswering: boolean }) | null> {
  let connection
  try {
    connection = await connectLocalSocket(socketPath(owner.socketDir, 'control'))
  } catch {
    return null
  }
  try {
    const signal = AbortSignal.timeout(answerWithinMs)
    const client = connection.client(control)
    const answer = await client.address({ isNewToken }, { signal })
    return { ...answer, isAnswering: true }
  } catch {
    return { pid: owner.pid, shell: 'headless', url: null, isAnswering: false }
  } finally {
    connection[Symbol.dispose]()
  }
}

export type Owner = NonNullable<Awaited<ReturnType<typeof ask>>>

/** The instance that owns `dataDir`, or null. */
export async function findOwner(dataDir: string, isNewToken: boolean): Promise<Owner | null> {
  const lock = parseLock(readText(lockPath(dataDir)))
  return lock === null ? null : ask(lock, isNewToken)
}

/** Removes what a dead owner left, and nothing that is not one of our sockets. */
function removeSockets(socketDir: string): void {
  if (!/^foresight-\w{6}$/u.test(basename(socketDir))) return
  try {
    for (const entry of readdirSync(socketDir, { withFileTypes: true }))
      if (entry.isSocket()) unlinkSync(join(socketDir, entry.name))
    rmdirSync(socketDir)
  } catch {
    // Already gone, or not ours to remove.
  }
}

export type Acquired =
  { readonly kind: 'owned'; readonly lock: Disposable } | { readonly kind: 'taken'; readonly owner: Owner }

/** Takes the lock for this process, whose control socket in `socketDir` already listens. Throws when the folder cannot be written. */
export async function acquireInstance(dataDir: string, socketDir: string): Promise<Acquired> {
  await makeFolders(dataDir)
  const path = lockPath(dataDir)
  const own = JSON.stringify({ pid: process.pid, socketDir, startedIso: new Date().toISOString() })
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 })
      return {
        kind: 'owned',
        lock: { [Symbol.dispose]: () => readText(path) === own && rmSync(path, { force: true }) },
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const text = readText(path)
    const other = parseLock(text)
    const owner = other === null ? null : await ask(other, false)
    if (owner !== null) return { kind: 'taken', owner }
    dropStale(path, text)
    if (other !== null) removeSockets(other.socketDir)
  }
  throw new Error(`the lock ${path} cannot be taken`)
}

/** Moves the lock aside first: of two starters that saw the same dead owner, one may by then have written its own. */
function dropStale(path: string, judged: string | null): void {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const text = readText(aside)
  if (text !== judged && text !== null) writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
  rmSync(aside, { force: true })
}
