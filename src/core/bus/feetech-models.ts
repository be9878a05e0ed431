/** Feetech servo models that this program drives, by LeRobot's names, and the baud codes of their register 6. */

export interface FeetechModel {
  /** LeRobot's model name. */
  readonly name: string
  /** What register 3 answers. */
  readonly number: number
  /** Steps per turn. */
  readonly resolution: number
}

/** STS/SMS protocol only: SCS servos (scs0009) speak big-endian and know no sync read. */
export const feetechModels: readonly FeetechModel[] = [
  { name: 'sts3215', number: 777, resolution: 4096 },
  { name: 'sts3250', number: 2825, resolution: 4096 },
  { name: 'sm8512bl', number: 11272, resolution: 4096 },
]

export const modelByName = (name: string): FeetechModel | undefined =>
  feetechModels.find((model) => model.name === name)

export const modelByNumber = (number: number): FeetechModel | undefined =>
  feetechModels.find((model) => model.number === number)

/**
 * Baud rates by register code, as the vendor's memory table has them. LeRobot's table differs from code 5 on (57600, 38400,
 * 19200), so a servo that LeRobot set to "57600" really speaks 76800: a scan must try that rate too.
 */
export const feetechBaudRates = [
  1_000_000, 500_000, 250_000, 128_000, 115_200, 76_800, 57_600, 38_400,
] as const

/** The baud rate of a register code, or null for a code the vendor's table does not have. */
export const baudOfCode = (code: number): number | null => feetechBaudRates[code] ?? null

/** The register code of a baud rate, or null when the servos cannot speak it. */
export function codeOfBaud(baud: number): number | null {
  const code = feetechBaudRates.findIndex((rate) => rate === baud)
  return code < 0 ? null : code
}

/** What current, load and voltage registers count in. */
export const feetechUnits = { currentA: 0.0065, loadFraction: 0.001, voltageV: 0.1 } as const
