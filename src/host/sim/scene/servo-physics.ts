/**
 * What one STS3215 (7.4 V type) is to the physics: the rotor seen through its 1:345 gears, friction of the gear train
 * without power, and the most torque it can give. Stall torque and speed are the vendor's at 7.4 V (19.5 kg·cm, 52 rpm).
 */
export const servoPhysics = {
  stallTorqueNm: 1.91,
  noLoadRadPerS: 5.45,
  /** Stall current at nominal voltage, amperes. */
  stallCurrentA: 2.5,
  nominalVoltageV: 7.4,
  armatureKgM2: 0.028,
  dampingNmSPerRad: 0.06,
  frictionNm: 0.06,
  /** Bound of the actuator in the scene; the supply can exceed nominal by 15 %. */
  maxTorqueNm: 2.3,
} as const
