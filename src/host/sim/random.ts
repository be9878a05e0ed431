/** Seeded randomness for the simulator: the same seed gives the same run on every machine. */
export type Random = () => number

/** Uniform numbers in 0…1 (xorshift32 over a scrambled seed; G. Marsaglia, "Xorshift RNGs", 2003). */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0
  if (state === 0) state = 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random()
