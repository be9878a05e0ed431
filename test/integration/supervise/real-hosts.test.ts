/** The real hosts under supervision, from the sources: all come up, each comes back after kill -9, none outlives main. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { library } from '#contract/services/library.ts'
import { rig } from '#contract/services/rig.ts'
import { sim } from '#contract/services/sim.ts'
import { policy } from '#contract/services/policy.ts'
import { startHeadless, type RunningApp } from '#main/headless.ts'
import { hostEntries, startOrder } from '#main/supervise/host-entries.ts'
import { openPage } from '#test/fakes/page-client.ts'
import { temporaryFolder } from '#test/fakes/temporary-folder.ts'

const root = join(import.meta.dirname, '../../..')
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the real hosts', () => {
  const folder = temporaryFolder()
  let running: RunningApp
  const statusOf = (name: string): unknown =>
    running.app.supervisor.statuses.find((host) => host.name === name)
  const isUp = (name: string): Promise<void> =>
    vi.waitFor(() => expect(statusOf(name)).toMatchObject({ status: 'running' }), { timeout: 30_000 })
  beforeAll(async () => {
    running = await startHeadless({ dataDir: folder.path, port: 0, entries: hostEntries(root, 'src') })
  })
  afterAll(async () => {
    await running.close()
    folder[Symbol.dispose]()
  })

  it('come up and answer a page', async () => {
    await using page = await openPage(running.url)
    const { connection } = page
    expect((await connection.client(sim).describe()).jointNames.length).toBeGreaterThan(0)
    expect(await connection.client(rig).savedRigs()).toEqual([])
    expect(await connection.client(library).datasets()).toEqual([])
    expect((await connection.client(policy).list()).length).toBeGreaterThan(0)
    await Promise.all(startOrder.map(isUp))
  })

  it.each(startOrder)('%s comes back after kill -9 and answers again', async (name) => {
    await isUp(name)
    process.kill(running.hostPid(name) ?? 0, 'SIGKILL')
    await vi.waitFor(() => expect(statusOf(name)).toMatchObject({ restarts: 1 }), { timeout: 10_000 })
    await isUp(name)
    expect(statusOf(name)).toMatchObject({ lastExit: 'signal SIGKILL' })
  })

  it('end with main, in order, and leave no process', async () => {
    using own = temporaryFolder()
    const other = await startHeadless({ dataDir: own.path, port: 0, entries: hostEntries(root, 'src') })
    const pids = startOrder.map((name) => other.hostPid(name) ?? 0)
    await other.close()
    expect(pids.filter(isAlive)).toEqual([])
    expect(other.app.supervisor.statuses.map(({ lastExit }) => lastExit)).toEqual(
      startOrder.map(() => 'code 0'),
    )
  })
})
