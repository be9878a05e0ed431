/** One SO-101 as MJCF bodies: frames, masses and joint ranges from core, shapes from `shapes.ts`. */
import { type LinkGeometry, type So101LinkName, so101Links, so101ToolM } from '#core/arm/so101-geometry.ts'
import { camera } from './camera.ts'
import { joints, rangeRad } from './joints.ts'
import { type ArmName, armBaseM } from './layout.ts'
import { type Element, element } from './mjcf.ts'
import { type Paint, type Shape, so101Shapes, wristCameraM, wristCameraShapes } from './shapes.ts'

const paints: Readonly<Record<ArmName, Readonly<Record<Paint, readonly number[]>>>> = {
  follower: {
    print: [0.92, 0.91, 0.88, 1],
    accent: [0.95, 0.65, 0.15, 1],
    servo: [0.07, 0.07, 0.08, 1],
    horn: [0.5, 0.52, 0.55, 1],
  },
  leader: {
    print: [0.36, 0.4, 0.46, 1],
    accent: [0.24, 0.86, 0.72, 1],
    servo: [0.07, 0.07, 0.08, 1],
    horn: [0.5, 0.52, 0.55, 1],
  },
}

/** Collision bits. Arms do not touch themselves or each other; the follower touches cubes, the leader the table only. */
export const collision = {
  world: { contype: 1, conaffinity: 0 },
  follower: { contype: 2, conaffinity: 1 },
  leader: { contype: 0, conaffinity: 1 },
  cube: { contype: 4, conaffinity: 7 },
} as const

const roundEuler = { x: [0, Math.PI / 2, 0], y: [Math.PI / 2, 0, 0], z: undefined } as const

function geom(arm: ArmName, link: So101LinkName, shape: Shape, index: number): Element {
  const euler = shape.type === 'box' ? pitch(shape.pitchRad ?? 0) : roundEuler[shape.axis ?? 'z']
  return element('geom', {
    name: `${arm}_${link}_${index}`,
    type: shape.type,
    size: shape.size,
    pos: shape.at,
    euler,
    rgba: paints[arm][shape.paint],
    ...collision[arm],
    ...(shape.isPad === true ? { friction: [1.6, 0.02, 0.0005], condim: 4, priority: 1 } : {}),
  })
}

const pitch = (angle: number): readonly number[] | undefined => (angle === 0 ? undefined : [0, angle, 0])

/** A box of even density, 60 × 45 × 45 mm, is near enough to each link's real spread of mass. */
const inertia = (massKg: number): readonly number[] => [
  (massKg * (0.045 ** 2 + 0.045 ** 2)) / 12,
  (massKg * (0.06 ** 2 + 0.045 ** 2)) / 12,
  (massKg * (0.06 ** 2 + 0.045 ** 2)) / 12,
]

function range(name: string): readonly number[] {
  const joint = joints.find((candidate) => candidate.name === name)
  if (joint === undefined) throw new Error(`no joint ${name}`)
  return rangeRad(joint)
}

function body(arm: ArmName, link: LinkGeometry): Element {
  const inner: Element[] = [
    element('inertial', { pos: link.comM, mass: link.massKg, diaginertia: inertia(link.massKg) }),
    ...so101Shapes[link.name].map((shape, index) => geom(arm, link.name, shape, index)),
  ]
  if (link.joint !== null)
    inner.unshift(
      element('joint', {
        name: `${arm}_${link.joint}`,
        class: 'sts3215',
        axis: link.axis,
        range: range(link.joint),
      }),
    )
  if (link.name === 'gripper') {
    inner.push(element('site', { name: `${arm}_tool`, pos: so101ToolM, size: [0.002], group: 4 }))
    if (arm === 'follower') inner.push(...wristCamera())
  }
  const children = so101Links.filter((other) => other.parent === link.name).map((child) => body(arm, child))
  const pos = link.parent === null ? armBaseM[arm] : link.offsetM
  return element('body', { name: `${arm}_${link.name}`, pos }, [...inner, ...children])
}

/** Beside the fingers, so that both are in the picture and what they reach for is between them. */
function wristCamera(): Element[] {
  const shapes = wristCameraShapes.map((shape, index) => geom('follower', 'gripper', shape, index + 100))
  return [...shapes, camera('wrist', wristCameraM, [0.125, 0, 0.012], [0, 1, 0], 58)]
}

/** The arm's tree of bodies, rooted at its base. */
export function armBody(arm: ArmName): Element {
  const base = so101Links.find((link) => link.parent === null)
  if (base === undefined) throw new Error('SO-101 has no base link')
  return body(arm, base)
}
