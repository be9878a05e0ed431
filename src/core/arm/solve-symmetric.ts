/** Small positive-definite systems, by Cholesky's factorisation. */

/**
 * Solves `matrix · x = right`.
 * @param matrix symmetric and positive definite, n × n
 * @throws RangeError when it is not positive definite
 */
export function solveSymmetric(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): readonly number[] {
  const n = right.length
  const lower = Array.from({ length: n }, () => Array.from({ length: n }, () => 0))
  const at = (rows: readonly (readonly number[])[], i: number, j: number): number => rows[i]?.[j] ?? 0
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = at(matrix, i, j)
      for (let k = 0; k < j; k += 1) sum -= at(lower, i, k) * at(lower, j, k)
      if (i === j && !(sum > 0)) throw new RangeError('the matrix is not positive definite')
      const row = lower[i]
      if (row !== undefined) row[j] = i === j ? Math.sqrt(sum) : sum / at(lower, j, j)
    }
  const forward: number[] = []
  for (let i = 0; i < n; i += 1) {
    let sum = right[i] ?? 0
    for (let k = 0; k < i; k += 1) sum -= at(lower, i, k) * (forward[k] ?? 0)
    forward.push(sum / at(lower, i, i))
  }
  const solution = forward.slice()
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = forward[i] ?? 0
    for (let k = i + 1; k < n; k += 1) sum -= at(lower, k, i) * (solution[k] ?? 0)
    solution[i] = sum / at(lower, i, i)
  }
  return solution
}
