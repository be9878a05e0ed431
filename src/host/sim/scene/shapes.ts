/**
 * What the SO-101 looks like and touches with, as primitive shapes in the link frames of `#core/arm/so101-geometry`
 * (zero pose: x forward, y left, z up). Drawn by us from the public outline: printed parts, black servos, grey horns.
 * The jaws are the only shapes whose faces matter to physics: they are parallel when they hold a 25 mm cube.
 */
import { type So101LinkName, type Vec3, so101JawTipM, so101ToolM } from '#core/arm/so101-geometry.ts'

export type Paint = 'print' | 'accent' | 'servo' | 'horn'

export interface Shape {
  readonly type: 'box' | 'cylinder' | 'capsule'
  /** Half extents of a box; radius and half length along `axis` for the round ones. */
  readonly size: readonly number[]
  readonly at: Vec3
  readonly paint: Paint
  /** Rotation about y, radians, for boxes that follow a sloping beam. */
  readonly pitchRad?: number
  /** Long axis of a round shape; z by default. */
  readonly axis?: 'x' | 'y' | 'z'
  /** Finger pads grip: rubber-like friction. */
  readonly isPad?: boolean
}

const box = (paint: Paint, at: Vec3, half: Vec3, pitchRad = 0): Shape => ({
  type: 'box',
  size: half,
  at,
  paint,
  pitchRad,
})

const disc = (paint: Paint, axis: 'x' | 'y' | 'z', at: Vec3, radius: number, half: number): Shape => ({
  type: 'cylinder',
  size: [radius, half],
  at,
  paint,
  axis,
})

/** Slope of the upper arm's beam against its own z axis: the elbow sits 28 mm forward of the shoulder. */
const upperArmPitchRad = Math.atan2(0.028, 0.1126)

/** Jaw angle at which a 25 mm cube is held between parallel pads. */
const parallelJawRad = 0.146
const padLengthM = 0.036
const padHalfThicknessM = 0.004
const padHalfWidthM = 0.012

/** The moving pad: its inner edge ends at the jaw tip, and its face is level at `parallelJawRad`. */
function movingPad(): Shape {
  const along = [Math.cos(parallelJawRad), -Math.sin(parallelJawRad)] as const
  const away = [Math.sin(parallelJawRad), Math.cos(parallelJawRad)] as const
  const back = padLengthM / 2
  return {
    ...box(
      'accent',
      [
        so101JawTipM[0] - back * along[0] + padHalfThicknessM * away[0],
        so101JawTipM[1],
        so101JawTipM[2] - back * along[1] + padHalfThicknessM * away[1],
      ],
      [padLengthM / 2, padHalfWidthM, padHalfThicknessM],
      parallelJawRad,
    ),
    isPad: true,
  }
}

/** The fixed pad: its inner face holds the tool point at its tip. */
const fixedPad: Shape = {
  ...box(
    'accent',
    [so101ToolM[0] - padLengthM / 2, 0, so101ToolM[2] - padHalfThicknessM],
    [padLengthM / 2, padHalfWidthM, padHalfThicknessM],
  ),
  isPad: true,
}

export const so101Shapes: Readonly<Record<So101LinkName, readonly Shape[]>> = {
  base: [
    box('print', [0.012, 0, 0.006], [0.06, 0.048, 0.006]),
    box('print', [0.024, 0, 0.032], [0.036, 0.03, 0.022]),
    box('servo', [0.0388, 0, 0.05], [0.0226, 0.0124, 0.0115]),
  ],
  shoulder: [
    disc('horn', 'z', [0, 0, 0.002], 0.026, 0.004),
    box('print', [0.012, 0, 0.022], [0.024, 0.026, 0.016]),
    box('servo', [0.0304, 0, 0.044], [0.0124, 0.0175, 0.0226]),
    box('print', [0.0304, 0.0215, 0.05], [0.015, 0.003, 0.018]),
    box('print', [0.0304, -0.0215, 0.05], [0.015, 0.003, 0.018]),
  ],
  upper_arm: [
    disc('horn', 'y', [0, 0.0183, 0], 0.019, 0.028),
    box('print', [0.0115, 0.0183, 0.046], [0.015, 0.02, 0.03], upperArmPitchRad),
    box('accent', [0.0203, 0.0183, 0.0815], [0.0162, 0.0212, 0.006], upperArmPitchRad),
    box('servo', [0.0262, 0.0183, 0.1], [0.0155, 0.0175, 0.017], upperArmPitchRad),
  ],
  lower_arm: [
    disc('horn', 'y', [0, 0.0183, 0], 0.0185, 0.027),
    box('print', [0.052, 0.0183, 0.002], [0.036, 0.02, 0.0145]),
    box('accent', [0.094, 0.0183, 0.0038], [0.006, 0.0212, 0.0158]),
    box('servo', [0.118, 0.0183, 0.0045], [0.018, 0.0175, 0.0135]),
  ],
  wrist: [
    disc('horn', 'y', [0, 0.0183, 0], 0.0165, 0.025),
    box('print', [0.024, 0.0183, 0], [0.017, 0.0185, 0.0145]),
    box('servo', [0.047, 0.0183, 0], [0.0115, 0.0175, 0.0135]),
  ],
  gripper: [
    disc('horn', 'x', [-0.001, 0, 0], 0.02, 0.003),
    box('print', [0.016, 0, -0.0065], [0.014, 0.021, 0.0125]),
    box('servo', [0.018, 0.0008, 0.0165], [0.0165, 0.0115, 0.0105]),
    box('print', [0.05, 0, -0.0145], [0.028, 0.0135, 0.0055]),
    box('print', [0.084, 0, -0.0185], [0.0135, 0.0115, 0.0026]),
    fixedPad,
  ],
  moving_jaw: [
    disc('horn', 'y', [0, -0.0188, 0], 0.0115, 0.0165),
    box('print', [0.024, -0.0188, -0.0008], [0.021, 0.0135, 0.0055], 0.09),
    box('print', [0.062, -0.0188, -0.0015], [0.0195, 0.0115, 0.0026], parallelJawRad),
    movingPad(),
  ],
}

/** Lens of the follower's wrist camera, in the gripper's frame. */
export const wristCameraM: Vec3 = [0.004, 0.07, 0.008]

/** The camera's case and the bracket that carries it. */
export const wristCameraShapes: readonly Shape[] = [
  box('print', [0.006, 0.038, 0], [0.005, 0.024, 0.008]),
  box('servo', [-0.006, 0.068, 0.008], [0.0075, 0.012, 0.012]),
]
