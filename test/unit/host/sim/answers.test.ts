/** What drivers ask, packet by packet (spec/lerobot.md §2.10), and what the servos answer. */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import {
  encodeAction,
  encodePacket,
  encodePing,
  encodeRead,
  encodeRegWrite,
  encodeStatus,
  encodeSyncRead,
  encodeSyncWrite,
  encodeWrite,
} from '#core/bus/feetech-packet.ts'
import { hold, sixServos, stillServo, TestLine } from './wire.ts'

const broadcast = 0xfe

describe('servos on a line', () => {
  it('answer a PING with an empty status of their own id', () => {
    const line = new TestLine(sixServos())
    expect(line.ask(encodePing(4)).bytes).toEqual(encodeStatus(4, 0))
    expect(line.ask(encodePing(9)).bytes).toHaveLength(0)
  })

  it('tell model 777 and the same firmware, as the handshake wants', () => {
    const line = new TestLine(sixServos())
    for (const id of [1, 2, 3, 4, 5, 6]) {
      expect(line.get(id, 'Model_Number')).toBe(777)
      expect(line.get(id, 'Firmware_Major_Version')).toBe(line.get(1, 'Firmware_Major_Version'))
      expect(line.get(id, 'Firmware_Minor_Version')).toBe(line.get(1, 'Firmware_Minor_Version'))
    }
  })

  it('answer a broadcast PING one after the other, lowest id first', () => {
    const line = new TestLine([stillServo({ ID: 5 }), stillServo({ ID: 2 })])
    const heard = line.ask(Uint8Array.of(0xff, 0xff, 0xfe, 0x02, 0x01, 0xfe))
    expect(heard.packets.map((packet) => packet.id)).toEqual([2, 5])
  })

  it('answer a sync read in the order of the request, whoever is missing', () => {
    const line = new TestLine(sixServos())
    const heard = line.ask(encodeSyncRead([6, 1, 77, 3], 56, 2))
    expect(heard.packets.map((packet) => packet.id)).toEqual([6, 1, 3])
    expect(heard.packets.map((packet) => packet.params[0])).toEqual([2006 & 0xff, 2001 & 0xff, 2003 & 0xff])
  })

  it('take a sync write without a word', () => {
    const line = new TestLine(sixServos())
    const entries = [1, 2, 3, 4, 5, 6].map((id) => ({ id, data: [id, 4] }))
    expect(line.ask(encodeSyncWrite(42, entries)).bytes).toHaveLength(0)
    for (const { id } of entries) expect(line.get(id, 'Goal_Position')).toBe(id + 1024)
  })

  it('acknowledge a write, and say nothing to a broadcast one', () => {
    const line = new TestLine(sixServos())
    expect(line.set(3, 'Torque_Enable', 1)).toMatchObject({ id: 3, code: 0 })
    expect(line.ask(encodeWrite(broadcast, 41, [50])).bytes).toHaveLength(0)
    expect(line.get(6, 'Acceleration')).toBe(50)
  })

  it('keep a REG WRITE until ACTION', () => {
    const line = new TestLine(sixServos())
    expect(line.ask(encodeRegWrite(2, 42, [0, 8])).packets).toHaveLength(1)
    expect(line.get(2, 'Goal_Position')).toBe(2002)
    expect(line.ask(encodeRead(2, 64, 1)).packets[0]?.params[0]).toBe(1)
    expect(line.ask(encodeAction()).bytes).toHaveLength(0)
    expect(line.get(2, 'Goal_Position')).toBe(2048)
    expect(line.ask(encodeRead(2, 64, 1)).packets[0]?.params[0]).toBe(0)
  })

  it('answer PING and READ only at Response_Status_Level 0', () => {
    const line = new TestLine([stillServo()])
    line.set(1, 'Response_Status_Level', 0)
    expect(line.set(1, 'Torque_Enable', 1)).toBeUndefined()
    expect(line.get(1, 'Torque_Enable')).toBe(1)
    expect(line.ask(encodePing(1)).packets).toHaveLength(1)
  })

  it('take a new id behind a status that carries the old one', () => {
    const line = new TestLine([stillServo()])
    expect(line.set(1, 'ID', 6)?.id).toBe(1)
    expect(line.ask(encodePing(1)).bytes).toHaveLength(0)
    expect(line.ask(encodePing(6)).packets[0]?.id).toBe(6)
  })

  it('take a new speed behind a status at the old one', () => {
    const line = new TestLine([stillServo()])
    expect(line.set(1, 'Baud_Rate', 4)?.id).toBe(1)
    expect(line.ask(encodePing(1)).bytes).toHaveLength(0)
    expect(line.ask(encodePing(1), 115_200).packets).toHaveLength(1)
  })

  it('carry the status bits in every reply', () => {
    const servo = stillServo()
    servo.motor.heldTemperatureC = 90
    hold(servo, 0.01)
    const line = new TestLine([servo])
    expect(line.ask(encodePing(1)).packets[0]?.code).toBe(0x04)
    expect(line.ask(encodeSyncRead([1], 56, 2)).packets[0]?.code).toBe(0x04)
    expect(line.get(1, 'Status')).toBe(0x04)
  })

  it('look like one servo when equal factory servos share an id, and garbled when they differ', () => {
    const twins = new TestLine([stillServo(), stillServo()])
    expect(twins.ask(encodePing(1)).bytes).toEqual(encodeStatus(1, 0))
    const different = new TestLine([stillServo({}, 1234), stillServo({}, 3001)])
    const heard = different.ask(encodeRead(1, 56, 2))
    expect(heard.bytes.length).toBeGreaterThan(0)
    expect(heard.packets).toHaveLength(0)
  })

  it('come back from a REBOOT with SRAM at its defaults, and from a factory reset with their id', () => {
    const line = new TestLine([stillServo({ ID: 3, P_Coefficient: 16 })])
    line.set(3, 'Torque_Enable', 1)
    line.ask(encodePacket(3, 0x08, []))
    expect(line.get(3, 'Torque_Enable')).toBe(0)
    expect(line.get(3, 'P_Coefficient')).toBe(16)
    line.ask(encodePacket(3, 0x06, []))
    expect(line.get(3, 'P_Coefficient')).toBe(32)
  })

  it('never answer, and never fail, on bytes that are no packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const line = new TestLine(sixServos())
        // A header with a plausible length would rightly wait for its rest; what follows must still be heard after a pause.
        line.ask(noise)
        line.nowUs += 50_000
        expect(line.ask(encodePing(2)).packets.some((packet) => packet.id === 2)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('read back every writable block that was written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 9, max: 39 }),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        (address, data) => {
          const line = new TestLine([stillServo()])
          const block = data.subarray(0, 40 - address)
          line.ask(encodeWrite(1, address, block))
          expect([...(line.ask(encodeRead(1, address, block.length)).packets[0]?.params ?? [])]).toEqual([
            ...block,
          ])
        },
      ),
    )
  })
})
