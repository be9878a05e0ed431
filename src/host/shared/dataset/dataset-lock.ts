/**
 * One writer per dataset at a time: the rig host saves while the library host edits. The lock is a file that names its
 * process; one left by a process that is gone is taken over. Held for the length of one transaction, never of a take.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import { privateFolder } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { errnoOf, ioFault } from './io-fault.ts'
import { makePrivateFolder } from './make-folder.ts'

const retryMs = 20
const patienceMs = 10_000

/** When a process began, in a form that differs when a process id is used again; null where the system does not say. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function isAlive(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false
  }
  const now = startOf(pid)
  return start === null || now === null || start === now
}

async function isStale(path: string): Promise<boolean> {
  try {
    const [pid, start] = (await readFile(path, 'utf8')).split(' ')
    return (
      pid !== undefined &&
      pid !== '' &&
      !isAlive(Number(pid), start === undefined || start === '' ? null : start)
    )
  } catch {
    return false
  }
}

/**
 * Waits for the lock. Codes: `record/busy` when another live process keeps it for ten seconds, `record/read-only`,
 * `record/disk-full`, `dataset/io`, and those of `makePrivateFolder`.
 */
export async function lockDataset(root: string): Promise<Result<AsyncDisposable>> {
  const path = join(root, privateFolder, 'lock')
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += retryMs) {
    try {
      const isDataset = await makePrivateFolder(root)
      if (!isDataset.ok) return isDataset
      await createWhole(path, `${process.pid} ${startOf(process.pid) ?? ''}`)
      return ok({ [Symbol.asyncDispose]: async () => rm(path, { force: true }) })
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') return { ok: false, error: ioFault(error, path, 'dataset') }
    }
    if (await isStale(path)) await breakLock(path)
    else await delay(retryMs)
  }
  return fail('record/busy', 'another process is writing this dataset', { path: root })
}

/** Creates a file with its content in one step, or rejects with EEXIST: a lock never lies there without an owner's name. */
async function createWhole(path: string, content: string): Promise<void> {
  const whole = `${path}.${process.pid}-${threadId}-${(created += 1)}`
  await writeFile(whole, content)
  try {
    await link(whole, path)
  } finally {
    await rm(whole, { force: true })
  }
}

let created = 0

/** Only one process wins the rename of a stale lock; the others find it gone, or a new one that is not stale. */
async function breakLock(path: string): Promise<void> {
  const aside = `${path}.stale-${process.pid}`
  try {
    await rename(path, aside)
    if (!(await isStale(aside))) await rename(aside, path)
    else await rm(aside, { force: true })
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
