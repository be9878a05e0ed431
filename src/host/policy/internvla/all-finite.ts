/** Whether all of many numbers are finite: differences from themselves are zero or no number, and one sum is faster than a million calls. */
export function allFinite(values: Float32Array): boolean {
  let sum = 0
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN
    sum += value - value
  }
  return sum === 0
}
