/** EPROM of an STS3215 as it leaves the factory (vendor's memory table, spec/lerobot.md §2.1), and with settings on top. */
import { type StsRegisterName, encodeRegister, sramStart, stsRegisters } from '#core/bus/feetech-registers.ts'

export type ServoSettings = Partial<Readonly<Record<StsRegisterName, number>>>

const factory: ServoSettings = {
  Firmware_Major_Version: 3,
  Firmware_Minor_Version: 10,
  Model_Number: 777,
  ID: 1,
  Baud_Rate: 0,
  Return_Delay_Time: 0,
  Response_Status_Level: 1,
  Min_Position_Limit: 0,
  Max_Position_Limit: 4095,
  Max_Temperature_Limit: 70,
  Max_Voltage_Limit: 80,
  Min_Voltage_Limit: 40,
  Max_Torque_Limit: 1000,
  Phase: 12,
  Unloading_Condition: 44,
  LED_Alarm_Condition: 47,
  P_Coefficient: 32,
  D_Coefficient: 32,
  I_Coefficient: 0,
  Minimum_Startup_Force: 16,
  CW_Dead_Zone: 1,
  CCW_Dead_Zone: 1,
  Protection_Current: 500,
  Homing_Offset: 0,
  Operating_Mode: 0,
  Protective_Torque: 20,
  Protection_Time: 200,
  Overload_Torque: 80,
  Over_Current_Protection_Time: 200,
}

/** The 40 EPROM bytes with `settings` written over the factory's. */
export function eprom(settings: ServoSettings = {}): Uint8Array {
  const bytes = new Uint8Array(sramStart)
  for (const [name, value] of Object.entries({ ...factory, ...settings })) {
    const register = stsRegisters[name as StsRegisterName]
    if (register.address < sramStart) bytes.set(encodeRegister(register, value), register.address)
  }
  return bytes
}
