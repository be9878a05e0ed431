/**
 * One Foresight process per port: a file naming the process that has it, beside the exclusive lock of the system, which
 * does not say whose it is (and on pseudo-terminals and some drivers does not hold at all). A claim whose process is gone
 * is taken over.
 */
import { chmod, link, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail, ok, type Result } from '#core/result.ts'

/** Shared by all users of the machine, like the ports themselves. */
const claimFolder = join(tmpdir(), 'foresight-ports')

/**
 * Claims a port until disposed. Where claims cannot be kept (a read-only temporary folder) the system's lock has to do.
 * @param folder where claims are kept; a parameter for tests
 * @returns the claim, or `bus/port-busy` with the `pid` of the process that holds it
 */
export async function claimPort(
  path: string,
  folder: string = claimFolder,
): Promise<Result<AsyncDisposable>> {
  // /dev/serial/by-id/… and /dev/ttyACM0 are one port.
  const device = await realpath(path).catch(() => path)
  await mkdir(folder, { recursive: true }).catch(() => undefined)
  await chmod(folder, 0o1777).catch(() => undefined)
  const file = join(folder, `${device.replaceAll(/[^A-Za-z0-9]+/gu, '-')}.pid`)
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const outcome = await writeClaim(file)
    if (outcome === 'written') return ok({ [Symbol.asyncDispose]: () => rm(file, { force: true }) })
    if (outcome === 'impossible') return ok({ [Symbol.asyncDispose]: async () => undefined })
    const pid = Number(await readFile(file, 'utf8').catch(() => ''))
    if (isAlive(pid))
      return fail('bus/port-busy', `${path} is in use by process ${pid}: close it first`, { path, pid })
    await rm(file, { force: true }).catch(() => undefined)
  }
  return fail('bus/port-busy', `${path} is being opened by another process`, { path })
}

let count = 0

/** The claim appears with its content, since a hard link is made to a finished file. */
async function writeClaim(file: string): Promise<'written' | 'taken' | 'impossible'> {
  const draft = `${file}.${process.pid}.${(count += 1)}`
  try {
    await writeFile(draft, String(process.pid), { mode: 0o644 })
    await link(draft, file)
    return 'written'
  } catch (error) {
    return isErrno(error) && error.code === 'EEXIST' ? 'taken' : 'impossible'
  } finally {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}

/** True for a running process, also one of another user. An empty or torn claim names nobody. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isErrno(error) && error.code === 'EPERM'
  }
}

const isErrno = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error
