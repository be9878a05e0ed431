/** The servo as a machine: control law, motor, heat and protection, without any physics engine. */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { Motor } from '#host/sim/servo/motor.ts'
import { PositionLoop } from '#host/sim/servo/position-loop.ts'
import { stepsPerRad } from '#host/sim/servo/sts3215.ts'
import { servoPhysics } from '#host/sim/scene/servo-physics.ts'
import { hold, stillServo, TestLine } from './wire.ts'

const dtS = 0.002
const gains = { p: 16, i: 0, d: 32, deadZoneCw: 1, deadZoneCcw: 1, startupDuty: 0.016, maxDuty: 1 }

describe('the set-point', () => {
  it('never exceeds the speed and acceleration registers, and arrives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4095 }),
        fc.integer({ min: 1, max: 254 }),
        fc.integer({ min: 100, max: 3000 }),
        (goal, acceleration, speed) => {
          const loop = new PositionLoop()
          loop.start(2000)
          const profile = { acceleration: acceleration * 100, speed }
          let [before, velocityBefore] = [2000, 0]
          for (let step = 0; step < 500 * 60 && loop.setPoint !== goal; step += 1) {
            loop.moveTo(goal, profile, dtS)
            const velocity = (loop.setPoint - before) / dtS
            expect(Math.abs(velocity)).toBeLessThanOrEqual(speed + 1e-6)
            if (loop.setPoint !== goal)
              expect(Math.abs(velocity - velocityBefore)).toBeLessThanOrEqual(
                profile.acceleration * dtS + 1e-6,
              )
            ;[before, velocityBefore] = [loop.setPoint, velocity]
          }
          expect(loop.setPoint).toBe(goal)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('jumps to the goal when neither register sets a limit', () => {
    const loop = new PositionLoop()
    loop.start(100)
    loop.moveTo(3000, { acceleration: 0, speed: 0 }, dtS)
    expect(loop.setPoint).toBe(3000)
  })
})

describe('the control law', () => {
  it('does nothing inside the dead zone and pushes at least the startup force outside', () => {
    const loop = new PositionLoop()
    loop.start(2000)
    expect(loop.duty(2001, 0, gains, dtS)).toBe(0)
    expect(loop.duty(2002, 0, { ...gains, p: 1 }, dtS)).toBe(-gains.startupDuty)
  })

  it('is as stiff at P 16 as the identified SO-101 model, 17.8 N·m/rad', () => {
    const loop = new PositionLoop()
    loop.start(2000)
    const error = 0.02
    const torque = loop.duty(2000 - error * stepsPerRad, 0, gains, dtS) * servoPhysics.stallTorqueNm
    expect(torque / error).toBeCloseTo(17.8, 1)
  })

  it('works an error off with I, bounded by the torque limit', () => {
    const loop = new PositionLoop()
    loop.start(2000)
    let duty = 0
    for (let step = 0; step < 5000; step += 1)
      duty = loop.duty(1995, 0, { ...gains, i: 32, maxDuty: 0.5 }, dtS)
    expect(duty).toBe(0.5)
  })
})

describe('the motor', () => {
  it('stalls at the vendor’s torque and current and has no torque left at its top speed', () => {
    const motor = new Motor()
    const stalled = motor.drive(1, 0, 7.4, dtS)
    expect(stalled.torqueNm).toBeCloseTo(1.91, 6)
    expect(stalled.currentA).toBeCloseTo(2.5, 6)
    expect(motor.drive(1, 5.45, 7.4, dtS).torqueNm).toBeCloseTo(0, 6)
  })

  it('heats to its 70 °C limit in about two minutes of stall, and cools again', () => {
    const motor = new Motor()
    let seconds = 0
    for (; motor.temperatureC < 70 && seconds < 600; seconds += 0.1) motor.drive(1, 0, 7.4, 0.1)
    expect(seconds).toBeGreaterThan(100)
    expect(seconds).toBeLessThan(180)
    for (let step = 0; step < 40_000; step += 1) motor.coast(0.1)
    expect(motor.temperatureC).toBeCloseTo(25, 1)
  })
})

describe('a servo', () => {
  it('gives no torque at all while torque is off', () => {
    const servo = stillServo()
    expect(servo.step({ positionRad: 1, velocityRadPerS: 2, voltageV: 7.4 }, dtS).torqueNm).toBe(0)
  })

  it('keeps within Torque_Limit', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    line.set(1, 'Torque_Limit', 300)
    line.set(1, 'Goal_Position', 3000)
    hold(servo, 0.2)
    expect(line.get(1, 'Present_Load')).toBe(300)
  })

  it('clamps goals to its position limits, and leaves them alone when both are 0', () => {
    for (const [limits, load] of [
      [[2040, 2050], 0],
      [[0, 0], 1000],
    ] as const) {
      const servo = stillServo({ Min_Position_Limit: limits[0], Max_Position_Limit: limits[1] })
      const line = new TestLine([servo])
      line.set(1, 'Goal_Position', 4000)
      hold(servo, 0.5, { positionRad: 3 / stepsPerRad })
      expect(line.get(1, 'Goal_Position')).toBe(4000)
      expect(line.get(1, 'Present_Load')).toBe(load)
    }
  })

  it('trips on overload after the protection time, keeps the protective torque, and recovers when the goal reverses', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    line.set(1, 'Goal_Position', 3000)
    hold(servo, 1.9)
    expect(line.get(1, 'Status')).toBe(0)
    hold(servo, 0.5)
    expect(line.get(1, 'Status')).toBe(0x20)
    expect(line.get(1, 'Present_Load')).toBe(200)
    line.set(1, 'Goal_Position', 2000)
    hold(servo, 0.1)
    expect(line.get(1, 'Status')).toBe(0)
  })

  it('recovers from overload when torque is written', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    servo.tripOverload()
    hold(servo, 0.01)
    expect(line.get(1, 'Status')).toBe(0x20)
    line.set(1, 'Torque_Enable', 0)
    hold(servo, 0.01)
    expect(line.get(1, 'Status')).toBe(0)
  })

  it('switches its output off when hot, while it is hot', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    line.set(1, 'Goal_Position', 3000)
    servo.motor.heldTemperatureC = 80
    hold(servo, 0.1)
    expect(line.get(1, 'Status')).toBe(0x04)
    expect(line.get(1, 'Present_Load')).toBe(0)
    servo.motor.heldTemperatureC = 40
    hold(servo, 0.1)
    expect(line.get(1, 'Status')).toBe(0)
    expect(line.get(1, 'Present_Load')).toBe(1000)
  })

  it('reports a bad supply and goes on, as Unloading_Condition says', () => {
    const servo = stillServo()
    const line = new TestLine([servo])
    line.set(1, 'Goal_Position', 3000)
    hold(servo, 0.1, { voltageV: 3.5 })
    expect(line.get(1, 'Status')).toBe(0x01)
    expect(line.get(1, 'Present_Load')).toBe(1000)
  })

  it('turns at Goal_Velocity in velocity mode and applies its duty in PWM mode', () => {
    const servo = stillServo({ Operating_Mode: 1 })
    const line = new TestLine([servo])
    line.set(1, 'Torque_Enable', 1)
    line.set(1, 'Goal_Velocity', -400)
    hold(servo, 0.2)
    expect(servo.step({ positionRad: 0, velocityRadPerS: 0, voltageV: 7.4 }, dtS).torqueNm).toBeLessThan(-0.5)
    line.set(1, 'Operating_Mode', 2)
    line.set(1, 'Goal_Time', 0x400 + 250)
    hold(servo, 0.1)
    expect(line.get(1, 'Present_Load')).toBe(-250)
  })

  it('moves by its goal in step mode', () => {
    const servo = stillServo({ Operating_Mode: 3 })
    const line = new TestLine([servo])
    line.set(1, 'Goal_Position', -300)
    hold(servo, 0.5)
    expect(line.get(1, 'Present_Load')).toBeLessThan(-500)
    hold(servo, 0.5, { positionRad: -300 / stepsPerRad })
    expect(line.get(1, 'Present_Load')).toBe(0)
  })
})
