/** The real page against fake hosts, to look at its states: `?scenario=teleop&language=zh&theme=light`. Invented numbers; never part of the product. */
import { createRoot } from 'react-dom/client'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { startPage } from '#renderer/app/start-page.tsx'
import { FakeHosts } from '../fake-hosts.ts'
import { settings } from '../page-states.ts'
import { scenarios } from './scenarios.ts'

interface WorldFile {
  readonly description: unknown
  readonly pose: readonly number[]
}

const query = new URLSearchParams(window.location.search)
const scenario = scenarios[query.get('scenario') ?? 'idle'] ?? scenarios['idle']
const root = document.getElementById('root')
if (root === null || scenario === undefined) throw new Error('no root or scenario')

const hosts = new FakeHosts()
const startedMs = performance.now()
const rigUs = (): number => 60_000_000 + (performance.now() - startedMs) * 1000
hosts.answer('shell.info', () => ({
  version: '0.1.0',
  shell: 'headless',
  peer: 'page-1',
  dataDir: '/data',
  node: 'v24',
  platform: 'linux',
}))
hosts.answer('drive.ping', (input: { clientUs: number }) => ({ clientUs: input.clientUs, rigUs: rigUs() }))
hosts.answer('drive.claimLease', () => ({ isGranted: true, holder: 'page-1' }))
hosts.answer('drive.heartbeat', () => ({ isHolder: true }))
hosts.answer('rig.ports', () => [])
hosts.answer('rig.savedRigs', () => [])
hosts.answer('library.datasets', () => [])
hosts.tell('shell.settings', {
  ...settings,
  language: query.get('language') ?? 'en',
  theme: query.get('theme') ?? 'dark',
})
scenario(hosts, rigUs)

const { description, pose } = (await (await fetch('world.json')).json()) as WorldFile
hosts.answer('sim.describe', () => description)
setInterval(() => {
  hosts.tell('sim.poses', {
    timeUs: rigUs(),
    simTimeUs: rigUs(),
    pose: Float64Array.from(pose),
    follower: [],
    leader: [],
    cubes: {},
    speed: 1,
  })
}, 33)

const app = startPage(createRoot(root), () => {
  const { port1, port2 } = new MessageChannel()
  hosts.serve(messagePortTransport(port2), 'page-1')
  return Promise.resolve({ kind: 'port', port: port1 })
})
const shown = app.screens.find(({ id }) => id === query.get('screen'))
if (shown !== undefined) app.ui.setState({ screen: shown.id })
Object.assign(window, { app, hosts })
