/** Reads bits and Exp-Golomb codes from an H.264 NAL unit's payload, skipping emulation prevention bytes (H.264 §7.3.1, §9.1). */
export class BitReader {
  readonly #bytes: Uint8Array
  #bit = 0

  /** `nal`: the unit without its start code or length; the one-byte header is skipped. */
  constructor(nal: Uint8Array) {
    const payload: number[] = []
    for (let i = 1; i < nal.length; i += 1) {
      const isEmulation = i >= 3 && nal[i] === 3 && nal[i - 1] === 0 && nal[i - 2] === 0
      if (!isEmulation) payload.push(nal[i] ?? 0)
    }
    this.#bytes = Uint8Array.from(payload)
  }

  /** `count` bits, most significant first. Zeros past the end. */
  bits(count: number): number {
    let value = 0
    for (let i = 0; i < count; i += 1) {
      const byte = this.#bytes[this.#bit >> 3] ?? 0
      value = value * 2 + ((byte >> (7 - (this.#bit & 7))) & 1)
      this.#bit += 1
    }
    return value
  }

  /** ue(v). */
  unsigned(): number {
    let zeros = 0
    while (zeros < 32 && this.bits(1) === 0) zeros += 1
    return 2 ** zeros - 1 + this.bits(zeros)
  }

  /** se(v). */
  signed(): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
}
