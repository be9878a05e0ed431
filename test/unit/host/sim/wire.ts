/** A line to talk to in tests: sends packets to simulated servos and decodes what comes back, in pure time. */
import { FeetechDecoder, type FeetechPacket } from '#core/bus/feetech-decoder.ts'
import { encodeRead, encodeWrite } from '#core/bus/feetech-packet.ts'
import {
  decodeRegister,
  encodeRegister,
  type StsRegisterName,
  stsRegisters,
} from '#core/bus/feetech-registers.ts'
import { VirtualBus } from '#host/sim/bus/virtual-bus.ts'
import { WireFaults } from '#host/sim/bus/wire-faults.ts'
import { seededRandom } from '#host/sim/random.ts'
import { eprom, type ServoSettings } from '#host/sim/servo/factory.ts'
import { Sts3215 } from '#host/sim/servo/sts3215.ts'

export const baud = 1_000_000

export interface Heard {
  readonly packets: readonly FeetechPacket[]
  readonly bytes: Uint8Array
  /** From the last byte handed over to the last byte received. */
  readonly waitUs: number
}

export class TestLine {
  readonly faults = new WireFaults(seededRandom(7))
  readonly bus: VirtualBus
  nowUs = 1_000_000

  constructor(servos: readonly Sts3215[]) {
    this.bus = new VirtualBus(servos, this.faults)
  }

  ask(bytes: Uint8Array, speed = baud): Heard {
    const sentUs = this.nowUs
    this.bus.receive(bytes, sentUs, speed)
    const parts: Uint8Array[] = []
    for (let dueUs = this.bus.nextDueUs(); dueUs !== null; dueUs = this.bus.nextDueUs()) {
      this.nowUs = dueUs
      parts.push(...this.bus.takeDue(dueUs))
    }
    const heard = Uint8Array.from(parts.flatMap((part) => [...part]))
    const waitUs = this.nowUs - sentUs
    this.nowUs += 1000
    return { packets: new FeetechDecoder().push(heard), bytes: heard, waitUs }
  }

  /** A register as a host reads it. */
  get(id: number, name: StsRegisterName): number {
    const register = stsRegisters[name]
    const [packet] = this.ask(encodeRead(id, register.address, register.size)).packets
    if (packet === undefined) throw new Error(`servo ${id} did not answer`)
    return decodeRegister(register, packet.params, register.address)
  }

  set(id: number, name: StsRegisterName, value: number): FeetechPacket | undefined {
    const register = stsRegisters[name]
    return this.ask(encodeWrite(id, register.address, encodeRegister(register, value))).packets[0]
  }
}

/** Servos that stand still at joint angle 0, with the encoder at `mountStep`. */
export function stillServo(settings: ServoSettings = {}, mountStep = 2047): Sts3215 {
  const servo = new Sts3215({ eprom: eprom(settings), mountStep })
  servo.place({ positionRad: 0, velocityRadPerS: 0, voltageV: 7.4 })
  return servo
}

export const sixServos = (): Sts3215[] => [1, 2, 3, 4, 5, 6].map((id) => stillServo({ ID: id }, 2000 + id))

/** Steps a servo whose joint is held still. */
export function hold(
  servo: Sts3215,
  seconds: number,
  joint: { positionRad?: number; voltageV?: number } = {},
): void {
  const state = { positionRad: joint.positionRad ?? 0, velocityRadPerS: 0, voltageV: joint.voltageV ?? 7.4 }
  for (let step = 0; step < seconds * 500; step += 1) servo.step(state, 0.002)
}
