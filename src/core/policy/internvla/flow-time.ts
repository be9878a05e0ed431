/** The times of the flow's Euler steps and their embedding (spec §1.8). */

/**
 * Times at which the velocity is evaluated: 1, 1 − 1/n, … by repeated float32 addition, as long as t ≥ 1/(2n). There are
 * exactly n of them; the arithmetic is that of the official code, so that the embeddings agree to the last bit.
 */
export function eulerTimes(steps: number): readonly number[] {
  const dt = Math.fround(-1 / steps)
  const times: number[] = []
  for (let t = 1; t >= -dt / 2; t = Math.fround(t + dt)) times.push(t)
  return times
}

/** Sine then cosine of 2πt / period, periods spread geometrically from `minPeriod` to `maxPeriod`; computed in double precision. */
export function timeEmbedding(
  t: number,
  width: number,
  minPeriod: number,
  maxPeriod: number,
): Float32Array<ArrayBuffer> {
  const half = width / 2
  const embedding = new Float32Array(width)
  for (let k = 0; k < half; k++) {
    const period = minPeriod * (maxPeriod / minPeriod) ** (k / (half - 1))
    const angle = ((2 * Math.PI) / period) * t
    embedding[k] = Math.sin(angle)
    embedding[half + k] = Math.cos(angle)
  }
  return embedding
}
