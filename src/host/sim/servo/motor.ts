/**
 * The motor behind the gears: a DC motor driven with a duty cycle, and the heat it makes. Torque follows current; current
 * follows the drive voltage less the back-EMF, so speed and torque limits come out by themselves.
 * Temperature is a first-order model fitted to a servo that reaches its 70 °C limit after two minutes of stall.
 */
import { servoPhysics } from '../scene/servo-physics.ts'

const ambientC = 25
/** Heat capacity and thermal resistance to the air; their product, 400 s, is the time constant of the case. */
const heatCapacityJPerK = 50
const thermalResistanceKPerW = 8
const windingOhm = servoPhysics.nominalVoltageV / servoPhysics.stallCurrentA
const torquePerAmpereNm = servoPhysics.stallTorqueNm / servoPhysics.stallCurrentA
/** Current of the servo's own electronics. */
const idleCurrentA = 0.02

export interface MotorOutput {
  readonly torqueNm: number
  /** Motor current, signed. */
  readonly currentA: number
  /** What the servo draws from its supply, never negative. */
  readonly supplyA: number
}

export class Motor {
  #temperatureC = ambientC
  /** A fixed temperature while the fault "hot motor" is on. */
  heldTemperatureC: number | null = null

  get temperatureC(): number {
    return this.heldTemperatureC ?? this.#temperatureC
  }

  /** One step with the bridge driving at `duty` (−1…1). */
  drive(duty: number, velocityRadPerS: number, supplyV: number, dtS: number): MotorOutput {
    const currentA =
      servoPhysics.stallCurrentA *
      ((duty * supplyV) / servoPhysics.nominalVoltageV - velocityRadPerS / servoPhysics.noLoadRadPerS)
    this.#heat(currentA, dtS)
    return {
      torqueNm: currentA * torquePerAmpereNm,
      currentA,
      supplyA: idleCurrentA + Math.max(0, duty * currentA),
    }
  }

  /** One step with the bridge open: no current, no torque, only the gears' friction remains. */
  coast(dtS: number): MotorOutput {
    this.#heat(0, dtS)
    return { torqueNm: 0, currentA: 0, supplyA: idleCurrentA }
  }

  #heat(currentA: number, dtS: number): void {
    const heatingW = currentA * currentA * windingOhm
    const coolingW = (this.#temperatureC - ambientC) / thermalResistanceKPerW
    this.#temperatureC += ((heatingW - coolingW) / heatCapacityJPerK) * dtS
  }
}
