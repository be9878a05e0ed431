import { describe, expect, it } from 'vitest'
import { FeetechDecoder } from '#core/bus/feetech-decoder.ts'
import { parseInstruction, type FeetechInstruction } from '#core/bus/feetech-instruction.ts'
import {
  encodeAction,
  encodePacket,
  encodePing,
  encodeRead,
  encodeRegWrite,
  encodeSyncRead,
  encodeSyncWrite,
  encodeWrite,
} from '#core/bus/feetech-packet.ts'

const parse = (bytes: Uint8Array): FeetechInstruction | null => {
  const [packet] = new FeetechDecoder().push(bytes)
  if (packet === undefined) throw new Error('no packet')
  return parseInstruction(packet)
}

describe('what a servo understands', () => {
  it.each<[FeetechInstruction['kind'], Uint8Array, FeetechInstruction]>([
    ['ping', encodePing(4), { kind: 'ping', id: 4 }],
    ['read', encodeRead(4, 56, 15), { kind: 'read', id: 4, address: 56, length: 15 }],
    ['write', encodeWrite(4, 42, [0, 8]), { kind: 'write', id: 4, address: 42, data: Uint8Array.of(0, 8) }],
    [
      'regWrite',
      encodeRegWrite(4, 40, [1]),
      { kind: 'regWrite', id: 4, address: 40, data: Uint8Array.of(1) },
    ],
    ['action', encodeAction(), { kind: 'action', id: 0xfe }],
    ['syncRead', encodeSyncRead([3, 1], 56, 2), { kind: 'syncRead', ids: [3, 1], address: 56, length: 2 }],
    [
      'syncWrite',
      encodeSyncWrite(42, [
        { id: 3, data: [1, 2] },
        { id: 1, data: [3, 4] },
      ]),
      {
        kind: 'syncWrite',
        address: 42,
        entries: [
          { id: 3, data: Uint8Array.of(1, 2) },
          { id: 1, data: Uint8Array.of(3, 4) },
        ],
      },
    ],
  ])('%s, as the host writes it', (_kind, bytes, instruction) => {
    expect(parse(bytes)).toEqual(instruction)
  })

  it.each([
    ['an unknown instruction', encodePacket(1, 0x55, [])],
    ['a read without a length', encodePacket(1, 2, [56])],
    ['a write without data', encodePacket(1, 3, [42])],
    ['a sync read of nobody', encodePacket(0xfe, 0x82, [56, 2])],
    ['a sync write with a torn entry', encodePacket(0xfe, 0x83, [42, 2, 1, 0])],
    ['a sync write of nothing', encodePacket(0xfe, 0x83, [42, 2])],
    ['a sync write of size zero', encodePacket(0xfe, 0x83, [42, 0, 1])],
    ['a sync write without a size', encodePacket(0xfe, 0x83, [42])],
  ])('makes nothing of %s', (_name, bytes) => {
    expect(parse(bytes)).toBeNull()
  })
})
