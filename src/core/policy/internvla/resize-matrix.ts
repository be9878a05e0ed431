/**
 * The model's two picture scalings as matrices: both are separable and linear, so `R · X · Rᵀ` gives the same numbers on
 * every runtime, which the runtimes' own resize operators do not (spec §1.2).
 */

/** [to, from], row after row. */
type Matrix = Float32Array<ArrayBuffer>

/** Keys' cubic with a = −0.5. */
function keys(distance: number): number {
  const x = Math.abs(distance)
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
}

/** Antialiased bicubic, half-pixel centres, for enlarging: at most four taps a row, normalised to sum 1. */
export function bicubicMatrix(from: number, to: number): Matrix {
  const matrix = new Float32Array(to * from)
  const scale = from / to
  if (scale > 1)
    throw new Error('the antialiased kernel widens when a picture shrinks; the model only enlarges')
  for (let row = 0; row < to; row++) {
    const centre = (row + 0.5) * scale
    const first = Math.max(Math.trunc(centre - 2 + 0.5), 0)
    const end = Math.min(Math.trunc(centre + 2 + 0.5), from)
    const weights = Array.from({ length: end - first }, (_, tap) => keys(first + tap - centre + 0.5))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    weights.forEach((weight, tap) => (matrix[row * from + first + tap] = weight / sum))
  }
  return matrix
}

/** Bilinear, half-pixel centres, without antialiasing: two taps a row. */
export function bilinearMatrix(from: number, to: number): Matrix {
  const matrix = new Float32Array(to * from)
  for (let row = 0; row < to; row++) {
    const source = Math.max(0, (row + 0.5) * (from / to) - 0.5)
    const lower = Math.min(Math.floor(source), from - 1)
    const upper = Math.min(lower + 1, from - 1)
    const share = source - lower
    matrix[row * from + lower] = (matrix[row * from + lower] ?? 0) + 1 - share
    matrix[row * from + upper] = (matrix[row * from + upper] ?? 0) + share
  }
  return matrix
}
