/**
 * The policy host: a plain Node process that owns ONNX Runtime. Pages reach it through main, the rig host over a local
 * socket, so that chunks never cross main. When main is lost it ends: the rig host holds the arm.
 */
import { rm } from 'node:fs/promises'
import { availableParallelism, constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { machineClockUs } from '../shared/clock.ts'
import { readHostOptions, socketPath } from '../shared/host-options.ts'
import { systemLater } from '../shared/later.ts'
import { serveLocalSocket } from '../shared/local-socket.ts'
import { createLog } from '../shared/log.ts'
import { runHost } from '../shared/run-host.ts'
import { ForesightWatch } from './foresight/foresight-watch.ts'
import { ImportDesk } from './import/import-desk.ts'
import { importServices } from './import/import-services.ts'
import { sweepDrafts } from './import/sweep-drafts.ts'
import { PictureRing } from './pictures/picture-ring.ts'
import { pictureServices } from './pictures/picture-services.ts'
import { PolicyDesk } from './policy-desk.ts'
import { policyServices } from './policy-services.ts'
import { cudaFolder } from './providers/cuda-libraries.ts'
import { ProviderDesk } from './providers/provider-desk.ts'

/** Memory and latency figures are sent this often. */
const publishMs = 1000

const options = readHostOptions(process.argv[2])
const log = createLog()
const providers = new ProviderDesk([cudaFolder(options.dataDir)])
const ring = new PictureRing(availableParallelism())
const foresight = new ForesightWatch(ring)
const desk = new PolicyDesk({
  folders: {
    shipped: join(options.resourcesDir, 'policies'),
    own: join(options.dataDir, 'policies'),
    resourcesDir: options.resourcesDir,
  },
  settingsDir: join(options.dataDir, 'policy-settings'),
  providers,
  clock: machineClockUs,
  log,
  pictures: ring,
  foresight,
  later: systemLater,
})
const { forPages, forRig } = policyServices(desk, providers)
const seen = pictureServices(ring, foresight, machineClockUs)
const ownDir = join(options.dataDir, 'policies')
const imports = new ImportDesk({ ...options, ownDir, nowMs: Date.now })
void sweepDrafts(ownDir, Date.now())

// Inference may take every cycle that is left over, but none that the control loop needs.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

// A host that was killed leaves its socket behind; the folder is private and main runs one policy host at a time.
const path = socketPath(options.socketDir, 'policy')
if (process.platform !== 'win32') await rm(path, { force: true })
const server = await serveLocalSocket(path, [forRig, seen.forRig])
const timer = setInterval(() => desk.publish(), publishMs)

const end = async (): Promise<void> => {
  clearInterval(timer)
  server.close()
  await imports[Symbol.asyncDispose]()
  await desk[Symbol.asyncDispose]()
  foresight[Symbol.dispose]()
}

runHost({
  log,
  services: [forPages, seen.forPages, importServices(imports, ownDir)],
  shutdown: end,
  mainLost: end,
})
