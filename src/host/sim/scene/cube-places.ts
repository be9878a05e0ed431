/** Where the cubes stand after a reset: their usual places, or spread over the reachable table by a seed, never touching. */
import type { Vec3 } from '#core/arm/so101-geometry.ts'
import { between, seededRandom } from '../random.ts'
import { type CubeName, cubeArea, cubeHalfM, cubeNames, cubeStartM } from './layout.ts'

export interface CubePlace {
  readonly position: Vec3
  readonly yawRad: number
}

const maxTries = 200

export function cubePlaces(seed?: number): Readonly<Record<CubeName, CubePlace>> {
  const places: Partial<Record<CubeName, CubePlace>> = {}
  const random = seed === undefined ? null : seededRandom(seed)
  for (const name of cubeNames) {
    places[name] =
      random === null
        ? { position: cubeStartM[name], yawRad: 0 }
        : {
            position: freePlace(random, Object.values(places)),
            yawRad: between(random, -Math.PI / 4, Math.PI / 4),
          }
  }
  return places as Record<CubeName, CubePlace>
}

function freePlace(random: () => number, taken: readonly CubePlace[]): Vec3 {
  let place: Vec3 = [0, 0, cubeHalfM]
  for (let tries = 0; tries < maxTries; tries += 1) {
    place = [between(random, ...cubeArea.xM), between(random, ...cubeArea.yM), cubeHalfM]
    const [x, y] = place
    const isFree = taken.every(
      ({ position }) => Math.hypot(x - position[0], y - position[1]) > cubeArea.apartM,
    )
    if (isFree) break
  }
  return place
}
