/** The contract's `rig` service over the desk, the saved rigs and the port list. */
import { unwrap, FaultError } from '#core/result.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { rig } from '#contract/services/rig.ts'
import { listPorts } from '../bus/port-list.ts'
import { scanPort } from '../devices/scan.ts'
import type { RigStore } from '../rig-store.ts'
import { findCalibrationFiles } from './calibration-files.ts'
import { rigContractOf } from './rig-contract.ts'
import type { RigDesk } from './rig-desk.ts'

export function rigService(desk: RigDesk, store: RigStore): BoundService {
  return implement(rig, {
    ports: async () => [...unwrap(await listPorts())],
    savedRigs: async () => [...(await store.list())],
    saveRig: (config) => store.save(config),
    removeRig: ({ name }) => store.remove(name),
    connect: async (config) => unwrap(await desk.connect(config)),
    disconnect: async () => unwrap(await desk.disconnect()),
    state: (_params, emitter) => desk.onState((state) => void emitter.emit(state)),
    scan: async ({ path, bauds }) => {
      const report = unwrap(await scanPort(path, bauds === undefined ? {} : { bauds }))
      return { servos: [...report.servos] }
    },
    calibrations: () => findCalibrationFiles(),
    writeCalibration: async ({ role }) => unwrap(await desk.writeCalibration(role)),
    contract: async () => {
      const { station } = desk
      if (station === null)
        throw new FaultError({ code: 'control/not-connected', message: 'no rig is connected' })
      return rigContractOf(station.rig, station.follower.profile)
    },
  })
}
