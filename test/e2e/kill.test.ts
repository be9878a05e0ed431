/**
 * `kill -9` during a take, twenty times at seeded moments: seven times the rig host, seven times main, six times the
 * browser. Afterwards the dataset opens, and no row older than the last acknowledged flush is gone.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { library } from '#contract/services/library.ts'
import { record, type RecordState } from '#contract/services/record.ts'
import { shell, type HostStatus } from '#contract/services/shell.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir } from './data-dir.ts'
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
  browser!: Browser
  operate!: OperatePage
  #cookie = ''

  constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  async startMain(): Promise<void> {
    this.app = await startApp({ dataDir: this.dataDir })
    this.#cookie = await sessionCookie(this.app.url)
    this.peer = await connectPeer(this.app.url, this.#cookie)
  }

  async startPage(): Promise<void> {
    this.browser = await launchBrowser({ fakeCameras: 0 })
    this.operate = await openOperatePage(this.browser, new URL(this.app.url).origin, this.#cookie)
  }

  state(accept: (state: RecordState) => boolean): Promise<RecordState> {
    return latestOf<RecordState>(
      (onItem, onEnd) => this.peer.client(record).state(undefined, onItem, onEnd),
      accept,
    )
  }

  /** Connects, engages and starts a take. */
  async startTake(): Promise<void> {
    await this.operate.startSimulatedPair('kills', 'Survive')
    await this.operate.holdUntil('Enter', 'matching', 'teleop')
    await this.operate.waitForMode('teleop')
    await this.operate.tap('d')
    await this.operate.tap('ArrowRight')
    await this.operate.waitForTake('recording')
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
  })

  /** Kills, waits until the take is offered, and answers how many frames it has. */
  const kill = async (victim: Victim): Promise<number> => {
    if (victim === 'browser') {
      // The browser is a tree of processes; closing its transport from outside is what a crash of the tree looks like.
      await station.browser.close()
      const { take } = await station.state(({ phase }) => phase === 'closed')
      return take?.frames ?? 0
    }
    if (victim === 'rig') {
      const pid = await hostPid(station.peer, 'rig', null)
      process.kill(pid, 'SIGKILL')
      await hostPid(station.peer, 'rig', pid)
      await station.browser.close()
    } else {
      station.app.process.kill('SIGKILL')
      await station.app.ended
      station.peer[Symbol.dispose]()
      await station.browser.close()
      await station.startMain()
    }
    const { recovered } = await station.state((state) => state.recovered.length > 0)
    return recovered[0]?.frames ?? 0
  }

  /** The first page to connect gets the lease, and the keys of the strip keep the take. */
  const keep = async (victim: Victim): Promise<void> => {
    await station.startPage()
    const wanted = kept + 1
    if (victim === 'browser') {
      await station.operate.waitForTake('closed')
      await station.operate.tap('ArrowRight')
    } else {
      await station.operate.page.getByTestId('keep-recovered').first().click()
    }
    await station.state(
      ({ saving, recovered, take }) => saving.length === 0 && recovered.length === 0 && take === null,
    )
    const [set] = await station.peer.client(library).datasets(undefined)
    expect(set).toMatchObject({ name: 'kills', fault: null, episodes: wanted })
    kept = wanted
    await station.browser.close()
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
