/**
 * The SO-101 as a chain of link frames, for kinematics, the simulated scene and the 3-D twin. Dimensions, masses and
 * centres of mass are those of the public SO-101 model (TheRobotStudio/SO-ARM100, "new calibration"), re-expressed in
 * tidy frames; its 2.8° twist of the gripper at zero roll is left out.
 *
 * Zero pose (every angle 0, the middle of the body joints' ranges): the upper arm points straight up, forearm and gripper
 * point forward. In that pose **all link frames are parallel to the base frame**: x forward, y left, z up, so a link is
 * placed by an offset alone and rotates about `axis` through its own origin. Lengths in metres, masses in kilograms.
 *
 * Positive angles: shoulder_pan turns right (clockwise from above); shoulder_lift leans the upper arm forward;
 * elbow_flex bends the forearm down; wrist_flex pitches the gripper down; wrist_roll lowers the gripper's left side;
 * gripper opens the moving jaw, which lies above the fixed one in the zero pose.
 */

export type Vec3 = readonly [x: number, y: number, z: number]

export type So101LinkName =
  'base' | 'shoulder' | 'upper_arm' | 'lower_arm' | 'wrist' | 'gripper' | 'moving_jaw'

export interface LinkGeometry {
  readonly name: So101LinkName
  readonly parent: So101LinkName | null
  /** Joint that turns this link in its parent; null for the base. */
  readonly joint: string | null
  /** Origin of this link in the parent's frame. */
  readonly offsetM: Vec3
  /** Unit vector of the joint axis, in this link's own frame (and, at angle 0, the base's). */
  readonly axis: Vec3
  readonly massKg: number
  /** Centre of mass in this link's frame. */
  readonly comM: Vec3
}

/** Base first; a parent always comes before its child. */
export const so101Links: readonly LinkGeometry[] = [
  {
    name: 'base',
    parent: null,
    joint: null,
    offsetM: [0, 0, 0],
    axis: [0, 0, 1],
    massKg: 0.147,
    comM: [0.0137, 0, 0.0335],
  },
  {
    name: 'shoulder',
    parent: 'base',
    joint: 'shoulder_pan',
    offsetM: [0.0388, 0, 0.0624],
    axis: [0, 0, -1],
    massKg: 0.1,
    comM: [0.0308, 0, 0.0253],
  },
  {
    name: 'upper_arm',
    parent: 'shoulder',
    joint: 'shoulder_lift',
    offsetM: [0.0304, -0.0183, 0.0542],
    axis: [0, 1, 0],
    massKg: 0.103,
    comM: [0.0084, 0.0184, 0.0898],
  },
  {
    name: 'lower_arm',
    parent: 'upper_arm',
    joint: 'elbow_flex',
    offsetM: [0.028, 0, 0.1126],
    axis: [0, 1, 0],
    massKg: 0.104,
    comM: [0.0981, 0.0183, 0.0032],
  },
  {
    name: 'wrist',
    parent: 'lower_arm',
    joint: 'wrist_flex',
    offsetM: [0.1349, 0, 0.0052],
    axis: [0, 1, 0],
    massKg: 0.079,
    comM: [0.0386, 0.0281, 0.0001],
  },
  {
    name: 'gripper',
    parent: 'wrist',
    joint: 'wrist_roll',
    offsetM: [0.0611, 0.0183, 0],
    axis: [-1, 0, 0],
    massKg: 0.087,
    comM: [0.0252, 0.0002, 0.0002],
  },
  {
    name: 'moving_jaw',
    parent: 'gripper',
    joint: 'gripper',
    offsetM: [0.0234, 0.0188, 0.0202],
    axis: [0, -1, 0],
    massKg: 0.012,
    comM: [0.03, -0.0193, -0.0016],
  },
]

/** Jaw angle at gripper 0 (closed) and 1 (open), radians. */
export const so101JawRad = { closed: -0.174533, open: 1.74533 } as const

/** Where the fixed finger ends, in the gripper's frame: the point that inverse kinematics places. */
export const so101ToolM: Vec3 = [0.0981, 0, -0.0079]

/** Where the moving finger ends, in the moving jaw's frame. It meets the tool point when the jaw is closed. */
export const so101JawTipM: Vec3 = [0.0784, -0.0188, -0.0147]
