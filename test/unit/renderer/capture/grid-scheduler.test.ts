import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import { GridScheduler, type ScheduledFrame } from '#renderer/capture/grid-scheduler.ts'

const fps = 30
const holdbackUs = 20_000
const t0Us = 1_000_000

interface Event {
  readonly kind: 'picture' | 'pump'
  readonly atUs: number
  readonly captureUs: number
}

/** Arrivals and pumps in time order, with bursts, gaps, late and reordered pictures. */
const events = fc
  .array(
    fc.record({
      kind: fc.constantFrom<'picture' | 'pump'>('picture', 'picture', 'pump'),
      stepUs: fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 2_000_000 })),
      ageUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })),
    }),
    { maxLength: 80 },
  )
  .map((steps) => {
    let atUs = t0Us - 100_000
    return steps.map(({ kind, stepUs, ageUs }): Event => {
      atUs += stepUs
      return { kind, atUs, captureUs: atUs - ageUs }
    })
  })

function run(sequence: readonly Event[], takesPerPump: number, frames: number) {
  const released: number[] = []
  const pushed: number[] = []
  const scheduler = new GridScheduler<number>(new FrameGrid(t0Us, fps), {
    holdbackUs,
    maxWaiting: 4,
    release: (picture) => released.push(picture),
  })
  const out: (ScheduledFrame<number> & { readonly atUs: number })[] = []
  const pump = (nowUs: number, limit: number): void => {
    for (let n = 0; n < limit; n += 1) {
      const frame = scheduler.take(nowUs)
      if (frame === null) return
      out.push({ ...frame, atUs: nowUs })
    }
  }
  sequence.forEach((event, index) => {
    if (event.kind === 'picture') {
      pushed.push(index)
      scheduler.push(event.captureUs, index)
    }
    pump(event.atUs, takesPerPump)
  })
  scheduler.endAt(frames)
  pump(Infinity, Infinity)
  const { repeats } = scheduler
  scheduler[Symbol.dispose]()
  return { out, released, pushed, repeats }
}

describe('GridScheduler', () => {
  it('gives every frame once and in order, whatever arrives and however slowly frames are taken', () => {
    fc.assert(
      fc.property(
        events,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 200 }),
        (seq, limit, n) => {
          const { out, pushed } = run(seq, limit, n)
          const given = out.map((frame) => frame.frame)
          expect(given).toEqual(given.map((_, index) => index))
          if (pushed.length > 0) expect(given.length).toBeGreaterThanOrEqual(n)
          else expect(given).toEqual([])
        },
      ),
    )
  })

  it('never shows a picture from after the grid time while an older one exists, and never goes back', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 3 }), (seq, limit) => {
        const { out, pushed } = run(seq, limit, 60)
        const first = out[0]?.picture
        let before = -Infinity
        for (const frame of out) {
          if (frame.captureUs > frame.gridUs) expect(frame.picture).toBe(first)
          expect(frame.captureUs).toBeGreaterThanOrEqual(before)
          before = frame.captureUs
        }
        for (const frame of out) expect(pushed).toContain(frame.picture)
      }),
    )
  })

  it('counts as a repeat exactly the frames that show the picture of the frame before', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 3 }), (seq, limit) => {
        const { out, repeats } = run(seq, limit, 60)
        out.forEach((frame, index) => expect(frame.isRepeat).toBe(out[index - 1]?.picture === frame.picture))
        expect(out.filter((frame) => frame.isRepeat)).toHaveLength(repeats)
      }),
    )
  })

  it('releases every picture exactly once', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 3 }), (seq, limit) => {
        const { released, pushed } = run(seq, limit, 10)
        expect(released.toSorted((a, b) => a - b)).toEqual(pushed)
      }),
    )
  })

  it('does not decide a frame before its hold-back while a better picture could come', () => {
    const scheduler = new GridScheduler<string>(new FrameGrid(t0Us, fps), {
      holdbackUs,
      maxWaiting: 4,
      release: () => undefined,
    })
    scheduler.push(t0Us - 30_000, 'old')
    expect(scheduler.take(t0Us + 5000)).toBeNull()
    scheduler.push(t0Us - 1000, 'better')
    expect(scheduler.take(t0Us + 6000)).toBeNull()
    scheduler.push(t0Us + 32_000, 'next')
    expect(scheduler.take(t0Us + 33_000)).toMatchObject({ frame: 0, picture: 'better', isRepeat: false })
    expect(scheduler.unused).toBe(1)
  })

  it('back-fills a stall with repeats as soon as the clock shows it', () => {
    const { out, repeats } = run(
      [
        { kind: 'picture', atUs: t0Us, captureUs: t0Us - 5000 },
        { kind: 'pump', atUs: t0Us + 1_000_000, captureUs: 0 },
      ],
      Infinity,
      0,
    )
    expect(out.map((frame) => frame.frame)).toEqual(Array.from({ length: 30 }, (_, index) => index))
    expect(repeats).toBe(29)
  })

  it('uses the first picture for the frames before it when a take begins without one', () => {
    const { out } = run([{ kind: 'picture', atUs: t0Us + 120_000, captureUs: t0Us + 100_000 }], Infinity, 6)
    expect(out.map((frame) => frame.isRepeat)).toEqual([false, true, true, true, true, true])
    expect(out.every((frame) => frame.captureUs === t0Us + 100_000)).toBe(true)
  })

  it('gives a free-running camera one picture a frame at any phase, in spite of jitter', () => {
    const periodUs = 1_000_000 / fps
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.integer({ min: -2500, max: 2500 }), { minLength: 400, maxLength: 400 }),
        (phase, jitter) => {
          const scheduler = new GridScheduler<number>(new FrameGrid(t0Us, fps), {
            holdbackUs: 50_000,
            guardsPhase: true,
            maxWaiting: 8,
            release: () => undefined,
          })
          let lateRepeats = 0
          jitter.forEach((jitterUs, index) => {
            const captureUs = t0Us + (index - 5 + phase) * periodUs + jitterUs
            scheduler.push(captureUs, index)
            for (;;) {
              const frame = scheduler.take(captureUs + 12_000)
              if (frame === null) break
              if (frame.frame > 0) expect(frame.captureUs).toBeLessThanOrEqual(frame.gridUs)
              if (frame.isRepeat && frame.frame >= 45) lateRepeats += 1
            }
          })
          expect(scheduler.nextFrame).toBeGreaterThan(380)
          // The phase is known after 24 pictures (1 − 0.95ⁿ ≥ 0.7); until then jitter may cost every other, then moving the edge one.
          expect(scheduler.repeats).toBeLessThanOrEqual(13)
          expect(lateRepeats).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 60 },
    )
  })
})
