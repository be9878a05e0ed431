/** Numbers 0…1 that are the same in every run (Park and Miller's generator). */
export function noiseSource(seed: number): () => number {
  let state = seed
  return () => {
    state = (48271 * state) % 2147483647
    return state / 2147483647
  }
}
