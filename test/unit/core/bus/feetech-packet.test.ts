import { describe, expect, it } from 'vitest'
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

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')

describe('Feetech packets', () => {
  it.each([
    ['a broadcast ping', encodePing(0xfe), 'FF FF FE 02 01 FE'],
    ['a ping', encodePing(1), 'FF FF 01 02 01 FB'],
    ['a read of the position', encodeRead(1, 0x38, 2), 'FF FF 01 04 02 38 02 BE'],
    ['a write of goal 2048', encodeWrite(1, 0x2a, [0x00, 0x08]), 'FF FF 01 05 03 2A 00 08 C4'],
    ['a waiting write', encodeRegWrite(1, 0x2a, [0x00, 0x08]), 'FF FF 01 05 04 2A 00 08 C3'],
    ['an action for all', encodeAction(), 'FF FF FE 02 05 FA'],
    ['a sync read', encodeSyncRead([1, 2], 0x38, 8), 'FF FF FE 06 82 38 08 01 02 36'],
    [
      'a sync write',
      encodeSyncWrite(0x2a, [
        { id: 1, data: [0x00, 0x08] },
        { id: 2, data: [0xff, 0x07] },
      ]),
      'FF FF FE 0A 83 2A 02 01 00 08 02 FF 07 37',
    ],
    ['a status with data', encodeStatus(1, 0x20, [0x18, 0x05]), 'FF FF 01 04 20 18 05 BD'],
    ['a bare status', encodeStatus(1, 0), 'FF FF 01 02 00 FC'],
  ])('writes %s byte for byte', (_name, packet, bytes) => {
    expect(hex(packet)).toBe(bytes)
  })

  it('takes the wire size that the bus arithmetic counts on: 14 bytes for six ids, 26 for six goals', () => {
    expect(encodeSyncRead([1, 2, 3, 4, 5, 6], 56, 15)).toHaveLength(14)
    expect(
      encodeSyncWrite(
        42,
        [1, 2, 3, 4, 5, 6].map((id) => ({ id, data: [0, 8] })),
      ),
    ).toHaveLength(26)
  })

  it('refuses ids, codes and data that no packet can carry', () => {
    expect(() => encodePing(0xff)).toThrow(RangeError)
    expect(() => encodePing(1.5)).toThrow(RangeError)
    expect(() => encodePacket(1, 256, [])).toThrow(RangeError)
    expect(() => encodePacket(1, 3, new Uint8Array(253))).toThrow(RangeError)
    expect(() => encodeSyncWrite(42, [])).toThrow(RangeError)
    expect(() =>
      encodeSyncWrite(42, [
        { id: 1, data: [0] },
        { id: 2, data: [0, 1] },
      ]),
    ).toThrow(RangeError)
  })
})
