/** Appends big-endian numbers and bytes to a growing buffer, and nests mp4 boxes whose sizes are filled in when they end. */
export class ByteWriter {
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** Makes room, and gives where. May replace the view: ask for it afterwards. */
  #grow(count: number): number {
    const at = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length))
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }

  u8(...values: number[]): this {
    for (const value of values) {
      const at = this.#grow(1)
      this.#view.setUint8(at, value)
    }
    return this
  }

  u16(...values: number[]): this {
    for (const value of values) {
      const at = this.#grow(2)
      this.#view.setUint16(at, value)
    }
    return this
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const at = this.#grow(4)
      this.#view.setUint32(at, value)
    }
    return this
  }

  /** Whole numbers up to 2^53, in eight bytes. */
  u64(value: number): this {
    const at = this.#grow(8)
    this.#view.setBigUint64(at, BigInt(value))
    return this
  }

  bytes(values: Uint8Array): this {
    const at = this.#grow(values.length)
    this.#bytes.set(values, at)
    return this
  }

  zeros(count: number): this {
    this.#grow(count)
    return this
  }

  /** ASCII only. */
  text(value: string): this {
    for (const char of value) this.u8(char.charCodeAt(0))
    return this
  }

  /** An mp4 box: its size, its four-letter type, and what `write` adds. */
  box(type: string, write: () => void): this {
    const at = this.#grow(4)
    this.text(type)
    write()
    this.#view.setUint32(at, this.#length - at)
    return this
  }

  /** A box with a version and flags. */
  fullBox(type: string, version: number, flags: number, write: () => void): this {
    return this.box(type, () => {
      this.u32(version * 0x1000000 + flags)
      write()
    })
  }
}
