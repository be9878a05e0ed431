/**
 * H.264 access units as encoders deliver them (Annex B or length-prefixed) turned into mp4 samples: length-prefixed NAL
 * units with the parameter sets taken out, and those sets as an `avcC` record (ISO/IEC 14496-15 §5.3.3).
 */
import { fail, ok, type Result } from '../result.ts'
import { BitReader } from './bit-reader.ts'

const nalType = { slice: 1, idr: 5, sps: 7, pps: 8, accessUnitDelimiter: 9 } as const

export interface AccessUnit {
  /** Slices and messages, each with a four-byte length: the bytes of one mp4 sample. */
  readonly sample: Uint8Array
  readonly isIdr: boolean
  readonly sps: Uint8Array | null
  readonly pps: Uint8Array | null
}

/** Splits an Annex B byte stream at its start codes. */
function splitAnnexB(data: Uint8Array): Uint8Array[] {
  const starts: { readonly code: number; readonly nal: number }[] = []
  for (let i = 0; i + 2 < data.length; i += 1) {
    if (data[i] !== 0 || data[i + 1] !== 0 || data[i + 2] !== 1) continue
    starts.push({ code: i > 0 && data[i - 1] === 0 ? i - 1 : i, nal: i + 3 })
    i += 2
  }
  return starts.map(({ nal }, i) => trimZeros(data.subarray(nal, starts[i + 1]?.code ?? data.length)))
}

function trimZeros(nal: Uint8Array): Uint8Array {
  let end = nal.length
  while (end > 0 && nal[end - 1] === 0) end -= 1
  return nal.subarray(0, end)
}

function splitLengthPrefixed(data: Uint8Array): Uint8Array[] | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const nals: Uint8Array[] = []
  let at = 0
  while (at + 4 <= data.length) {
    const length = view.getUint32(at)
    at += 4
    if (length === 0 || at + length > data.length) return null
    nals.push(data.subarray(at, at + length))
    at += length
  }
  return at === data.length ? nals : null
}

const beginsWithStartCode = (d: Uint8Array): boolean =>
  d[0] === 0 && d[1] === 0 && (d[2] === 1 || (d[2] === 0 && d[3] === 1))

/** Reads one access unit. Code `capture/encoder` when the bytes are neither form, or hold no slice. */
export function parseAccessUnit(data: Uint8Array): Result<AccessUnit> {
  const lengthPrefixed = splitLengthPrefixed(data)
  const nals = lengthPrefixed ?? (beginsWithStartCode(data) ? splitAnnexB(data) : null)
  if (nals === null)
    return fail('capture/encoder', 'a video chunk is neither Annex B nor length-prefixed H.264')
  let sps: Uint8Array | null = null
  let pps: Uint8Array | null = null
  let isIdr = false
  const kept: Uint8Array[] = []
  let hasSlice = false
  for (const nal of nals) {
    const type = (nal[0] ?? 0) & 31
    if (type === nalType.sps) sps = nal
    else if (type === nalType.pps) pps = nal
    else if (type !== nalType.accessUnitDelimiter) {
      kept.push(nal)
      isIdr ||= type === nalType.idr
      hasSlice ||= type >= nalType.slice && type <= nalType.idr
    }
  }
  if (!hasSlice) return fail('capture/encoder', 'a video chunk holds no picture')
  const sample = new Uint8Array(kept.reduce((sum, nal) => sum + 4 + nal.length, 0))
  const view = new DataView(sample.buffer)
  let at = 0
  for (const nal of kept) {
    view.setUint32(at, nal.length)
    sample.set(nal, at + 4)
    at += 4 + nal.length
  }
  return ok({ sample, isIdr, sps, pps })
}

export interface SpsInfo {
  readonly profile: number
  readonly compatibility: number
  readonly level: number
  readonly chromaFormat: number
  readonly bitDepthLumaMinus8: number
  readonly bitDepthChromaMinus8: number
  readonly width: number
  readonly height: number
}

const profilesWithChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** Reads what an `avcC` record and a size check need from a sequence parameter set (H.264 §7.3.2.1). */
export function parseSps(sps: Uint8Array): SpsInfo {
  const r = new BitReader(sps)
  const profile = r.bits(8)
  const compatibility = r.bits(8)
  const level = r.bits(8)
  r.unsigned()
  let chromaFormat = 1
  let bitDepthLumaMinus8 = 0
  let bitDepthChromaMinus8 = 0
  if (profilesWithChroma.has(profile)) {
    chromaFormat = r.unsigned()
    if (chromaFormat === 3) r.bits(1)
    bitDepthLumaMinus8 = r.unsigned()
    bitDepthChromaMinus8 = r.unsigned()
    r.bits(1)
    if (r.bits(1) === 1) skipScalingLists(r, chromaFormat === 3 ? 12 : 8)
  }
  r.unsigned()
  skipPictureOrder(r)
  r.unsigned()
  r.bits(1)
  const widthInMacroblocks = r.unsigned() + 1
  const heightInMapUnits = r.unsigned() + 1
  const isFrameOnly = r.bits(1)
  if (isFrameOnly === 0) r.bits(1)
  r.bits(1)
  const crop = r.bits(1) === 1 ? [r.unsigned(), r.unsigned(), r.unsigned(), r.unsigned()] : [0, 0, 0, 0]
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1
  const cropY = (chromaFormat === 1 ? 2 : 1) * (2 - isFrameOnly)
  return {
    profile,
    compatibility,
    level,
    chromaFormat,
    bitDepthLumaMinus8,
    bitDepthChromaMinus8,
    width: widthInMacroblocks * 16 - cropX * (left + right),
    height: (2 - isFrameOnly) * heightInMapUnits * 16 - cropY * (top + bottom),
  }
}

function skipScalingLists(r: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (r.bits(1) === 0) continue
    let last = 8
    let next = 8
    for (let i = 0; i < (list < 6 ? 16 : 64); i += 1) {
      if (next !== 0) next = (last + r.signed() + 256) % 256
      if (next !== 0) last = next
    }
  }
}

function skipPictureOrder(r: BitReader): void {
  const type = r.unsigned()
  if (type === 0) r.unsigned()
  else if (type === 1) {
    r.bits(1)
    r.signed()
    r.signed()
    const cycle = r.unsigned()
    for (let i = 0; i < cycle; i += 1) r.signed()
  }
}

/** Baseline, main, extended: their record ends after the parameter sets. */
const profilesWithoutExtension = new Set([66, 77, 88])

/** The decoder configuration record for one SPS and one PPS, four-byte lengths. */
export function avcConfig(sps: Uint8Array, pps: Uint8Array): Uint8Array {
  const info = parseSps(sps)
  const header = [1, info.profile, info.compatibility, info.level, 0xff, 0xe1]
  const extension = !profilesWithoutExtension.has(info.profile)
    ? [0xfc | info.chromaFormat, 0xf8 | info.bitDepthLumaMinus8, 0xf8 | info.bitDepthChromaMinus8, 0]
    : []
  return Uint8Array.from([
    ...header,
    sps.length >> 8,
    sps.length & 255,
    ...sps,
    1,
    pps.length >> 8,
    pps.length & 255,
    ...pps,
    ...extension,
  ])
}

/** The parameter sets in an `avcC` record (WebCodecs' `description`); code `capture/encoder` when it is none. */
export function parseAvcConfig(
  config: Uint8Array,
): Result<{ readonly sps: Uint8Array; readonly pps: Uint8Array }> {
  const view = new DataView(config.buffer, config.byteOffset, config.byteLength)
  const bad = fail('capture/encoder', 'the decoder configuration is no avcC record with one SPS and one PPS')
  if (config.length < 8 || config[0] !== 1 || ((config[4] ?? 0) & 3) !== 3 || ((config[5] ?? 0) & 31) < 1)
    return bad
  const spsLength = view.getUint16(6)
  const ppsAt = 8 + spsLength
  if (ppsAt + 3 > config.length || (config[ppsAt] ?? 0) < 1) return bad
  const ppsLength = view.getUint16(ppsAt + 1)
  if (ppsAt + 3 + ppsLength > config.length) return bad
  return ok({ sps: config.subarray(8, ppsAt), pps: config.subarray(ppsAt + 3, ppsAt + 3 + ppsLength) })
}
