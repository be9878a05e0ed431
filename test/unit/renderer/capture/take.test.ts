import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SinkWriter } from '#contract/rpc/types.ts'
import type { VideoItem } from '#contract/services/record.ts'
import { FaultError, ok, fail, type Fault } from '#core/result.ts'
import type { Picture } from '#renderer/capture/camera-source.ts'
import { Take, type StartOrder } from '#renderer/capture/take.ts'
import { FakeVideoEncoder, FakeVideoFrame, stubWebCodecs } from './fake-web-codecs.ts'

const periodUs = 1_000_000 / 30
const t0Us = 10_000_000
const order: StartOrder = {
  kind: 'start',
  takeId: 'take',
  t0Us,
  fps: 30,
  cameras: ['front', 'top'].map((name) => ({ name, width: 320, height: 240 })),
  keyInterval: 2,
}

const picture = (captureUs: number): Picture => ({
  frame: new FakeVideoFrame(null) as unknown as VideoFrame,
  captureUs,
  uncertaintyUs: 50,
})

interface Sink {
  readonly camera: string
  readonly items: VideoItem[]
  isClosed: boolean
}

/** Lets every promise that can settle do so; no time passes. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setImmediate(done))
}

describe('Take', () => {
  let sinks: Sink[]
  let faults: [string, Fault][]
  let overs: number
  let refusal: Fault | null
  let unanswered: (() => void)[]
  let isRecorderSilent: boolean

  beforeEach(() => {
    stubWebCodecs()
    sinks = []
    faults = []
    overs = 0
    refusal = null
    unanswered = []
    isRecorderSilent = false
  })
  afterEach(() => vi.unstubAllGlobals())

  const openSink = (camera: string): SinkWriter<VideoItem> => {
    const sink: Sink = { camera, items: [], isClosed: false }
    sinks.push(sink)
    return {
      write: async (item) => {
        if (refusal !== null) throw new FaultError(refusal)
        sink.items.push(item)
        if (isRecorderSilent) await new Promise<void>((done) => unanswered.push(done))
      },
      close: async () => {
        sink.isClosed = true
      },
    }
  }
  const begin = async (recent: readonly Picture[] = [], isEncoderMissing = false): Promise<Take> => {
    const take = new Take(order, {
      openSink: ({ camera }) => openSink(camera),
      isFreeRunning: () => false,
      chooseEncoder: async () =>
        isEncoderMissing
          ? fail('capture/encoder', 'none')
          : ok({ codec: 'avc1.42E01E', width: 320, height: 240 }),
      recent: (camera) => (camera === 'front' ? recent : []),
      onFault: (camera, fault) => faults.push([camera, fault]),
      onOver: () => {
        overs += 1
      },
    })
    await take.begin()
    return take
  }
  /** Pictures of both cameras shortly before the grid times of these frames, pumped as they come. */
  const feed = async (take: Take, from: number, to: number): Promise<void> => {
    for (let frame = from; frame < to; frame += 1) {
      const captureUs = Math.round(t0Us + frame * periodUs - 5000)
      for (const { name } of order.cameras) take.push(name, picture(captureUs))
      take.pump(captureUs + 6000)
      await settle()
    }
  }
  const itemsOf = (camera: string): readonly VideoItem[] =>
    sinks.find((sink) => sink.camera === camera)?.items ?? []

  it('delivers every wanted frame of every camera once and in order, then closes the sinks', async () => {
    const take = await begin()
    await feed(take, 0, 20)
    take.stop(15)
    take.pump(t0Us + 1_000_000)
    await settle()
    for (const { name } of order.cameras) {
      const items = itemsOf(name)
      expect(items.length).toBeGreaterThanOrEqual(15)
      expect(items.map((item) => item.frameIndex)).toEqual(items.map((_, index) => index))
      expect(items.map((item) => item.isKey)).toEqual(items.map((_, index) => index % 2 === 0))
      expect(items.every((item) => !item.isRepeat && item.uncertaintyUs === 50)).toBe(true)
    }
    expect(sinks.every((sink) => sink.isClosed)).toBe(true)
    expect(overs).toBe(1)
  })

  it('takes a histogram of frame 0 and then of one frame in half a second', async () => {
    const take = await begin()
    await feed(take, 0, 32)
    const sampled = itemsOf('front').filter((item) => item.histogram !== undefined)
    expect(sampled.map((item) => item.frameIndex)).toEqual([0, 15, 30])
    take[Symbol.dispose]()
  })

  it('fills a stall with repeats, also those that wait for the end', async () => {
    const take = await begin()
    await feed(take, 0, 3)
    take.pump(t0Us + 2_000_000)
    await settle()
    take.stop(40)
    take.pump(t0Us + 2_000_000)
    await settle()
    const items = itemsOf('front')
    expect(items.length).toBeGreaterThanOrEqual(40)
    expect(items.filter((item) => item.isRepeat).length).toBe(items.length - 3)
    expect(overs).toBe(1)
  })

  it('hands no more than a few frames to a busy encoder, and catches up afterwards', async () => {
    const take = await begin()
    for (const encoder of FakeVideoEncoder.all) encoder.isBusy = true
    await feed(take, 0, 30)
    for (const encoder of FakeVideoEncoder.all) expect(encoder.encoded.length).toBeLessThanOrEqual(6)
    for (const encoder of FakeVideoEncoder.all) encoder.release()
    await settle()
    take.stop(30)
    take.pump(t0Us + 2_000_000)
    await settle()
    expect(itemsOf('top').map((item) => item.frameIndex)).toEqual(itemsOf('top').map((_, index) => index))
    expect(itemsOf('top').length).toBeGreaterThanOrEqual(30)
    expect(overs).toBe(1)
  })

  it('waits for a recorder that does not acknowledge', async () => {
    isRecorderSilent = true
    const take = await begin()
    await feed(take, 0, 200)
    expect(itemsOf('front').length).toBeLessThanOrEqual(60)
    isRecorderSilent = false
    for (const done of unanswered.splice(0)) done()
    await settle()
    take.stop(200)
    for (let turn = 0; turn < 40; turn += 1) {
      take.pump(t0Us + 20_000_000)
      await settle()
    }
    expect(itemsOf('front').map((item) => item.frameIndex)).toEqual(itemsOf('front').map((_, index) => index))
    expect(overs).toBe(1)
  })

  it('begins with the last picture from before it, but not with an old one', async () => {
    const take = await begin([picture(t0Us - 3_000_000), picture(t0Us - 20_000)])
    take.pump(t0Us + 300_000)
    await settle()
    expect(itemsOf('front')[0]?.captureUs).toBe(t0Us - 20_000)
    expect(itemsOf('top')).toEqual([])
    take[Symbol.dispose]()
  })

  it('closes the sink of a camera that is lost, and goes on with the other', async () => {
    const take = await begin()
    await feed(take, 0, 5)
    take.lose('front')
    await settle()
    expect(sinks.map((sink) => [sink.camera, sink.isClosed])).toEqual([
      ['front', true],
      ['top', false],
    ])
    await feed(take, 5, 10)
    expect(itemsOf('top').length).toBeGreaterThan(8)
    take.stop(10)
    take.pump(t0Us + 1_000_000)
    await settle()
    expect(overs).toBe(1)
  })

  it('tells once when an encoder fails, and is over when the others are', async () => {
    const take = await begin()
    await feed(take, 0, 3)
    FakeVideoEncoder.all[0]?.fail('out of memory')
    FakeVideoEncoder.all[0]?.fail('still')
    expect(faults).toEqual([['front', { code: 'capture/encoder', message: 'out of memory' }]])
    take.stop(3)
    take.pump(t0Us + 1_000_000)
    await settle()
    expect(overs).toBe(1)
  })

  it('passes on why the recorder refused a picture', async () => {
    const take = await begin()
    refusal = { code: 'record/disk-full', message: 'no room' }
    await feed(take, 0, 3)
    expect(new Set(faults.map(([, fault]) => fault.code))).toEqual(new Set(['record/disk-full']))
    take[Symbol.dispose]()
  })

  it('is over at once when no camera can be encoded', async () => {
    await begin([], true)
    expect(faults.map(([camera]) => camera)).toEqual(['front', 'top'])
    expect(overs).toBe(1)
  })

  it('gives up a camera that never gave a picture, a while after the stop', async () => {
    const take = await begin([picture(t0Us - 10_000)])
    take.stop(2)
    take.pump(t0Us + 500_000)
    await settle()
    expect(overs).toBe(0)
    take.pump(t0Us + 5_000_000)
    await settle()
    expect(overs).toBe(1)
    expect(sinks.map((sink) => sink.camera)).toEqual(['front'])
  })

  it('keeps no picture when it is over', async () => {
    const take = await begin([picture(t0Us - 20_000)])
    await feed(take, 0, 10)
    take.stop(8)
    take.pump(t0Us + 1_000_000)
    await settle()
    take.push('front', picture(t0Us + 2_000_000))
    take[Symbol.dispose]()
    take.push('front', picture(t0Us + 2_100_000))
    expect(FakeVideoFrame.open).toBe(0)
  })
})
