import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { faultDetails, faultText } from '#renderer/i18n/faults.ts'
import type { ByteReader, LibraryFile } from '#renderer/video/library-source.ts'
import { openVideoFile } from '#renderer/video/video-file.ts'

const recorded = readFileSync(join(import.meta.dirname, '../../../fixtures/datasets/so101-h264/front.mp4'))

const reader = (bytes: Uint8Array): ByteReader => ({
  readBytes: async ({ offset, length }) => new Uint8Array(bytes.subarray(offset, offset + length)),
})
const place = (bytes: Uint8Array): LibraryFile => ({ dir: '/d', file: 'v.mp4', sizeBytes: bytes.length })

/** The file with the name of its codec replaced, as LeRobot's older datasets have one that no browser plays. */
function renamed(codec: string): Uint8Array {
  const bytes = Uint8Array.from(recorded)
  const text = Buffer.from(bytes.buffer)
  const at = text.lastIndexOf('avc1', text.indexOf('avcC'))
  text.write(codec, at, 'latin1')
  return bytes
}

const canPlay = (supported: boolean): void =>
  void vi.stubGlobal('VideoDecoder', { isConfigSupported: async () => ({ supported }) })
afterEach(() => void vi.unstubAllGlobals())

describe('a video file', () => {
  it('that this browser plays is opened', async () => {
    canPlay(true)
    expect(await openVideoFile(reader(recorded), place(recorded))).toMatchObject({ ok: true })
  })

  it('whose codec this browser lacks is unplayable, not damaged, and the codec is named', async () => {
    canPlay(false)
    expect(await openVideoFile(reader(recorded), place(recorded))).toMatchObject({
      error: { code: 'dataset/unplayable', data: { codec: expect.stringMatching(/^avc1\./u) } },
    })
  })

  it('whose codec has no name in a browser is unplayable by the name that the file gives it', async () => {
    canPlay(true)
    const bytes = renamed('mp4v')
    const opened = await openVideoFile(reader(bytes), place(bytes))
    if (opened.ok) throw new Error('opened')
    expect(opened.error.code).toBe('dataset/unplayable')
    expect(faultDetails(opened.error)[0]).toBe('mp4v')
    expect(faultText(opened.error.code, 'en').todo).toContain('H.264')
  })

  it('that is none is damaged', async () => {
    canPlay(true)
    const bytes = new Uint8Array(5000).fill(7)
    expect(await openVideoFile(reader(bytes), place(bytes))).toMatchObject({
      error: { code: 'dataset/damaged' },
    })
  })
})
