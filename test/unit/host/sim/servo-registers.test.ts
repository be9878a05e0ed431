/** What the control table of one servo does: what survives power-off, and what writing does besides (spec/lerobot.md §2.1). */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { encodeWrite } from '#core/bus/feetech-packet.ts'
import { hold, stillServo, TestLine } from './wire.ts'

describe('the control table', () => {
  it('has the factory values of the vendor’s memory table', () => {
    const line = new TestLine([stillServo()])
    expect(line.get(1, 'Return_Delay_Time')).toBe(0)
    expect(line.get(1, 'Response_Status_Level')).toBe(1)
    expect([line.get(1, 'Min_Position_Limit'), line.get(1, 'Max_Position_Limit')]).toEqual([0, 4095])
    expect([
      line.get(1, 'P_Coefficient'),
      line.get(1, 'D_Coefficient'),
      line.get(1, 'I_Coefficient'),
    ]).toEqual([32, 32, 0])
    expect([line.get(1, 'Phase'), line.get(1, 'Unloading_Condition')]).toEqual([12, 44])
    expect([line.get(1, 'Protection_Current'), line.get(1, 'Overload_Torque')]).toEqual([500, 80])
  })

  it('is locked after power-on', () => {
    expect(new TestLine([stillServo()]).get(1, 'Lock')).toBe(1)
  })

  it('uses EPROM writes under Lock until power-off and then forgets them', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    line.set(1, 'Homing_Offset', -300)
    expect(line.get(1, 'Present_Position')).toBe(2347)
    servo.powerCycle()
    expect(line.get(1, 'Homing_Offset')).toBe(0)
    expect(line.get(1, 'Present_Position')).toBe(2047)
  })

  it('keeps EPROM writes that were made with Lock 0, and is locked again after power-off', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    line.set(1, 'Lock', 0)
    line.set(1, 'Max_Position_Limit', 3000)
    servo.powerCycle()
    expect(line.get(1, 'Max_Position_Limit')).toBe(3000)
    expect(line.get(1, 'Lock')).toBe(1)
  })

  it('copies Max_Torque_Limit to Torque_Limit at power-on only', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    line.set(1, 'Lock', 0)
    line.set(1, 'Max_Torque_Limit', 500)
    expect(line.get(1, 'Torque_Limit')).toBe(1000)
    servo.powerCycle()
    expect(line.get(1, 'Torque_Limit')).toBe(500)
  })

  it('switches torque on by itself when a goal is written', () => {
    const line = new TestLine([stillServo()])
    expect(line.get(1, 'Torque_Enable')).toBe(0)
    line.set(1, 'Goal_Position', 2047)
    expect(line.get(1, 'Torque_Enable')).toBe(1)
  })

  it('has the goal at the present position after power-on and resumes an old goal after torque off', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    expect(line.get(1, 'Goal_Position')).toBe(2047)
    line.set(1, 'Goal_Position', 2500)
    line.set(1, 'Torque_Enable', 0)
    line.set(1, 'Torque_Enable', 1)
    expect(line.get(1, 'Goal_Position')).toBe(2500)
    hold(servo, 0.5)
    expect(line.get(1, 'Present_Load')).toBeGreaterThan(500)
  })

  it('makes the present position 2048 when 128 is written to Torque_Enable, for good', () => {
    const servo = stillServo({}, 3000)
    const line = new TestLine([servo])
    line.set(1, 'Torque_Enable', 128)
    expect(line.get(1, 'Present_Position')).toBe(2048)
    expect(line.get(1, 'Homing_Offset')).toBe(952)
    expect(line.get(1, 'Torque_Enable')).toBe(0)
    servo.powerCycle()
    expect(line.get(1, 'Present_Position')).toBe(2048)
  })

  it('subtracts the homing offset and folds into one turn unless Phase asks for the full angle', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4095 }),
        fc.integer({ min: -2047, max: 2047 }),
        fc.boolean(),
        (encoder, offset, isFull) => {
          const line = new TestLine([stillServo({ Phase: isFull ? 28 : 12, Homing_Offset: offset }, encoder)])
          const expected = isFull ? encoder - offset : (encoder - offset + 4096) % 4096
          expect(line.get(1, 'Present_Position')).toBe(expected)
        },
      ),
    )
  })

  it('ignores writes to what only the servo knows', () => {
    const line = new TestLine([stillServo()])
    line.ask(encodeWrite(1, 3, [1, 1]))
    line.ask(encodeWrite(1, 56, [1, 1, 1, 1]))
    expect(line.get(1, 'Model_Number')).toBe(777)
    expect(line.get(1, 'Present_Position')).toBe(2047)
  })

  it('reports volts in tenths, and motion as speed and the Moving flag', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    servo.step({ positionRad: 0, velocityRadPerS: -1, voltageV: 7.1 }, 0.002)
    expect(line.get(1, 'Present_Voltage')).toBe(71)
    expect(line.get(1, 'Present_Velocity')).toBe(-652)
    expect(line.get(1, 'Moving')).toBe(1)
    hold(servo, 0.002)
    expect(line.get(1, 'Moving')).toBe(0)
  })

  it('takes a block write across registers, as the vendor’s position command does', () => {
    const line = new TestLine([stillServo()])
    line.ask(encodeWrite(1, 41, [50, 0xe8, 0x03, 0, 0, 0x2c, 0x01]))
    expect(line.get(1, 'Acceleration')).toBe(50)
    expect(line.get(1, 'Goal_Position')).toBe(1000)
    expect(line.get(1, 'Goal_Velocity')).toBe(300)
    expect(line.get(1, 'Torque_Enable')).toBe(1)
  })
})
