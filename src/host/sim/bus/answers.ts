/**
 * What the servos on a line answer to one packet (spec/lerobot.md §2.1, §2.10): replies in the order they go out. A status
 * carries the id and the speed that the servo had when it was asked; the write takes effect behind it.
 */
import type { FeetechPacket } from '#core/bus/feetech-decoder.ts'
import { type FeetechInstruction, parseInstruction } from '#core/bus/feetech-instruction.ts'
import { broadcastId, encodeStatus, maxParams, packetOverhead } from '#core/bus/feetech-packet.ts'
import { unreachable } from '#core/result.ts'
import type { Sts3215 } from '../servo/sts3215.ts'

/** Vendor instructions outside the common set: neither is part of the table that drivers use every day. */
const reboot = 0x08
const factoryReset = 0x06

export interface Answer {
  readonly servo: Sts3215
  readonly bytes: Uint8Array
  /** The servo's own wait before it answers. */
  readonly delayUs: number
  /** Bytes of line time after the request that it lets pass first. */
  readonly slotBytes: number
}

/** Executes the packet on every servo that hears it. */
export function answersTo(packet: FeetechPacket, servos: readonly Sts3215[], baud: number): Answer[] {
  const hearing = servos.filter((servo) => servo.baud === baud && !servo.isSilent)
  const addressed = hearing.filter((servo) => servo.id === packet.id || packet.id === broadcastId)
  if (packet.code === reboot || packet.code === factoryReset) {
    const isReset = packet.code === factoryReset
    return collide(addressed.flatMap((servo) => acknowledged(servo, packet.id, () => servo.restart(isReset))))
  }
  const instruction = parseInstruction(packet)
  return instruction === null ? [] : execute(instruction, hearing, addressed)
}

function execute(
  instruction: FeetechInstruction,
  hearing: readonly Sts3215[],
  addressed: readonly Sts3215[],
): Answer[] {
  switch (instruction.kind) {
    case 'ping': {
      const isBroadcast = instruction.id === broadcastId
      const inTurn = [...addressed].sort((a, b) => a.id - b.id)
      return collide(inTurn.map((servo) => status(servo, [], isBroadcast ? servo.id * packetOverhead : 0)))
    }
    case 'read':
      if (instruction.id === broadcastId || instruction.length > maxParams) return []
      return collide(
        addressed.map((servo) => status(servo, servo.read(instruction.address, instruction.length))),
      )
    case 'write':
      return collide(
        addressed.flatMap((servo) =>
          acknowledged(servo, instruction.id, () => servo.write(instruction.address, instruction.data)),
        ),
      )
    case 'regWrite':
      return collide(
        addressed.flatMap((servo) =>
          acknowledged(servo, instruction.id, () => servo.regWrite(instruction.address, instruction.data)),
        ),
      )
    case 'action':
      return collide(addressed.flatMap((servo) => acknowledged(servo, instruction.id, () => servo.action())))
    case 'syncRead':
      if (instruction.length > maxParams) return []
      return instruction.ids.flatMap((id) =>
        collide(
          hearing
            .filter((servo) => servo.id === id)
            .map((servo) => status(servo, servo.read(instruction.address, instruction.length))),
        ),
      )
    case 'syncWrite':
      for (const { id, data } of instruction.entries)
        for (const servo of hearing) if (servo.id === id) servo.write(instruction.address, data)
      return []
    default:
      return unreachable(instruction)
  }
}

const status = (servo: Sts3215, params: ArrayLike<number>, slotBytes = 0): Answer => ({
  servo,
  bytes: encodeStatus(servo.id, servo.statusBits, params),
  delayUs: servo.returnDelayUs,
  slotBytes,
})

/** The answer is made before the effect, so that it carries the old id, delay and speed. */
function acknowledged(servo: Sts3215, askedId: number, effect: () => void): Answer[] {
  const answer = status(servo, [])
  const isAnswered = servo.answersWrites && askedId !== broadcastId
  effect()
  return isAnswered ? [answer] : []
}

/**
 * Servos with the same id talk at the same time. The line is pulled low by any of them, so equal answers look like one and
 * unequal ones are garbled.
 */
function collide(answers: readonly Answer[]): Answer[] {
  const byId = new Map<number, Answer>()
  for (const answer of answers) {
    const id = answer.bytes[2] ?? 0
    const other = byId.get(id)
    if (other === undefined) byId.set(id, answer)
    else {
      const length = Math.max(other.bytes.length, answer.bytes.length)
      const bytes = Uint8Array.from(
        { length },
        (_, i) => (other.bytes[i] ?? 0xff) & (answer.bytes[i] ?? 0xff),
      )
      byId.set(id, { ...other, bytes, delayUs: Math.max(other.delayUs, answer.delayUs) })
    }
  }
  return [...byId.values()]
}
