import { describe, expect, it } from 'vitest'
import { bitrateFor, candidateConfigs, EncoderChoice, levelFor } from '#renderer/capture/encoder-config.ts'

const vga = { width: 640, height: 480, fps: 30 }

describe('the H.264 level', () => {
  it('is the lowest that allows size and rate', () => {
    expect(levelFor({ width: 320, height: 240, fps: 30 })).toBe(21)
    expect(levelFor(vga)).toBe(30)
    expect(levelFor({ width: 640, height: 480, fps: 60 })).toBe(31)
    expect(levelFor({ width: 1280, height: 720, fps: 30 })).toBe(31)
    expect(levelFor({ width: 1920, height: 1080, fps: 30 })).toBe(40)
    expect(levelFor({ width: 16_000, height: 16_000, fps: 30 })).toBeNull()
  })
})

describe('the choice of an encoder', () => {
  it('asks for length-prefixed, low-latency H.264 and prefers the plainest profile', () => {
    const [first] = candidateConfigs(vga)
    expect(first).toMatchObject({ codec: 'avc1.42E01E', latencyMode: 'realtime', avc: { format: 'avc' } })
    expect(new Set(candidateConfigs(vga).map((config) => config.codec)).size).toBe(4)
  })

  it('takes the first that the browser accepts, also when others make it throw', async () => {
    const choice = new EncoderChoice(async (config) => {
      if (config.codec.startsWith('avc1.42')) throw new TypeError('unknown')
      return { supported: config.codec.startsWith('avc1.64'), config }
    })
    const chosen = await choice.choose(vga)
    expect(chosen.ok && chosen.value.codec).toBe('avc1.64001E')
  })

  it('is a fault that names the size when there is none', async () => {
    const choice = new EncoderChoice(async (config) => ({ supported: false, config }))
    expect(await choice.choose(vga)).toMatchObject({
      ok: false,
      error: { code: 'capture/encoder', data: { width: 640 } },
    })
  })

  it('refuses odd sizes without asking', async () => {
    const asked: VideoEncoderConfig[] = []
    const choice = new EncoderChoice(async (config) => {
      asked.push(config)
      return { supported: true, config }
    })
    expect((await choice.choose({ ...vga, width: 641 })).ok).toBe(false)
    expect(asked).toEqual([])
  })

  it('asks once per format', async () => {
    let asked = 0
    const choice = new EncoderChoice(async (config) => {
      asked += 1
      return { supported: true, config }
    })
    await Promise.all([choice.choose(vga), choice.choose(vga)])
    await choice.choose({ ...vga, fps: 15 })
    expect(asked).toBe(2)
  })
})

describe('the bit rate', () => {
  it('grows with the picture, but by less than its pixels', () => {
    const small = bitrateFor({ width: 320, height: 240, fps: 30 })
    const large = bitrateFor(vga)
    expect(large).toBeGreaterThan(small)
    expect(large).toBeLessThan(4 * small)
  })
})
