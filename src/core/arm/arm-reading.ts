/** One joint as its servo last reported it, in program units and SI. */
export interface JointReading {
  readonly position: number
  /** Program units per second. */
  readonly velocity: number
  /** −1…1 of the servo's maximum. */
  readonly load: number
  readonly voltageV: number
  readonly temperatureC: number
  readonly currentA: number
  /** Feetech status byte: 0x01 voltage, 0x02 sensor, 0x04 temperature, 0x08 current, 0x10 angle, 0x20 overload. */
  readonly statusBits: number
  /** Machine-monotonic microseconds at which this reply was complete. */
  readonly readUs: number
  /** True when this tick's read failed and the value is the last good one. */
  readonly isStale: boolean
  /** True from when a powered servo was found to have lost its torque by itself until torque is switched on anew. */
  readonly hasReset?: boolean
}

/** One pass over all servos of an arm. `timeUs` is the machine-monotonic time at which the last reply was complete. */
export interface ArmReading {
  readonly timeUs: number
  readonly joints: readonly JointReading[]
}
