import { describe, expect, it } from 'vitest'
import { baudOfCode, codeOfBaud, modelByName, modelByNumber } from '#core/bus/feetech-models.ts'

describe('servo models and baud codes', () => {
  it('knows the STS3215 by name and by number', () => {
    expect(modelByName('sts3215')).toBe(modelByNumber(777))
    expect(modelByNumber(1)).toBeUndefined()
  })

  it("follows the vendor's baud table, where code 5 is 76800 and not LeRobot's 57600", () => {
    expect(baudOfCode(0)).toBe(1_000_000)
    expect(baudOfCode(5)).toBe(76_800)
    expect(baudOfCode(6)).toBe(57_600)
    expect(codeOfBaud(76_800)).toBe(5)
  })

  it('has no code for 19200, which the servos do not speak', () => {
    expect(codeOfBaud(19_200)).toBeNull()
    expect(baudOfCode(8)).toBeNull()
  })
})
