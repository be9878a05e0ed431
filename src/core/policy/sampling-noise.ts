/**
 * The noise that a chunk starts from, from a seed: the same seed gives the same numbers, so that a chunk can be computed
 * again. Generator: xoshiro128** on 32-bit words, its state filled by splitmix32 from the seed's low and high halves;
 * two words make a number in (0, 1) with 53 bits; Box and Muller's transform, both values used in turn, rounded to float32.
 * It is ours: PyTorch's numbers for the same seed are others.
 */

/** Seeds are whole numbers from 0 to this. */
export const largestSeed = Number.MAX_SAFE_INTEGER

/** Standard normal numbers. */
export function samplingNoise(seed: number, count: number): Float32Array<ArrayBuffer> {
  const uniform = uniformFrom(seed)
  const noise = new Float32Array(count)
  for (let index = 0; index < count; index += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniform()))
    const angle = 2 * Math.PI * uniform()
    noise[index] = radius * Math.cos(angle)
    if (index + 1 < count) noise[index + 1] = radius * Math.sin(angle)
  }
  return noise
}

/** Numbers in (0, 1). */
function uniformFrom(seed: number): () => number {
  const next = xoshiro(seed)
  return () => {
    const high = next() >>> 5
    const low = next() >>> 6
    return (high * 67_108_864 + low + 0.5) / 9_007_199_254_740_992
  }
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

function xoshiro(seed: number): () => number {
  let [a, b, c, d] = stateOf(seed)
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
}

function stateOf(seed: number): [number, number, number, number] {
  const low = splitmix(seed >>> 0)
  const high = splitmix(Math.floor(seed / 4_294_967_296) >>> 0)
  return [low(), high(), low(), high()]
}

function splitmix(start: number): () => number {
  let word = start
  return () => {
    word = (word + 0x9e3779b9) | 0
    let mixed = word ^ (word >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}
