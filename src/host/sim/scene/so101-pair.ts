/**
 * The default scene: a follower, a leader beside it, a table, three cubes and a bin. The generated text is committed as
 * `resources/scenes/so101-pair.xml`; a test keeps the two equal.
 */
import { so101Links } from '#core/arm/so101-geometry.ts'
import { camera } from './camera.ts'
import { armBody, collision } from './arm-mjcf.ts'
import { type ArmName, armNames, bin, cubeHalfM, cubeNames, cubeStartM, type CubeName } from './layout.ts'
import { type Element, element, writeXml } from './mjcf.ts'
import { servoPhysics } from './servo-physics.ts'

const cubeRgba: Readonly<Record<CubeName, readonly number[]>> = {
  red: [0.85, 0.12, 0.13, 1],
  green: [0.06, 0.55, 0.26, 1],
  yellow: [0.93, 0.76, 0.2, 1],
}

const cube = (name: CubeName): Element =>
  element('body', { name: `cube_${name}`, pos: cubeStartM[name] }, [
    element('freejoint', { name: `cube_${name}` }),
    element('geom', {
      name: `cube_${name}`,
      type: 'box',
      size: [cubeHalfM, cubeHalfM, cubeHalfM],
      mass: 0.012,
      rgba: cubeRgba[name],
      friction: [1, 0.01, 0.0005],
      condim: 4,
      ...collision.cube,
    }),
  ])

const table: Element = element('geom', {
  name: 'table',
  type: 'box',
  size: [0.45, 0.62, 0.02],
  pos: [0.2, 0.2, -0.02],
  rgba: [0.78, 0.62, 0.44, 1],
  friction: [0.9, 0.01, 0.0005],
  condim: 4,
  ...collision.world,
})

function binBody(): Element {
  const { innerHalfM: inner, wallHalfM: wall, heightM } = bin
  const [x, y] = bin.centreM
  const side = inner + wall
  const panel = (name: string, pos: readonly number[], size: readonly number[]): Element =>
    element('geom', {
      name: `bin_${name}`,
      type: 'box',
      pos,
      size,
      rgba: [0.1, 0.3, 0.72, 1],
      ...collision.world,
    })
  return element('body', { name: 'bin', pos: [x, y, 0] }, [
    panel('floor', [0, 0, 0.001], [inner, inner, 0.001]),
    panel('front', [side, 0, heightM / 2], [wall, side + wall, heightM / 2]),
    panel('back', [-side, 0, heightM / 2], [wall, side + wall, heightM / 2]),
    panel('left', [0, side, heightM / 2], [inner, wall, heightM / 2]),
    panel('right', [0, -side, heightM / 2], [inner, wall, heightM / 2]),
  ])
}

const actuators = (arm: ArmName): readonly Element[] =>
  so101Links.flatMap(({ joint }) =>
    joint === null
      ? []
      : [element('motor', { name: `${arm}_${joint}`, joint: `${arm}_${joint}`, class: 'sts3215' })],
  )

const root: Element = element('mujoco', { model: 'so101-pair' }, [
  element('compiler', { angle: 'radian', autolimits: 'true' }),
  element('option', {
    timestep: 0.002,
    integrator: 'implicitfast',
    cone: 'elliptic',
    impratio: 10,
    iterations: 30,
  }),
  element('default', {}, [
    element('default', { class: 'sts3215' }, [
      element('joint', {
        type: 'hinge',
        armature: servoPhysics.armatureKgM2,
        damping: servoPhysics.dampingNmSPerRad,
        frictionloss: servoPhysics.frictionNm,
      }),
      element('motor', { ctrlrange: [-servoPhysics.maxTorqueNm, servoPhysics.maxTorqueNm] }),
    ]),
  ]),
  element('worldbody', {}, [
    element('light', {
      name: 'key',
      pos: [0.5, -0.6, 1.4],
      dir: [-0.25, 0.4, -0.9],
      diffuse: [0.8, 0.8, 0.8],
    }),
    camera('front', [0.56, -0.36, 0.36], [0.13, -0.03, 0.06], [0, 0, 1], 44),
    camera('top', [0.17, -0.02, 0.62], [0.17, -0.02, 0], [1, 0, 0], 50),
    table,
    binBody(),
    ...armNames.map(armBody),
    ...cubeNames.map(cube),
  ]),
  element('actuator', {}, armNames.flatMap(actuators)),
])

/** The scene as MJCF text. */
export const so101PairMjcf = (): string => writeXml(root)
