/** Whether all of many numbers are finite: zero times anything else is no number, and one sum is faster than a million calls. */
export function allFinite(values: Float32Array): boolean {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += 0 * (values[index] ?? Number.NaN)
  return sum === 0
}
