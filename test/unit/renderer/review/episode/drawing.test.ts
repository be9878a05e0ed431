import { describe, expect, it } from 'vitest'
import { drawChannel, limitedAt, xOf } from '#renderer/review/episode/draw-channel.ts'
import { drawTiming } from '#renderer/review/episode/draw-timing.ts'
import type { Channel } from '#renderer/review/episode/episode-model.ts'
import { pictureTiming } from '#renderer/review/episode/picture-timing.ts'
import type { Plot } from '#renderer/review/episode/plot-canvas.tsx'

interface Stroke {
  readonly dash: readonly number[]
  readonly points: readonly (readonly [number, number])[]
  /** How often the pen was set down. */
  readonly pens: number
}

/** Remembers what a plot draws. */
class Sketch {
  readonly strokes: Stroke[] = []
  readonly fills: { readonly colour: string; readonly x: number; readonly width: number }[] = []
  fillStyle = ''
  strokeStyle = ''
  lineWidth = 1
  lineJoin = ''
  globalAlpha = 1
  #dash: readonly number[] = []
  #points: [number, number][] = []
  #pens = 0

  beginPath(): void {
    this.#points = []
    this.#pens = 0
  }
  moveTo(x: number, y: number): void {
    this.#pens += 1
    this.#points.push([x, y])
  }
  lineTo(x: number, y: number): void {
    this.#points.push([x, y])
  }
  stroke(): void {
    this.strokes.push({ dash: this.#dash, points: this.#points, pens: this.#pens })
  }
  setLineDash(dash: readonly number[]): void {
    this.#dash = dash
  }
  fillRect(x: number, _y: number, width: number): void {
    this.fills.push({ colour: this.fillStyle, x, width })
  }
  clearRect(): void {
    this.fills.length = 0
  }
}

function plot(width = 100, height = 60): { readonly sketch: Sketch; readonly plot: Plot } {
  const sketch = new Sketch()
  const context = sketch as unknown as CanvasRenderingContext2D
  return { sketch, plot: { context, width, height, token: (name) => name } }
}

const channel = (part: Partial<Channel> = {}): Channel => ({
  joint: 'elbow_flex',
  index: 2,
  state: Float64Array.from([0, 50, 100]),
  requested: Float64Array.from([0, 90, 100]),
  sent: Float64Array.from([0, 50, 100]),
  lower: 0,
  upper: 100,
  unit: '°',
  digits: 1,
  isAuto: false,
  ...part,
})

describe('a joint drawn over its episode', () => {
  it('is measured solid, requested dashed, sent dotted only where the limits changed it', () => {
    const { sketch, plot: given } = plot()
    drawChannel(given, channel(), [])
    const [requested, sent, state] = sketch.strokes
    expect(requested?.dash).toEqual([4, 3])
    expect(sent?.dash).toEqual([1, 3])
    expect(sent?.points).toHaveLength(1)
    expect(state?.dash).toEqual([])
    expect(state?.points.map(([x]) => x)).toEqual([0, 50, 100])
    expect(sketch.strokeStyle).toBe('--joint-3')
  })

  it('puts larger values higher, inside the row', () => {
    const { sketch, plot: given } = plot()
    drawChannel(given, channel({ requested: null, sent: null }), [])
    const ys = sketch.strokes[0]?.points.map(([, y]) => y) ?? []
    expect(ys[0]).toBeGreaterThan(ys[2] ?? 0)
    for (const y of ys) {
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(60)
    }
  })

  it('leaves gaps in the data open', () => {
    const { sketch, plot: given } = plot()
    const state = Float64Array.from([1, Number.NaN, 3, 4])
    drawChannel(given, channel({ state, requested: null, sent: null }), [])
    expect(sketch.strokes[0]?.pens).toBe(2)
    expect(sketch.strokes[0]?.points).toHaveLength(3)
  })

  it('carries the tint of who drove behind it', () => {
    const { sketch, plot: given } = plot()
    drawChannel(given, channel({ requested: null, sent: null }), [
      { source: 'human', from: 0, to: 1 },
      { source: 'policy', from: 1, to: 3 },
    ])
    expect(sketch.fills).toEqual([
      { colour: '--human-tint', x: 0, width: 50 },
      { colour: '--policy-tint', x: 50, width: 50 },
    ])
  })

  it('draws no more points than a plot can show', () => {
    const { sketch, plot: given } = plot(100)
    const state = new Float64Array(100_000).fill(1)
    drawChannel(given, channel({ state, requested: null, sent: null }), [])
    expect(sketch.strokes[0]?.points.length).toBeLessThanOrEqual(201)
  })

  it('calls a goal limited only beyond what rounding does', () => {
    const isLimited = limitedAt(
      channel({
        requested: Float64Array.from([10, 10, 10]),
        sent: Float64Array.from([10.1, 11, Number.NaN]),
      }),
    )
    expect([0, 1, 2].map(isLimited)).toEqual([false, true, false])
    expect(limitedAt(channel({ sent: null }))(1)).toBe(false)
  })
})

describe('the lane of picture times', () => {
  it('has a line per camera and a mark for every repeated picture', () => {
    const { sketch, plot: given } = plot()
    const front = pictureTiming('front', [1e6, 1e6, 3e6], [1e6, 2e6, 3e6])
    drawTiming(given, [front, pictureTiming('top', [1e6, 2e6, 3e6], [1e6, 2e6, 3e6])])
    expect(sketch.strokes).toHaveLength(2)
    expect(sketch.fills.filter(({ colour }) => colour === '--warn')).toEqual([
      { colour: '--warn', x: 49, width: 2 },
    ])
  })
})

describe('the time axis', () => {
  it('puts the first frame at the left edge and the last at the right one', () => {
    expect(xOf(0, 744, 500)).toBe(0)
    expect(xOf(743, 744, 500)).toBe(500)
    expect(xOf(0, 1, 500)).toBe(0)
  })
})
