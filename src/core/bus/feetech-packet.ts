/**
 * Feetech packets, bytes out: `FF FF ID LEN CODE PARAMS… CHK`, where LEN counts code, params and checksum, and
 * CHK = ~(ID + LEN + CODE + ΣPARAMS) & FF (spec/lerobot.md §2.1). CODE is the instruction on the way to a servo and
 * the error bits on the way back.
 */

export const feetechInstruction = {
  ping: 0x01,
  read: 0x02,
  write: 0x03,
  regWrite: 0x04,
  action: 0x05,
  syncRead: 0x82,
  syncWrite: 0x83,
} as const

/** Every servo listens to it; only PING and SYNC_READ are answered. */
export const broadcastId = 0xfe
/** Largest id a single servo can have. */
export const maxServoId = 252
/** Header, id, length, code and checksum around the parameters. */
export const packetOverhead = 6
/** LEN is one byte and 0xFF would read as a header, so a packet carries at most this many parameter bytes. */
export const maxParams = 0xfe - 2

/** Error bits of a status packet, the same as the Status register (65). */
export const feetechErrorBit = {
  voltage: 0x01,
  sensor: 0x02,
  temperature: 0x04,
  current: 0x08,
  angle: 0x10,
  overload: 0x20,
} as const

/** One servo's data in a sync write. */
export interface SyncWriteEntry {
  readonly id: number
  readonly data: ArrayLike<number>
}

/** A whole packet. @throws RangeError for an id above 0xFE, a code above 0xFF or too many parameters */
export function encodePacket(id: number, code: number, params: ArrayLike<number>): Uint8Array {
  if (!isByte(id) || id > broadcastId) throw new RangeError(`servo id ${id}`)
  if (!isByte(code)) throw new RangeError(`packet code ${code}`)
  if (params.length > maxParams) throw new RangeError(`${params.length} parameters do not fit a packet`)
  const packet = new Uint8Array(params.length + packetOverhead)
  packet.set([0xff, 0xff, id, params.length + 2, code])
  packet.set(params, 5)
  packet[packet.length - 1] = packetChecksum(packet, 0, packet.length)
  return packet
}

/** The checksum that the packet in `bytes[start, end)` should carry in its last byte. */
export function packetChecksum(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0
  for (let i = start + 2; i < end - 1; i += 1) sum += bytes[i] ?? 0
  return ~sum & 0xff
}

/** What a servo answers: its id, its error bits and the data asked for. */
export const encodeStatus = (id: number, errorBits: number, params: ArrayLike<number> = []): Uint8Array =>
  encodePacket(id, errorBits, params)

export const encodePing = (id: number): Uint8Array => encodePacket(id, feetechInstruction.ping, [])

export const encodeRead = (id: number, address: number, length: number): Uint8Array =>
  encodePacket(id, feetechInstruction.read, [address, length])

export const encodeWrite = (id: number, address: number, data: ArrayLike<number>): Uint8Array =>
  encodePacket(id, feetechInstruction.write, [address, ...Array.from(data)])

/** A write that waits for ACTION. */
export const encodeRegWrite = (id: number, address: number, data: ArrayLike<number>): Uint8Array =>
  encodePacket(id, feetechInstruction.regWrite, [address, ...Array.from(data)])

/** Executes waiting register writes, of all servos by default. */
export const encodeAction = (id: number = broadcastId): Uint8Array =>
  encodePacket(id, feetechInstruction.action, [])

/** One status per id comes back, in the order of `ids`. */
export const encodeSyncRead = (ids: readonly number[], address: number, length: number): Uint8Array =>
  encodePacket(broadcastId, feetechInstruction.syncRead, [address, length, ...ids])

/** Never answered. @throws RangeError when entries differ in length or there is none */
export function encodeSyncWrite(address: number, entries: readonly SyncWriteEntry[]): Uint8Array {
  const size = entries[0]?.data.length
  if (size === undefined || entries.some((entry) => entry.data.length !== size))
    throw new RangeError('a sync write needs entries of one length')
  const params = entries.flatMap((entry) => [entry.id, ...Array.from(entry.data)])
  return encodePacket(broadcastId, feetechInstruction.syncWrite, [address, size, ...params])
}

const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xff
