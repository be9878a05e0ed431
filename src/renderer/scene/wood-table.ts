/** The table: its top in wood, its texture laid out in metres so that a table of any size has boards of one width. */
import { BoxGeometry, Mesh, PlaneGeometry } from 'three'
import { type Geom, geomMatrix } from './geom-geometry.ts'
import { texturedMaterial } from './materials.ts'
import { woodTexture } from './wood.ts'

/** Length of one texture tile along the grain, metres. Four boards lie across it. */
const tileM = 0.62

export function woodTable(geom: Geom): Disposable & { readonly mesh: Mesh } {
  const [a, b, c] = geom.size
  const isPlane = geom.kind === 'plane'
  const [halfX, halfY] = isPlane && a === 0 ? [4, 4] : [a, b]
  const geometry = isPlane
    ? new PlaneGeometry(2 * halfX, 2 * halfY)
    : new BoxGeometry(2 * halfX, 2 * halfY, 2 * c)
  const positions = geometry.getAttribute('position')
  const coordinates = geometry.getAttribute('uv')
  for (let i = 0; i < positions.count; i += 1)
    coordinates.setXY(i, positions.getY(i) / tileM, positions.getX(i) / tileM)
  geometry.applyMatrix4(geomMatrix(geom))
  const map = woodTexture()
  const material = texturedMaterial(map)
  const mesh = new Mesh(geometry, material)
  mesh.name = geom.name
  return {
    mesh,
    [Symbol.dispose]() {
      geometry.dispose()
      material.dispose()
      map.dispose()
    },
  }
}
