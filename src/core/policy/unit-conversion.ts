/**
 * Program units (rad, grippers 0…1, profile order) ⇄ a policy's vector. Every unit has its zero where the program's is,
 * so a conversion is one factor. What needs a calibration that is not there is refused, never guessed.
 */
import type { ArmProfile, JointSpec, JointVector } from '../arm/arm-profile.ts'
import type { Calibration } from '../arm/calibration.ts'
import { toDatasetUnits } from '../arm/dataset-units.ts'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import { jointOf } from './policy-contract.ts'
import type { Channel, PolicyUnit } from './policy-contract.ts'

/** Whether a unit can describe a joint at all. */
export const suitsJoint = (unit: PolicyUnit, kind: JointSpec['kind']): boolean =>
  (unit === 'range_0_100' || unit === 'range_0_1') === (kind === 'gripper')

/** One number of the policy's vector: its joint, and policy units per program unit. */
interface Row {
  readonly joint: number
  readonly scale: number
}

export class VectorConverter {
  private readonly rows: readonly Row[]

  private constructor(rows: readonly Row[]) {
    this.rows = rows
  }

  /** Fails with `policy/contract-mismatch` naming the channel. */
  static create(
    channels: readonly Channel[],
    profile: ArmProfile,
    calibration: Calibration | null,
  ): Result<VectorConverter> {
    const percent =
      calibration === null
        ? null
        : toDatasetUnits(
            profile,
            calibration,
            'range_m100_100',
            profile.joints.map(() => 1),
          )
    const rows: Row[] = []
    for (const { name, unit } of channels) {
      const joint = profile.joints.findIndex((candidate) => candidate.name === jointOf({ name }))
      const spec = profile.joints[joint]
      const scales: Readonly<Record<PolicyUnit, number | undefined>> = {
        degrees: 180 / Math.PI,
        radians: 1,
        range_m100_100: percent?.[joint],
        range_0_100: 100,
        range_0_1: 1,
        native: undefined,
      }
      const scale = scales[unit]
      if (spec === undefined) return mismatch(`the arm has no joint for ${name}`, name)
      if (unit === 'native') return mismatch(`nothing is known of the unit of ${name}`, name)
      if (!suitsJoint(unit, spec.kind)) return mismatch(`${name} cannot be given in ${unit}`, name)
      if (scale === undefined) return mismatch(`${name} in ${unit} needs a calibration`, name)
      rows.push({ joint, scale })
    }
    return ok(new VectorConverter(rows))
  }

  toPolicy(vector: JointVector): number[] {
    return this.rows.map(({ joint, scale }) => (vector[joint] ?? Number.NaN) * scale)
  }

  /** Joints that the policy does not command keep their number of `rest`. */
  toProgram(values: ArrayLike<number>, rest: JointVector): number[] {
    const vector = [...rest]
    this.rows.forEach(({ joint, scale }, index) => {
      vector[joint] = (values[index] ?? Number.NaN) / scale
    })
    return vector
  }
}

const mismatch = (message: string, channel: string) => fail('policy/contract-mismatch', message, { channel })
