/** The page's app against fake hosts, with time that moves only when told. */
import { memoryPair } from '#contract/transport/memory.ts'
import { createApp, type App } from '#renderer/app/create-app.ts'
import { screens } from '#renderer/app/screens.ts'
import { FakeHosts } from './fake-hosts.ts'
import { ManualTimers, settle } from './manual-timers.ts'
import { hostsRunning, policySettings, policyState, recordState, rigState, settings } from './page-states.ts'

export interface PageUnderTest extends Disposable {
  readonly app: App
  readonly hosts: FakeHosts
  readonly timers: ManualTimers
  /** One tick of the heartbeat worker. */
  beat(): Promise<void>
  /** Lets time pass in small steps, with promises settling between them. */
  pass(ms: number): Promise<void>
  /** Ends the connection from the far side. */
  cut(): void
}

export const peer = 'page-1'

export function answerAsUsual(hosts: FakeHosts, timers: ManualTimers): void {
  hosts.answer('shell.info', () => ({
    version: '0.1.0',
    shell: 'headless',
    peer,
    dataDir: '/data',
    node: 'v24',
    platform: 'linux',
  }))
  hosts.answer('drive.ping', (input: { clientUs: number }) => ({
    clientUs: input.clientUs,
    rigUs: 50_000_000 + timers.nowMs() * 1000,
  }))
  hosts.answer('drive.claimLease', () => ({ isGranted: true, holder: peer }))
  hosts.answer('drive.heartbeat', () => ({ isHolder: true }))
  hosts.answer('library.datasets', () => [])
  hosts.answer('rig.ports', () => [])
  hosts.answer('rig.savedRigs', () => [])
  hosts.answer('policy.settings', () => policySettings())
  hosts.answer('policy.providers', () => [])
  hosts.tell('shell.settings', settings)
  hosts.tell('shell.hosts', hostsRunning)
  hosts.tell('rig.state', rigState())
  hosts.tell('policy.state', policyState())
  hosts.tell('record.state', recordState())
  hosts.tell('sim.faults', [])
  hosts.tell('sim.operator', { isRunning: false, phase: 'rest', cube: 'red', attempts: 0, cubesInBin: [] })
}

export async function openPage(
  prepare: (hosts: FakeHosts) => void = () => undefined,
): Promise<PageUnderTest> {
  const hosts = new FakeHosts()
  const timers = new ManualTimers()
  const acts = new Set<() => void>()
  let end: () => void = () => undefined
  answerAsUsual(hosts, timers)
  prepare(hosts)
  const app = createApp({
    open: () => {
      const [ours, theirs] = memoryPair()
      hosts.serve(theirs, peer)
      end = () => theirs.close()
      return Promise.resolve(ours)
    },
    timers,
    screens,
    hasFocus: () => true,
    label: 'test page',
    onBeat: (act) => {
      acts.add(act)
      return { [Symbol.dispose]: () => acts.delete(act) }
    },
    leaveField: () => false,
  })
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 20) {
      timers.advance(Math.min(20, ms - passed))
      await settle(8)
    }
    await settle()
  }
  await settle(60)
  return {
    app,
    hosts,
    timers,
    beat: async () => {
      for (const act of acts) act()
      await settle()
    },
    pass,
    cut: () => end(),
    [Symbol.dispose]: () => app[Symbol.dispose](),
  }
}
