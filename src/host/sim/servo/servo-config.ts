/** The registers that steer a servo's inner loop, read once after every write instead of at every step. */
import { feetechUnits } from '#core/bus/feetech-models.ts'
import { stsRegisters as reg } from '#core/bus/feetech-registers.ts'
import type { LoopGains, LoopProfile } from './position-loop.ts'
import type { ProtectionSettings } from './protection.ts'
import type { ServoMemory } from './servo-memory.ts'

export interface ServoConfig {
  readonly torque: 'off' | 'on' | 'brake'
  readonly mode: number
  readonly gains: LoopGains
  readonly profile: LoopProfile
  readonly protection: ProtectionSettings
  readonly homingOffset: number
  /** Phase bit 4: positions are not folded into one turn. */
  readonly isFullAngle: boolean
  readonly minPosition: number
  readonly maxPosition: number
  readonly goalPosition: number
  readonly goalVelocity: number
  /** Duty −1…1 asked for in PWM mode: the Goal_Time register, sign in bit 10. */
  readonly goalDuty: number
}

const accelerationUnit = 100
const tenMilliseconds = 0.01

function torqueState(value: number): ServoConfig['torque'] {
  if (value === 0) return 'off'
  return value === 2 ? 'brake' : 'on'
}

function goalDuty(pattern: number): number {
  const magnitude = Math.min(1000, pattern & 0x3ff) / 1000
  return (pattern & 0x400) === 0 ? magnitude : -magnitude
}

export function readConfig(memory: ServoMemory): ServoConfig {
  const get = (name: keyof typeof reg): number => memory.get(reg[name])
  const limit = Math.min(1000, get('Torque_Limit'), get('Max_Torque_Limit')) / 1000
  const acceleration = get('Acceleration')
  const accelerationCap = get('Maximum_Acceleration')
  const capped = accelerationCap === 0 ? acceleration : Math.min(acceleration, accelerationCap)
  return {
    torque: torqueState(get('Torque_Enable')),
    mode: get('Operating_Mode'),
    gains: {
      p: get('P_Coefficient'),
      i: get('I_Coefficient'),
      d: get('D_Coefficient'),
      deadZoneCw: get('CW_Dead_Zone'),
      deadZoneCcw: get('CCW_Dead_Zone'),
      startupDuty: get('Minimum_Startup_Force') / 1000,
      maxDuty: limit,
    },
    profile: { acceleration: capped * accelerationUnit, speed: Math.abs(get('Goal_Velocity')) },
    protection: {
      unloadMask: get('Unloading_Condition'),
      maxTemperatureC: get('Max_Temperature_Limit'),
      minVoltageV: get('Min_Voltage_Limit') * feetechUnits.voltageV,
      maxVoltageV: get('Max_Voltage_Limit') * feetechUnits.voltageV,
      protectionCurrentA: get('Protection_Current') * feetechUnits.currentA,
      overCurrentTimeS: get('Over_Current_Protection_Time') * tenMilliseconds,
      overloadDuty: get('Overload_Torque') / 100,
      overloadTimeS: get('Protection_Time') * tenMilliseconds,
      protectiveDuty: get('Protective_Torque') / 100,
    },
    homingOffset: get('Homing_Offset'),
    isFullAngle: (get('Phase') & 0x10) !== 0,
    minPosition: get('Min_Position_Limit'),
    maxPosition: get('Max_Position_Limit'),
    goalPosition: get('Goal_Position'),
    goalVelocity: get('Goal_Velocity'),
    goalDuty: goalDuty(get('Goal_Time')),
  }
}
