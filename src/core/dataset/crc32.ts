/** CRC-32 as in zlib and Ethernet (polynomial 0xEDB88320, reflected), to tell written journal records from torn ones. */
const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k += 1) c = (c & 1) === 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  return c >>> 0
})

/** Checksum of `bytes`, unsigned 32 bit. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffff_ffff
  for (const byte of bytes) c = (c >>> 8) ^ (table[(c ^ byte) & 255] ?? 0)
  return (c ^ 0xffff_ffff) >>> 0
}
