/**
 * One joint over the last seconds, drawn by uPlot: measured solid, requested dashed, and what was sent only where the
 * limits changed it, dotted with the gap filled (UI.md §9). Behind the lines the tint of who drove; after the white line of
 * now, as round dots, what is planned.
 */
import './valid-locale.ts'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { plotted, type SourceBand } from './history-samples.ts'
import type { TelemetryRing } from './telemetry-ring.ts'

export interface HistoryChartOptions {
  readonly lower: number
  readonly upper: number
  readonly windowS: number
  readonly joint: number
  /** Seconds after now that are shown, for a plan; 0 without one. */
  readonly aheadS: number
}

/** A joint's plan in seconds from now. */
export interface PlannedPoints {
  readonly seconds: readonly number[]
  readonly values: readonly number[]
}

/** Tints by source code: hold, human, policy, blend. */
const tintNames = ['--hold-tint', '--human-tint', '--policy-tint', '--blend-tint'] as const

/** Share of the range beyond which a sent goal counts as changed by the limits. */
const limitedShare = 0.004

type Column = (number | null)[]

export class HistoryChart implements Disposable {
  readonly #place: HTMLElement
  readonly #options: HistoryChartOptions
  readonly #plot: uPlot
  readonly #tints: readonly string[]
  readonly #resize: ResizeObserver
  #bands: readonly SourceBand[] = []
  #nowUs = 0

  constructor(place: HTMLElement, options: HistoryChartOptions) {
    this.#place = place
    this.#options = options
    const style = getComputedStyle(place)
    const colour = (name: string): string => style.getPropertyValue(name).trim()
    this.#tints = tintNames.map(colour)
    const line = colour(`--joint-${Math.min(options.joint, 6) + 1}`)
    this.#plot = new uPlot(this.#uplotOptions(line, colour('--text-1')), [[], [], [], [], []], place)
    this.#resize = new ResizeObserver(() => this.#fit())
    this.#resize.observe(place)
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(10, this.#place.clientWidth), height: Math.max(10, this.#place.clientHeight) }
  }

  #fit(): void {
    this.#plot.setSize(this.#size())
  }

  #uplotOptions(line: string, now: string): uPlot.Options {
    const { lower, upper, windowS, aheadS } = this.#options
    return {
      ...this.#size(),
      padding: [2, 0, 2, 0],
      // Slow joints would climb in steps of whole pixels.
      pxAlign: false,
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { time: false, auto: false, range: [-windowS, aheadS] },
        y: { auto: false, range: [lower, upper] },
      },
      series: [
        {},
        { stroke: line, width: 1.8, points: { show: false } },
        { stroke: line, width: 1, dash: [4, 3], alpha: 0.75, points: { show: false } },
        { stroke: line, width: 1.4, dash: [1, 3], points: { show: false } },
        { width: 0, points: { show: true, size: 3, width: 0, fill: line, space: 0 } },
      ],
      bands: [{ series: [2, 3], fill: `color-mix(in srgb, ${line} 30%, transparent)` }],
      hooks: {
        drawClear: [(plot) => this.#drawBands(plot)],
        draw: [(plot) => this.#drawNow(plot, now)],
      },
    }
  }

  #drawBands(plot: uPlot): void {
    const { ctx, bbox } = plot
    for (const band of this.#bands) {
      const from = plot.valToPos((band.fromUs - this.#nowUs) / 1e6, 'x', true)
      const to = plot.valToPos((band.toUs - this.#nowUs) / 1e6, 'x', true)
      ctx.fillStyle = this.#tints[band.source] ?? 'transparent'
      ctx.fillRect(
        Math.max(bbox.left, from),
        bbox.top,
        Math.max(0, to - Math.max(bbox.left, from)),
        bbox.height,
      )
    }
  }

  #drawNow(plot: uPlot, colour: string): void {
    if (this.#options.aheadS === 0) return
    const { ctx, bbox } = plot
    ctx.fillStyle = colour
    ctx.fillRect(plot.valToPos(0, 'x', true) - 0.5, bbox.top, 1, bbox.height)
  }

  /** Draws the chosen samples of the ring; `nowUs` is the right edge. */
  draw(
    ring: TelemetryRing,
    indices: readonly number[],
    bands: readonly SourceBand[],
    nowUs: number,
    planned: PlannedPoints | null = null,
  ): void {
    this.#bands = bands
    this.#nowUs = nowUs
    const { joint, lower, upper } = this.#options
    const tolerance = (upper - lower) * limitedShare
    const xs: number[] = []
    const measured: Column = []
    const requested: Column = []
    const limited: Column = []
    const plan: Column = []
    for (const index of indices) {
      const asked = ring.value('requested', index, joint)
      const sent = ring.value('sent', index, joint)
      xs.push((ring.timeUs(index) - nowUs) / 1e6)
      measured.push(plotted(ring.value('follower', index, joint)))
      requested.push(plotted(asked))
      limited.push(Math.abs(asked - sent) > tolerance ? plotted(sent) : null)
      plan.push(null)
    }
    planned?.seconds.forEach((seconds, index) => {
      xs.push(seconds)
      for (const column of [measured, requested, limited]) column.push(null)
      plan.push(plotted(planned.values[index] ?? Number.NaN))
    })
    this.#plot.setData([xs, measured, requested, limited, plan], true)
  }

  [Symbol.dispose](): void {
    this.#resize.disconnect()
    this.#plot.destroy()
  }
}
