/**
 * Two levels of the Haar transform as one 4 × 4 kernel with stride 4: 3 channels become 48, a quarter of the size
 * (spec §3). The inverse is the same pattern without the division.
 */

/** Sign of a subband at a place in a 2 × 2 block: LL, LH (rows differ), HL (columns differ), HH. */
const sign = (band: number, row: number, column: number): number =>
  ((band & 1) === 1 && row === 1 ? -1 : 1) * ((band & 2) === 2 && column === 1 ? -1 : 1)

const channels = 3
const bands = 4
const side = 4
export const haarChannels = channels * bands * bands

/** Output channel of colour `c`, first-level band `inner`, second-level band `outer`: the second level runs over all twelve of the first. */
const haarChannel = (outer: number, inner: number, c: number): number =>
  (outer * bands + inner) * channels + c

/** Visits every non-zero entry: output channel, colour, row and column in the 4 × 4 block, and the sign. */
function forEachEntry(
  visit: (channel: number, colour: number, row: number, column: number, sign: number) => void,
): void {
  for (let outer = 0; outer < bands; outer++) {
    for (let inner = 0; inner < bands; inner++) {
      for (let c = 0; c < channels; c++) {
        for (let row = 0; row < side; row++) {
          for (let column = 0; column < side; column++) {
            const value = sign(inner, row % 2, column % 2) * sign(outer, row >> 1, column >> 1)
            visit(haarChannel(outer, inner, c), c, row, column, value)
          }
        }
      }
    }
  }
}

/**
 * Convolution [48, 3, 4, 4] with stride 4, and its bias, that take a picture of 0…1: the step to −1…1 is folded in.
 */
export function haarKernel(): {
  readonly weight: Float32Array<ArrayBuffer>
  readonly bias: Float32Array<ArrayBuffer>
} {
  const weight = new Float32Array(haarChannels * channels * side * side)
  forEachEntry((channel, colour, row, column, value) => {
    // Each level divides by four; twice that for the step from 0…1 to −1…1.
    weight[((channel * channels + colour) * side + row) * side + column] = (2 * value) / 16
  })
  return {
    weight,
    bias: Float32Array.from({ length: haarChannels }, (_, channel) => (channel < channels ? -1 : 0)),
  }
}

/** 1 × 1 convolution [48, 48] before DepthToSpace(4, CRD): output channel = colour · 16 + row · 4 + column. */
export function inverseHaarKernel(): Float32Array<ArrayBuffer> {
  const weight = new Float32Array(haarChannels * haarChannels)
  forEachEntry((channel, colour, row, column, value) => {
    weight[(colour * side * side + row * side + column) * haarChannels + channel] = value
  })
  return weight
}
