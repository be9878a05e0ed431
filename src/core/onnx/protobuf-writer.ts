/**
 * Protobuf wire format, writing side: varints, fixed 32-bit floats and length-delimited fields in one growing buffer.
 * Nested messages are sized by writing them and moving the bytes, so no message is encoded twice.
 */

import { encodeUtf8 } from './utf8.ts'

/** Bytes of a length prefix kept free before a nested message: enough for 2^28 bytes; longer ones are shifted further. */
const reservedLengthBytes = 4

const varintLength = (value: number): number => {
  let length = 1
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) length++
  return length
}

export class ProtobufWriter {
  private buffer = new Uint8Array(1024)
  private end = 0

  /** The bytes written so far, in an array of their own. */
  toBytes(): Uint8Array {
    return this.buffer.slice(0, this.end)
  }

  varintField(number: number, value: number): void {
    this.tag(number, 0)
    this.varint(value)
  }

  floatField(number: number, value: number): void {
    this.tag(number, 5)
    this.reserve(4)
    new DataView(this.buffer.buffer).setFloat32(this.end, value, true)
    this.end += 4
  }

  stringField(number: number, value: string): void {
    if (!this.asciiField(number, value)) this.bytesField(number, encodeUtf8(value))
  }

  bytesField(number: number, value: Uint8Array): void {
    this.tag(number, 2)
    this.varint(value.length)
    this.reserve(value.length)
    this.buffer.set(value, this.end)
    this.end += value.length
  }

  /** A nested message: `write` puts its fields, the length prefix is set afterwards. */
  messageField(number: number, write: () => void): void {
    this.tag(number, 2)
    this.reserve(reservedLengthBytes)
    const lengthAt = this.end
    const bodyAt = lengthAt + reservedLengthBytes
    this.end = bodyAt
    write()
    const length = this.end - bodyAt
    const prefix = varintLength(length)
    if (prefix > reservedLengthBytes) this.reserve(prefix - reservedLengthBytes)
    this.buffer.copyWithin(lengthAt + prefix, bodyAt, this.end)
    this.end = lengthAt
    this.varint(length)
    this.end += length
  }

  /** Names are ASCII and there are tens of thousands of them; false, with nothing written, for any other text. */
  private asciiField(number: number, value: string): boolean {
    const start = this.end
    this.tag(number, 2)
    this.varint(value.length)
    this.reserve(value.length)
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index)
      if (unit > 127) {
        this.end = start
        return false
      }
      this.buffer[this.end++] = unit
    }
    return true
  }

  private tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType)
  }

  private varint(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer: ${value}`)
    this.reserve(10)
    if (value < 0) return this.negativeVarint(value)
    let rest = value
    while (rest > 127) {
      this.buffer[this.end++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.buffer[this.end++] = rest
  }

  /** Negative integers are sent as the 64-bit two's complement, always ten bytes. */
  private negativeVarint(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(value))
    while (rest > 127n) {
      this.buffer[this.end++] = Number(rest & 127n) | 128
      rest >>= 7n
    }
    this.buffer[this.end++] = Number(rest)
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.end + bytes))
    larger.set(this.buffer.subarray(0, this.end))
    this.buffer = larger
  }
}
