/**
 * Closed-form inverse kinematics of the SO-101 as ONNX nodes: the pose whose tool point hovers at a given place, elbow
 * up, gripper open and pointing down as far as the reach allows. Frames and signs are those of `so101-geometry.ts`.
 */
import type { ArmProfile } from '../arm/arm-profile.ts'
import { so101Links, so101ToolM } from '../arm/so101-geometry.ts'
import type { So101LinkName, Vec3 } from '../arm/so101-geometry.ts'
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import { acos, add, atan2, clamp, cos, div, mul, neg, sin, sqrt, sub } from '../onnx/ops-elementwise.ts'
import { concat, slice } from '../onnx/ops-layout.ts'

const offsetOf = (name: So101LinkName): Vec3 => {
  const link = so101Links.find((candidate) => candidate.name === name)
  if (link === undefined) throw new Error(`the SO-101 has no ${name}`)
  return link.offsetM
}

/** The arm in its own vertical plane: distances outward from the pan axis and upward from the base, metres. */
const [panX, , panZ] = offsetOf('shoulder')
const [liftX, , liftZ] = offsetOf('upper_arm')
const [upperX, , upperZ] = offsetOf('lower_arm')
const [lowerX, , lowerZ] = offsetOf('wrist')
const handX = offsetOf('gripper')[0] + so101ToolM[0]
const handZ = so101ToolM[2]

const upperM = Math.hypot(upperX, upperZ)
const lowerM = Math.hypot(lowerX, lowerZ)
/** How far each link leans forward of the vertical when its joint is at 0. */
const upperLeanRad = Math.atan2(upperX, upperZ)
const lowerLeanRad = Math.atan2(lowerX, lowerZ)

/** The elbow is kept this far from straight and from folded, where the closed form loses its derivative. */
const straightM = 0.98 * (upperM + lowerM)
const foldedM = 1.5 * Math.abs(upperM - lowerM)

/** Within `near` of the pan axis the gripper points straight down; beyond, it rises by `slope` down to `least`. */
const pitch = { nearM: 0.17, slopeRadPerM: 5.5, leastRad: 0.7 }

const hypot = (g: GraphBuilder, a: Value, b: Value): Value => sqrt(g, add(g, mul(g, a, a), mul(g, b, b)))

/** The angle opposite to the third side of a triangle, for the constant side `aM` and the variable side `b`. */
function cornerAngle(g: GraphBuilder, aM: number, b: Value, oppositeM: number): Value {
  const numerator = add(g, mul(g, b, b), g.scalar(aM * aM - oppositeM * oppositeM))
  return acos(g, clamp(g, div(g, numerator, mul(g, b, g.scalar(2 * aM))), -1, 1))
}

/**
 * @param placeM [1, 3], the base frame
 * @returns [1, 6] in program units, profile order, inside the joint ranges of `profile`. A place out of reach gives the
 * pose nearest to it along the line from the shoulder.
 */
export function reachPose(
  g: GraphBuilder,
  placeM: Value,
  profile: ArmProfile,
  gripperOpening: number,
): Value {
  const constant = (value: number): Value => g.scalar(value)
  const x = sub(g, slice(g, placeM, 1, 0, 1), constant(panX))
  const y = slice(g, placeM, 1, 1, 2)
  const z = slice(g, placeM, 1, 2, 3)
  const outward = hypot(g, x, y)

  const rise = mul(g, sub(g, outward, constant(pitch.nearM)), constant(pitch.slopeRadPerM))
  const pitchRad = clamp(g, sub(g, constant(Math.PI / 2), rise), pitch.leastRad, Math.PI / 2)
  const c = cos(g, pitchRad)
  const s = sin(g, pitchRad)
  const handOut = add(g, mul(g, c, constant(handX)), mul(g, s, constant(handZ)))
  const handUp = sub(g, mul(g, c, constant(handZ)), mul(g, s, constant(handX)))

  const wristOut = sub(g, sub(g, outward, handOut), constant(liftX))
  const wristUp = sub(g, sub(g, z, handUp), constant(panZ + liftZ))
  const distance = clamp(g, hypot(g, wristOut, wristUp), foldedM, straightM)
  const lean = atan2(g, wristOut, wristUp)

  const lift = sub(g, sub(g, lean, cornerAngle(g, upperM, distance, lowerM)), constant(upperLeanRad))
  const forearm = sub(g, add(g, lean, cornerAngle(g, lowerM, distance, upperM)), constant(lowerLeanRad))
  const elbow = sub(g, forearm, lift)
  const wrist = sub(g, pitchRad, forearm)
  const pan = neg(g, atan2(g, y, x))

  const rest = g.floats('roll_and_gripper', [1, 2], [0, gripperOpening])
  const angles = [pan, lift, elbow, wrist].map((angle, index) => {
    const joint = profile.joints[index]
    if (joint === undefined) throw new Error('the profile is not that of an SO-101')
    return clamp(g, angle, joint.lower, joint.upper)
  })
  return concat(g, [...angles, rest], 1)
}
