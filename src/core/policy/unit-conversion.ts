/**
 * Program units (rad, grippers 0…1) ⇄ the units a policy speaks. A conversion that needs what the rig does not know
 * (percent of a calibrated range) is refused, never guessed.
 */
import type { JointSpec, JointVector } from '../arm/arm-profile.ts'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import type { FeatureSpec, PolicyUnit } from './policy-contract.ts'

/** Policy value = program value · scale + offset. */
interface Affine {
  readonly scale: number
  readonly offset: number
}

/** One row of a vector: which joint it is, and how its number is converted. */
interface Row extends Affine {
  readonly joint: number
}

/** LeRobot's suffix of joint positions: `shoulder_pan.pos`. */
const jointNameOf = (feature: string): string => feature.replace(/\.pos$/, '')

/** The conversion of one joint, or null where the unit does not apply to it. */
export function conversionFor(joint: JointSpec, unit: PolicyUnit): Affine | null {
  const range = joint.upper - joint.lower
  if (joint.kind === 'gripper') {
    if (unit === 'unit') return { scale: 1, offset: 0 }
    if (unit === 'range_0_100') return { scale: 100, offset: 0 }
    if (unit === 'range_m100_100') return { scale: 200, offset: -100 }
    return null
  }
  switch (unit) {
    case 'rad':
      return { scale: 1, offset: 0 }
    case 'deg':
      return { scale: 180 / Math.PI, offset: 0 }
    case 'range_m100_100':
      return { scale: 200 / range, offset: -100 - (200 / range) * joint.lower }
    case 'range_0_100':
      return { scale: 100 / range, offset: (-100 / range) * joint.lower }
    case 'unit':
      return { scale: 1 / range, offset: -joint.lower / range }
  }
}

/** Converts joint vectors of one arm (profile order) to feature vectors of one policy and back. */
export class VectorConverter {
  private readonly rows: readonly Row[]

  private constructor(rows: readonly Row[]) {
    this.rows = rows
  }

  /** Fails with `policy/contract-mismatch` when a feature is no joint of the arm, or its unit does not fit the joint. */
  static create(features: readonly FeatureSpec[], joints: readonly JointSpec[]): Result<VectorConverter> {
    const rows: Row[] = []
    for (const { name, unit } of features) {
      const joint = joints.findIndex((candidate) => candidate.name === jointNameOf(name))
      const spec = joints[joint]
      if (spec === undefined)
        return fail('policy/contract-mismatch', `the arm has no joint for ${name}`, { feature: name })
      const conversion = conversionFor(spec, unit)
      if (conversion === null) {
        return fail('policy/contract-mismatch', `${name} cannot be given in ${unit}`, { feature: name, unit })
      }
      rows.push({ joint, ...conversion })
    }
    return ok(new VectorConverter(rows))
  }

  /** Program units, profile order → policy units, feature order. */
  toPolicy(vector: JointVector): number[] {
    return this.rows.map(({ joint, scale, offset }) => (vector[joint] ?? Number.NaN) * scale + offset)
  }

  /** Policy units, feature order → program units, profile order. Joints without a feature keep their number of `rest`. */
  toProgram(values: ArrayLike<number>, rest: JointVector): number[] {
    const vector = [...rest]
    this.rows.forEach(({ joint, scale, offset }, index) => {
      vector[joint] = ((values[index] ?? Number.NaN) - offset) / scale
    })
    return vector
  }
}
