/** Devices of one station: ports, arms with their calibration, cameras by name. Served by the rig host. */
import { z } from 'zod'
import { call, defineService, stream } from '../rpc/define.ts'
import { armRole, fault, nothing, safeName } from './common.ts'

export const portInfo = z.object({
  path: z.string(),
  /** USB serial number, the identity that survives replugging; absent on ports without one. */
  serialNumber: z.string().optional(),
  manufacturer: z.string().optional(),
  vendorId: z.string().optional(),
  productId: z.string().optional(),
})
export type PortInfo = z.infer<typeof portInfo>

export const portChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('simulated') }),
  z.object({ kind: z.literal('serial'), path: z.string().min(1), baud: z.number().int().positive() }),
])

export const armConfig = z.object({
  port: portChoice,
  /** Path of a LeRobot calibration file; null reads the simulator's own. */
  calibrationPath: z.string().nullable(),
})

export const cameraConfig = z.object({
  name: safeName,
  kind: z.enum(['virtual', 'device']),
  /** getUserMedia device id; only for `device`. */
  deviceId: z.string().optional(),
  width: z.number().int().min(16).max(4096),
  height: z.number().int().min(16).max(4096),
})
export type CameraConfig = z.infer<typeof cameraConfig>

export const rigConfig = z.object({
  name: safeName,
  robotType: z.string(),
  follower: armConfig,
  leader: armConfig.nullable(),
  cameras: z.array(cameraConfig).max(6),
  fps: z.number().int().min(1).max(120),
})
export type RigConfig = z.infer<typeof rigConfig>

export const armState = z.object({
  role: armRole,
  port: z.string(),
  isSimulated: z.boolean(),
  status: z.enum(['connecting', 'ready', 'gone', 'refused']),
  fault: fault.nullable(),
  calibrationPath: z.string().nullable(),
  calibrationHash: z.string().nullable(),
  jointNames: z.array(z.string()),
})
export type ArmState = z.infer<typeof armState>

export const rigState = z.object({
  status: z.enum(['none', 'connecting', 'connected', 'lost']),
  rig: rigConfig.nullable(),
  arms: z.array(armState),
  fault: fault.nullable(),
  /** What an ended rig host left with torque on, until a rig is connected again; `since` is ISO 8601. */
  left: z.object({ rig: rigConfig, since: z.string() }).optional(),
})
export type RigState = z.infer<typeof rigState>

export const servoFound = z.object({
  id: z.number().int(),
  model: z.string(),
  modelNumber: z.number().int(),
  firmware: z.string(),
  baud: z.number().int(),
})

/** What a policy's contract is compared with: names and units as a dataset of this rig would have them. */
export const rigContract = z.object({
  robotType: z.string(),
  fps: z.number(),
  cameras: z.array(z.object({ name: z.string(), width: z.number(), height: z.number() })),
  state: z.array(z.object({ name: z.string(), unit: z.string() })),
  action: z.array(z.object({ name: z.string(), unit: z.string() })),
  /** Extra inputs this rig can supply, e.g. `sim.red_cube_m`. */
  extras: z.array(z.object({ name: z.string(), shape: z.array(z.number().int()) })),
})
export type RigContract = z.infer<typeof rigContract>

export const rig = defineService('rig', {
  ports: call(nothing, z.array(portInfo)),
  savedRigs: call(nothing, z.array(rigConfig)),
  saveRig: call(rigConfig, nothing),
  removeRig: call(z.object({ name: safeName }), nothing),
  connect: call(rigConfig, rigState),
  disconnect: call(nothing, nothing),
  state: stream(nothing, rigState, 'latest'),
  scan: call(
    z.object({ path: z.string(), bauds: z.array(z.number().int()).optional() }),
    z.object({ servos: z.array(servoFound) }),
  ),
  /** LeRobot calibration files found on this machine. */
  calibrations: call(
    nothing,
    z.array(z.object({ path: z.string(), role: armRole, id: z.string(), robotType: z.string() })),
  ),
  /** Writes the calibration file's offsets and limits into the servos, after a mismatch was shown and accepted. */
  writeCalibration: call(z.object({ role: armRole }), nothing),
  contract: call(nothing, rigContract),
})
