/**
 * The sim host: the simulated pair behind two byte channels, and the `sim` service for main, pages and the rig host. Started
 * by main with one JSON argument (`host-options.ts`).
 */
import { setTimeout as delay } from 'node:timers/promises'
import { machineClockUs } from '../shared/clock.ts'
import { readHostOptions, socketPath } from '../shared/host-options.ts'
import { serveLocalSocket } from '../shared/local-socket.ts'
import { createLog } from '../shared/log.ts'
import { runHost } from '../shared/run-host.ts'
import { SocketLink } from './link/socket-link.ts'
import { askForPriority } from '../shared/priority.ts'
import { SimBench } from './sim-bench.ts'
import { simService } from './sim-service.ts'

/** When main is gone the rig host still brings the arm to a hold; its bus must outlive that. */
const lingerMs = 15_000
const lookMs = 100

askForPriority()
const options = readHostOptions(process.argv[2])
const log = createLog()
const started = await SimBench.start({
  clock: machineClockUs,
  seed: 1,
  openLink: async (arm, events) => await SocketLink.open(socketPath(options.socketDir, `sim-${arm}`), events),
})
if (!started.ok) {
  process.stderr.write(`sim host: ${started.error.code}: ${started.error.message}\n`)
  process.exit(1)
}
const bench = started.value
const services = [simService(bench)]
await serveLocalSocket(socketPath(options.socketDir, 'sim'), services)

const isAnyLinkOpen = (): boolean => Object.values(bench.lines).some(({ link }) => link.isOpen)

runHost({
  log,
  services,
  shutdown: async () => await bench[Symbol.asyncDispose](),
  mainLost: async () => {
    for (let waitedMs = 0; waitedMs < lingerMs && isAnyLinkOpen(); waitedMs += lookMs) await delay(lookMs)
    await bench[Symbol.asyncDispose]()
  },
})
log.info('sim', 'simulated pair is up')
