/** A connected station as the recorder needs it: shape of a row, units, hashes, and the simulator's extra values. */
import { createHash } from 'node:crypto'
import { calibrationHash } from '#core/arm/calibration-hash.ts'
import { datasetNames, toDatasetUnits } from '#core/arm/dataset-units.ts'
import { noSurprise, surpriseKey } from '#core/dataset/feature.ts'
import type { SurpriseGauge } from '../policy/surprise-link.ts'
import type { RecordingRig } from '../recorder/recording-rig.ts'
import { machineClockUs } from '../../shared/clock.ts'
import { redCubeExtra } from '../sim-link.ts'
import type { Station } from './station.ts'

/** LeRobot trains on short key-frame distances; 2 is its own default. */
const keyInterval = 2

export function recordingRigOf(station: Station, surprise: SurpriseGauge): RecordingRig {
  const { rig, follower, sim } = station
  const { profile, calibration } = follower
  const jointNames = datasetNames(profile)
  const description = {
    name: rig.name,
    robot_type: rig.robotType,
    follower: rig.follower.port,
    leader: rig.leader?.port ?? null,
    cameras: rig.cameras,
    firmware: follower.report.firmware,
  }
  return {
    spec: {
      fps: rig.fps,
      robotType: rig.robotType,
      jointNames: [...jointNames],
      cameras: rig.cameras.map(({ name, width, height }) => ({
        name,
        width,
        height,
        codec: 'h264' as const,
        keyInterval,
      })),
      sideChannels: [
        ...(sim === null ? [] : [{ key: redCubeExtra, names: ['x', 'y', 'z'] }]),
        // The last: datasets from before it have rows that end here.
        { key: surpriseKey, names: ['score'] },
      ],
    },
    units: Object.fromEntries(
      profile.joints.map((joint, index) => [
        jointNames[index] ?? joint.name,
        joint.kind === 'gripper' ? 'range_0_100' : 'degrees',
      ]),
    ),
    toDatasetUnits: (position) => toDatasetUnits(profile, calibration, 'degrees', position),
    rigHash: createHash('sha256').update(JSON.stringify(description)).digest('hex').slice(0, 16),
    calibrationHash: calibrationHash(calibration),
    description,
    readSideChannels: () => {
      const cube = sim === null ? [] : (sim.latest()?.cubes['red'] ?? null)
      return cube === null ? null : [...cube, surprise.at(machineClockUs()) ?? noSurprise]
    },
  }
}
