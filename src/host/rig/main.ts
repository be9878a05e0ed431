/**
 * The rig host: the one process that owns serial buses, the control loop and the takes. When main is lost it slows the arm
 * down, holds, closes the take and ends with torque on.
 */
import { machineClockUs } from '../shared/clock.ts'
import { readHostOptions, socketPath } from '../shared/host-options.ts'
import { connectLocalSocket } from '../shared/local-socket.ts'
import { createLog } from '../shared/log.ts'
import { askForPriority } from '../shared/priority.ts'
import { runHost } from '../shared/run-host.ts'
import { DriveDesk } from './desk/drive-desk.ts'
import { driveService } from './desk/drive-service.ts'
import { RigDesk } from './desk/rig-desk.ts'
import { rigService } from './desk/rig-service.ts'
import { HoldFile } from './drive/hold-file.ts'
import { SurpriseLink } from './policy/surprise-link.ts'
import { recordService } from './recorder/record-service.ts'
import { SaveThread } from './recorder/save-thread.ts'
import { TakeRecorder } from './recorder/take-recorder.ts'
import { nodeTimers } from './recorder/timers.ts'
import { createRigStore } from './rig-store.ts'

const options = readHostOptions(process.argv[2])
const log = createLog()
askForPriority()
const saving = new SaveThread()
const recorder = new TakeRecorder({
  dataDir: options.dataDir,
  clock: machineClockUs,
  wallClock: () => new Date().toISOString(),
  timers: nodeTimers,
  save: saving.save,
  software: 'foresight 0.1.0',
})
const surprise = new SurpriseLink({
  open: () => connectLocalSocket(socketPath(options.socketDir, 'policy')),
  later: (callback, ms) => nodeTimers.after(ms, callback),
})
const driving = new DriveDesk(options, log, recorder, surprise)
const left = await new HoldFile(options.dataDir).left(options.socketDir)
if (left !== undefined)
  log.warn('rig', 'an arm was left with torque on', { rig: left.rig.name, since: left.since })
const desk = new RigDesk(options, log, driving, left)
driving.onArm((role, fault) => desk.armChanged(role, fault))
await recorder
  .recover()
  .catch((error: unknown) => log.error('record', 'takes on disk cannot be read', { error: String(error) }))
saving.warm()

const end = (why: 'main-lost' | 'quit') => async (): Promise<void> => {
  await driving.leave(why)
  surprise[Symbol.dispose]()
  await saving[Symbol.asyncDispose]()
}

runHost({
  log,
  services: [
    rigService(desk, createRigStore(options.dataDir)),
    driveService(driving, machineClockUs),
    recordService(recorder, (peer) => driving.lease.guard(peer)),
  ],
  isTorqueOn: () => driving.isPowered,
  onPeerGone: (peer) => {
    driving.lease.release(peer)
    driving.changed()
  },
  shutdown: end('quit'),
  mainLost: end('main-lost'),
})
