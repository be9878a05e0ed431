/**
 * A box with cut edges, in 44 triangles: edges that catch the light, at a twelfth of a rounded box's cost, because
 * cameras are also rendered on machines without a graphics card.
 */
import { BufferGeometry, Float32BufferAttribute, Vector3 } from 'three'

const signs = [-1, 1] as const

/** Half extents and cut width in metres; the cut is at most half of the shortest half extent. */
export function chamferBox(half: readonly [number, number, number], cutM: number): BufferGeometry {
  const cut = Math.min(cutM, ...half.map((h) => h / 2))
  const positions: number[] = []
  const normals: number[] = []

  /** A convex polygon, wound so that it faces away from the centre. */
  const face = (corners: readonly Vector3[]): void => {
    const [a, b, c] = corners
    if (a === undefined || b === undefined || c === undefined) return
    const normal = new Vector3().subVectors(b, a).cross(new Vector3().subVectors(c, a)).normalize()
    const isInward = normal.dot(a) < 0
    const ordered = isInward ? corners.toReversed() : corners
    if (isInward) normal.negate()
    for (let i = 1; i + 1 < ordered.length; i += 1) {
      for (const corner of [ordered[0], ordered[i], ordered[i + 1]]) {
        if (corner === undefined) continue
        positions.push(corner.x, corner.y, corner.z)
        normals.push(normal.x, normal.y, normal.z)
      }
    }
  }

  /** The corner (sx, sy, sz) as seen from the face across `axis`: full extent there, cut back on the other two. */
  const corner = (axis: number, sx: number, sy: number, sz: number): Vector3 => {
    const [x, y, z] = [sx, sy, sz].map((s, i) => s * ((half[i] ?? 0) - (i === axis ? 0 : cut)))
    return new Vector3(x, y, z)
  }
  const at = (axis: number, s: readonly [number, number, number]): Vector3 => corner(axis, s[0], s[1], s[2])

  /** Signs with `axis` fixed to `s` and the other two to `u`, `v`. */
  const place = (axis: number, s: number, u: number, v: number): readonly [number, number, number] => {
    const out: [number, number, number] = [0, 0, 0]
    out[axis] = s
    out[(axis + 1) % 3] = u
    out[(axis + 2) % 3] = v
    return out
  }

  for (const axis of [0, 1, 2]) {
    for (const s of signs) {
      const ring = [
        place(axis, s, -1, -1),
        place(axis, s, 1, -1),
        place(axis, s, 1, 1),
        place(axis, s, -1, 1),
      ]
      face(ring.map((c) => at(axis, c)))
    }
    // The four edges that run along `axis` join the faces across the other two.
    for (const u of signs) {
      for (const v of signs) {
        const [low, high] = [place(axis, -1, u, v), place(axis, 1, u, v)]
        const [p, q] = [(axis + 1) % 3, (axis + 2) % 3]
        face([at(p, low), at(p, high), at(q, high), at(q, low)])
      }
    }
  }
  for (const x of signs)
    for (const y of signs) for (const z of signs) face([0, 1, 2].map((a) => corner(a, x, y, z)))

  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3))
  geometry.setAttribute('normal', new Float32BufferAttribute(normals, 3))
  return geometry
}
