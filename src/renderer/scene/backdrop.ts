/** What lies behind the table: a studio's curved wall, lighter above, so that pictures have depth without a room to draw. */
import {
  Color,
  CylinderGeometry,
  Float32BufferAttribute,
  Mesh,
  type RawShaderMaterial,
  BackSide,
} from 'three'

const radiusM = 2.2
const bottomM = -0.9
const topM = 2.4

/** Of the floor, which is whatever lies below the wall. */
export const floorColour = '#3b3e42'

/** From the floor up; sRGB. */
const shades: readonly (readonly [heightM: number, colour: string])[] = [
  [-0.9, floorColour],
  [-0.35, '#55595e'],
  [0.25, '#7d8288'],
  [1.1, '#a2a7ab'],
  [2.4, '#b9bdc0'],
]

function shadeAt(heightM: number): Color {
  const above = shades.findIndex(([z]) => z >= heightM)
  const [high, low] = [shades.at(above < 0 ? -1 : above), shades.at(Math.max(0, above - 1))]
  if (high === undefined || low === undefined) return new Color()
  const span = high[0] - low[0]
  const part = span > 0 ? (heightM - low[0]) / span : 0
  return rawColour(low[1]).lerp(rawColour(high[1]), part)
}

/** A CSS colour's numbers as written, not converted to linear. */
const rawColour = (css: string): Color => new Color(css).convertLinearToSRGB()

/** `material` must show vertex colours as they are; taken over. */
export function backdrop(material: RawShaderMaterial): Disposable & { readonly mesh: Mesh } {
  const geometry = new CylinderGeometry(radiusM, radiusM, topM - bottomM, 18, 6, true)
    .rotateX(Math.PI / 2)
    .translate(0, 0, (topM + bottomM) / 2)
  const positions = geometry.getAttribute('position')
  const colours = new Float32Array(3 * positions.count)
  for (let i = 0; i < positions.count; i += 1) shadeAt(positions.getZ(i)).toArray(colours, 3 * i)
  geometry.setAttribute('color', new Float32BufferAttribute(colours, 3))
  material.side = BackSide
  const mesh = new Mesh(geometry, material)
  mesh.name = 'backdrop'
  mesh.frustumCulled = false
  mesh.renderOrder = 1
  return {
    mesh,
    [Symbol.dispose]() {
      geometry.dispose()
      material.dispose()
    },
  }
}
