/**
 * Sign-magnitude numbers as Feetech servos store them: one bit is the sign, the bits below it the magnitude
 * (spec/lerobot.md §2.1). Register widths are 16 bits; the sign bit differs by register.
 */

/**
 * The register pattern of `value`.
 * @param signBit index of the sign bit (Homing_Offset 11, Present_Load 10, positions and velocities 15)
 * @throws RangeError when `value` is no integer or its magnitude does not fit below the sign bit
 */
export function encodeSignMagnitude(value: number, signBit: number): number {
  const magnitude = Math.abs(value)
  const largest = 2 ** signBit - 1
  if (!Number.isInteger(value) || magnitude > largest)
    throw new RangeError(`${value} does not fit sign-magnitude with sign bit ${signBit}`)
  return value < 0 ? magnitude + 2 ** signBit : magnitude
}

/** The value of a register pattern. Bits above the sign bit are ignored; minus zero reads as zero. */
export function decodeSignMagnitude(pattern: number, signBit: number): number {
  const magnitude = pattern & (2 ** signBit - 1)
  return (pattern & (2 ** signBit)) !== 0 && magnitude !== 0 ? -magnitude : magnitude
}
