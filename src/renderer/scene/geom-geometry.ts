/** From a MuJoCo primitive to triangles in its body's frame, painted by vertex colour so that a whole body is one draw. */
import {
  BoxGeometry,
  type BufferGeometry,
  CapsuleGeometry,
  CylinderGeometry,
  Float32BufferAttribute,
  Matrix4,
  PlaneGeometry,
  Quaternion,
  SphereGeometry,
  Vector3,
} from 'three'
import type { WorldDescription } from '#contract/services/sim.ts'
import { unreachable } from '#core/result.ts'
import { chamferBox } from './chamfer-box.ts'

export type Geom = WorldDescription['geoms'][number]

/** MuJoCo's planes may be endless (half size 0); they are drawn this far, metres. */
const endlessHalfM = 4
const edgeCutM = 0.0016
/** Thinner parts have plain edges: a triangle costs as much as dozens of pixels without a graphics card. */
const leastCutHalfM = 0.012

/** `shadow`: only the outline matters. */
export type Detail = 'surface' | 'shadow'

/** Triangles in the geom's own frame. MuJoCo's round shapes stand along z, three's along y. */
function shapeOf(geom: Geom, detail: Detail): BufferGeometry {
  const around = detail === 'surface' ? 16 : 10
  const [a, b, c] = geom.size
  switch (geom.kind) {
    case 'plane':
      return new PlaneGeometry(2 * (a > 0 ? a : endlessHalfM), 2 * (b > 0 ? b : endlessHalfM))
    case 'sphere':
      return new SphereGeometry(a, around, around - 4)
    case 'ellipsoid':
      return new SphereGeometry(1, around, around - 4).scale(a, b, c)
    case 'capsule':
      return new CapsuleGeometry(a, 2 * b, 4, around).rotateX(Math.PI / 2)
    case 'cylinder':
      return new CylinderGeometry(a, a, 2 * b, around).rotateX(Math.PI / 2)
    case 'box':
      return detail === 'shadow' || Math.min(a, b, c) < leastCutHalfM
        ? new BoxGeometry(2 * a, 2 * b, 2 * c)
        : chamferBox([a, b, c], edgeCutM)
    default:
      return unreachable(geom.kind)
  }
}

export function geomMatrix(geom: Pick<Geom, 'position' | 'quaternion'>): Matrix4 {
  const [w, x, y, z] = geom.quaternion
  return new Matrix4().compose(
    new Vector3(...geom.position),
    new Quaternion(x, y, z, w).normalize(),
    new Vector3(1, 1, 1),
  )
}

/** One geom in its body's frame, without index or texture coordinates; coloured all over, unless only its shadow is drawn. */
export function geomGeometry(geom: Geom, detail: Detail = 'surface'): BufferGeometry {
  const indexed = shapeOf(geom, detail)
  const geometry = indexed.index === null ? indexed : indexed.toNonIndexed()
  if (geometry !== indexed) indexed.dispose()
  geometry.deleteAttribute('uv')
  geometry.applyMatrix4(geomMatrix(geom))
  if (detail === 'shadow') {
    geometry.deleteAttribute('normal')
    return geometry
  }
  const [r, g, b] = geom.rgba
  const count = geometry.getAttribute('position').count
  const colours = new Float32Array(3 * count)
  for (let i = 0; i < count; i += 1) colours.set([r, g, b], 3 * i)
  geometry.setAttribute('color', new Float32BufferAttribute(colours, 3))
  return geometry
}
