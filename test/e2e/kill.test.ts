/**
 * `kill -9` during a take, twenty times at seeded moments: seven times the rig host, seven times main, six times the
 * browser. Afterwards the dataset opens, and no row older than the last acknowledged flush is gone.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { drive } from '#contract/services/drive.ts'
import { library } from '#contract/services/library.ts'
import { record, type RecordState } from '#contract/services/record.ts'
import { rig, type RigState } from '#contract/services/rig.ts'
import { shell, type HostStatus } from '#contract/services/shell.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowserProcess } from './browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir, failureShot, leaveDatasets } from './data-dir.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

const victims = ['rig', 'main', 'browser'] as const
type Victim = (typeof victims)[number]

/** Lehmer generator: the same twenty moments in every run. */
function* seeded(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48271) % 0x7fffffff
    yield state / 0x7fffffff
  }
}

class Station {
  readonly dataDir: string
  app!: TestApp
  peer!: Connection
  browser!: Awaited<ReturnType<typeof launchBrowserProcess>>
  operate!: OperatePage
  #cookie = ''

  constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  async startMain(): Promise<void> {
    this.app = await startApp({ dataDir: this.dataDir })
    this.#cookie = await sessionCookie(this.app.url)
    this.peer = await connectPeer(this.app.url, this.#cookie)
    await hostsRunning(this.peer)
  }

  async startPage(): Promise<void> {
    this.browser = await launchBrowserProcess({ fakeCameras: 0 })
    this.operate = await openOperatePage(this.browser.browser, new URL(this.app.url).origin, this.#cookie)
  }

  state(accept: (state: RecordState) => boolean): Promise<RecordState> {
    return latestOf<RecordState>(
      (onItem, onEnd) => this.peer.client(record).state(undefined, onItem, onEnd),
      accept,
    )
  }

  /** Connects, engages and starts a take. */
  async startTake(): Promise<void> {
    // After the browser alone was killed the rig is still connected, its arm holding, and the dataset still chosen.
    const { status } = await latestOf<RigState>((onItem, onEnd) =>
      this.peer.client(rig).state(undefined, onItem, onEnd),
    )
    if (status === 'none') await this.operate.startSimulatedPair('kills', 'Survive')
    await this.operate.holdUntil('Enter', 'matching', 'teleop')
    await this.operate.waitForMode('teleop')
    await this.operate.tap('d')
    await this.operate.startTake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.peer?.[Symbol.dispose]()
    await this.browser?.close()
    await this.app?.[Symbol.asyncDispose]()
  }
}

const hostPid = async (peer: Connection, name: HostStatus['name'], not: number | null): Promise<number> => {
  const hosts = await latestOf<readonly HostStatus[]>(
    (onItem, onEnd) => peer.client(shell).hosts(undefined, onItem, onEnd),
    (list) => list.some((host) => host.name === name && host.status === 'running' && host.pid !== not),
  )
  return hosts.find((host) => host.name === name)?.pid ?? 0
}

describe('kill -9 during a take', () => {
  let station: Station
  let kept = 0
  const random = seeded(20261125)

  beforeAll(async () => {
    station = new Station(await e2eDataDir('kills'))
    await station.startMain()
  })
  afterAll(async () => {
    await station?.[Symbol.asyncDispose]()
    if (station !== undefined) await leaveDatasets(station.dataDir)
  })
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    await station.operate.page.screenshot({ path: failureShot(task.name) }).catch(() => undefined)
    await station.browser.close()
  })

  /** Kills, waits until the take is offered, and answers how many frames it has. */
  const kill = async (victim: Victim): Promise<number> => {
    if (victim === 'browser') {
      process.kill(station.browser.pid, 'SIGKILL')
      const { take } = await station.state(({ phase }) => phase === 'closed')
      return take?.frames ?? 0
    }
    if (victim === 'rig') {
      const pid = await hostPid(station.peer, 'rig', null)
      process.kill(pid, 'SIGKILL')
      await hostPid(station.peer, 'rig', pid)
    } else {
      station.app.process.kill('SIGKILL')
      await station.app.ended
      station.peer[Symbol.dispose]()
      await station.startMain()
    }
    await station.browser.close()
    const { recovered } = await station.state((state) => state.recovered.length > 0)
    return recovered[0]?.frames ?? 0
  }

  /** Keeps the take as a person would from another page: that page takes the free lease first. */
  const keep = async (victim: Victim): Promise<void> => {
    const { claimLease, releaseLease } = station.peer.client(drive)
    // The dead page keeps the lease until its connection is seen to be gone and the arm has come to rest.
    for (let isGranted = false; !isGranted;)
      ({ isGranted } = await claimLease({ label: 'kill test', force: true }))
    const { save, keepRecovered } = station.peer.client(record)
    if (victim === 'browser') await save({ outcome: 'unlabelled' })
    else {
      const { recovered } = await station.state((state) => state.recovered.length > 0)
      await keepRecovered({ takeId: recovered[0]?.takeId ?? '' })
    }
    kept += 1
    await station.state(
      ({ saving, recovered, take }) => saving.length === 0 && recovered.length === 0 && take === null,
    )
    await releaseLease(undefined)
    const [set] = await station.peer.client(library).datasets(undefined)
    expect(set).toMatchObject({ name: 'kills', fault: null, episodes: kept })
  }

  for (let round = 0; round < 20; round++) {
    const victim = victims[round % victims.length] ?? 'rig'
    test(`${round + 1}: ${victim}`, async () => {
      await station.startPage()
      await station.startTake()
      const moment = 10 + Math.floor((random.next().value ?? 0) * 50)
      const before = await station.state(({ take }) => take !== null && take.frames >= moment)
      const acknowledged = before.take?.flushedFrames ?? 0
      const frames = await kill(victim)
      expect(frames).toBeGreaterThanOrEqual(acknowledged)
      await keep(victim)
      const set = (await station.peer.client(library).datasets(undefined))[0]
      const episode = await station.peer
        .client(library)
        .episode({ dir: set?.dir ?? '', episodeIndex: kept - 1 })
      expect(episode.summary.frames).toBe(frames)
    })
  }
})
