import { describe, expect, it } from 'vitest'
import type { ModelPicture, Prediction } from '#contract/services/pictures.ts'
import { ForesightWatch, type ComparedSurprise } from '#host/policy/foresight/foresight-watch.ts'
import type { ForesightNote } from '#host/policy/foresight-sink.ts'
import { PictureRing } from '#host/policy/pictures/picture-ring.ts'
import { tickUs, wishOf } from '../pictures/model-pictures.ts'

const side = 64
const wish = { ...wishOf({ top: 'front' }), need: { side, historyTicks: 15 } }

/** A bright block at column `block` before a dark ground. */
const planesOf = (block: number): Float32Array =>
  Float32Array.from({ length: 3 * side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side) % side]
    return x >= block && x < block + 16 && y >= 20 && y < 40 ? 0.8 : 0.2
  })

const pictureOf = (captureUs: number, block: number): ModelPicture => ({
  camera: 'front',
  captureUs,
  uncertaintyUs: 0,
  width: side,
  height: side,
  sourceWidth: side,
  sourceHeight: side,
  planes: Uint16Array.from(planesOf(block), (value) => Math.round(65535 * value)),
})

const noteOf = (observationUs: number, block: number, policyId = 'own/seer'): ForesightNote => ({
  policyId,
  chunkId: 7,
  observationUs,
  fps: 30,
  readyMs: 90,
  foresight: {
    horizonTicks: 15,
    decodeMs: 40,
    views: [{ camera: 'top', picture: { width: side, height: side, planes: planesOf(block) } }],
  },
})

function setUp(): {
  ring: PictureRing
  watch: ForesightWatch
  predictions: Prediction[]
  surprises: ComparedSurprise[]
  show: (ticks: readonly number[], blockAt: (tick: number) => number) => void
} {
  const ring = new PictureRing(8)
  ring.wish(wish)
  const watch = new ForesightWatch(ring)
  const predictions: Prediction[] = []
  const surprises: ComparedSurprise[] = []
  watch.onPrediction((prediction) => void predictions.push(prediction))
  watch.onSurprise((surprise) => void surprises.push(surprise))
  const show = (ticks: readonly number[], blockAt: (tick: number) => number): void => {
    for (const tick of ticks) ring.take([pictureOf(Math.round(tick * tickUs), blockAt(tick))])
  }
  return { ring, watch, predictions, surprises, show }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

describe('what a chunk foresees', () => {
  it('is told at once, with its moment', () => {
    const { watch, predictions } = setUp()
    watch.predicted(noteOf(100_000, 10))
    expect(predictions).toMatchObject([
      { chunkId: 7, observationUs: 100_000, dueUs: 600_000, readyMs: 90, decodeMs: 40 },
    ])
    expect(predictions[0]?.views[0]).toMatchObject({ camera: 'top', width: side, height: side })
    expect(predictions[0]?.views[0]?.rgb.length).toBe(3 * side * side)
  })

  it('is compared once its moment has come, and not before', () => {
    const { watch, surprises, show } = setUp()
    show(range(0, 4), () => 10)
    watch.predicted(noteOf(Math.round(3 * tickUs), 30))
    show(range(4, 18), () => 10)
    expect(surprises).toEqual([])
    show([18], () => 30)
    expect(surprises).toMatchObject([{ chunkId: 7, observationUs: 100_000, dueUs: 600_000 }])
    expect(surprises[0]?.score).toBeLessThan(0.01)
    expect(surprises[0]?.views[0]).toMatchObject({ camera: 'top', offsetUs: 0, mapWidth: 64, mapHeight: 64 })
  })

  it('surprises when the block stays', () => {
    const { watch, surprises, show } = setUp()
    show(range(0, 4), () => 10)
    watch.predicted(noteOf(Math.round(3 * tickUs), 30))
    show(range(4, 20), () => 10)
    expect(surprises).toHaveLength(1)
    expect(surprises[0]?.score).toBeGreaterThan(0.5)
    expect(Math.max(...(surprises[0]?.views[0]?.map ?? []))).toBeGreaterThan(100)
  })

  it('is compared at once when decoding took longer than the moment was away', () => {
    const { watch, surprises, show } = setUp()
    show(range(0, 30), (tick) => (tick < 10 ? 10 : 30))
    watch.predicted(noteOf(Math.round(3 * tickUs), 30))
    expect(surprises[0]?.score).toBeLessThan(0.01)
  })

  it('is not compared with a picture of another moment', () => {
    const { watch, surprises, show } = setUp()
    show(range(0, 4), () => 10)
    watch.predicted(noteOf(Math.round(3 * tickUs), 30))
    show(range(40, 42), () => 10)
    expect(surprises).toEqual([])
  })

  it('of another policy than the loaded one is not compared', () => {
    const { ring, watch, surprises, show } = setUp()
    show(range(0, 4), () => 10)
    watch.predicted(noteOf(Math.round(3 * tickUs), 30, 'own/other'))
    show(range(4, 40), () => 10)
    expect(surprises).toEqual([])
    watch.predicted(noteOf(Math.round(39 * tickUs), 30))
    ring.wish(null)
    ring.wish(wish)
    show(range(50, 70), () => 10)
    expect(surprises).toEqual([])
  })
})
