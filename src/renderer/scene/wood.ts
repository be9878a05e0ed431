/** A table top's colour, made from numbers: boards with grain along u. The same picture on every machine and in every take. */
import { DataTexture, LinearFilter, LinearMipmapNearestFilter, RepeatWrapping, RGBAFormat } from 'three'

const width = 256
const height = 256
const boards = 4

/** A repeatable value in 0…1 for a pair of whole numbers. */
const hash = (x: number, y: number): number => {
  let h = Math.imul(x ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(y ^ 0x7f4a7c15, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return ((h ^ (h >>> 13)) >>> 0) / 0xffffffff
}

const smooth = (t: number): number => t * t * (3 - 2 * t)

/** Noise with whole-number period in x, so that the texture joins with itself. */
function noise(x: number, y: number, periodX: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)]
  const [fx, fy] = [smooth(x - x0), smooth(y - y0)]
  const at = (dx: number, dy: number): number => hash((x0 + dx) % periodX, y0 + dy)
  return (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy
}

/** RGBA bytes of one tile. */
function woodPixels(): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(4 * width * height)
  const rows = height / boards
  for (let y = 0; y < height; y += 1) {
    const board = Math.floor(y / rows)
    const tone = hash(board, 71)
    const isSeam = y % rows === 0
    for (let x = 0; x < width; x += 1) {
      const wave = noise((8 * x) / width, y / 21 + board * 13, 8)
      const grain = noise((4 * x) / width, y * 0.9 + 7 * wave + board * 57, 4)
      const fine = noise((16 * x) / width, y * 2.3 + board * 91, 16)
      const shade = (0.9 + 0.1 * tone + 0.12 * (grain - 0.5) + 0.05 * (fine - 0.5)) * (isSeam ? 0.86 : 1)
      const at = 4 * (y * width + x)
      pixels[at] = Math.min(255, 214 * shade)
      pixels[at + 1] = Math.min(255, 178 * shade)
      pixels[at + 2] = Math.min(255, 132 * shade)
      pixels[at + 3] = 255
    }
  }
  return pixels
}

export function woodTexture(): DataTexture {
  const texture = new DataTexture(woodPixels(), width, height, RGBAFormat)
  texture.wrapS = RepeatWrapping
  texture.wrapT = RepeatWrapping
  texture.magFilter = LinearFilter
  texture.minFilter = LinearMipmapNearestFilter
  texture.generateMipmaps = true
  texture.needsUpdate = true
  return texture
}
