/**
 * One joint over the whole episode: measured solid, requested dashed, sent dotted where the limits changed it, with the gap
 * filled (UI.md §9). Gaps in data are gaps. Behind the lines the tint of who drove.
 */
import type { Channel } from './episode-model.ts'
import type { Plot } from './plot-canvas.tsx'
import type { SourceSegment } from './source-segments.ts'

/** Share of the range beyond which a sent goal counts as changed by the limits. */
const limitedShare = 0.004

export const xOf = (frame: number, frames: number, width: number): number =>
  frames < 2 ? 0 : (frame / (frames - 1)) * width

interface Axes {
  readonly x: (frame: number) => number
  readonly y: (value: number) => number
  /** Draw every n-th frame: more points than half pixels say nothing. */
  readonly stride: number
}

function axesOf(plot: Plot, channel: Channel): Axes {
  const { width, height } = plot
  const frames = channel.state.length
  const inset = 3
  const span = channel.upper - channel.lower
  return {
    x: (frame) => xOf(frame, frames, width),
    y: (value) => height - inset - ((value - channel.lower) / span) * (height - 2 * inset),
    stride: Math.max(1, Math.floor(frames / (2 * width))),
  }
}

export function drawTints(plot: Plot, segments: readonly SourceSegment[], frames: number): void {
  const { context, width, height, token } = plot
  for (const { source, from, to } of segments) {
    const left = xOf(from, frames, width)
    context.fillStyle = token(`--${source}-tint`)
    context.fillRect(left, 0, xOf(Math.min(to, frames - 1), frames, width) - left, height)
  }
}

function line(plot: Plot, values: Float64Array, axes: Axes, isDrawn: (frame: number) => boolean): void {
  const { context } = plot
  context.beginPath()
  let isPen = false
  for (let frame = 0; frame < values.length; frame += axes.stride) {
    const value = values[frame] ?? Number.NaN
    if (!Number.isFinite(value) || !isDrawn(frame)) {
      isPen = false
      continue
    }
    if (isPen) context.lineTo(axes.x(frame), axes.y(value))
    else context.moveTo(axes.x(frame), axes.y(value))
    isPen = true
  }
  context.stroke()
}

/** Frames at which the limits sent something else than was asked. */
export function limitedAt(channel: Channel): (frame: number) => boolean {
  const { requested, sent } = channel
  const tolerance = (channel.upper - channel.lower) * limitedShare
  return (frame) =>
    requested !== null &&
    sent !== null &&
    Math.abs((requested[frame] ?? Number.NaN) - (sent[frame] ?? Number.NaN)) > tolerance
}

function fillGap(plot: Plot, channel: Channel, axes: Axes, isLimited: (frame: number) => boolean): void {
  const { requested, sent, state } = channel
  if (requested === null || sent === null) return
  const { context } = plot
  const width = Math.max(1, axes.x(axes.stride) - axes.x(0))
  for (let frame = 0; frame < state.length; frame += axes.stride) {
    if (!isLimited(frame)) continue
    const [a, b] = [axes.y(requested[frame] ?? Number.NaN), axes.y(sent[frame] ?? Number.NaN)]
    context.fillRect(axes.x(frame), Math.min(a, b), width, Math.abs(a - b))
  }
}

/** What a policy would have asked for: round dots, as a plan is drawn everywhere (UI.md §9). */
function dots(plot: Plot, values: Float64Array, axes: Axes): void {
  const { context } = plot
  const stride = Math.max(axes.stride, Math.ceil((4 * values.length) / Math.max(1, plot.width)))
  for (let frame = 0; frame < values.length; frame += stride) {
    const value = values[frame] ?? Number.NaN
    if (!Number.isFinite(value)) continue
    context.beginPath()
    context.arc(axes.x(frame), axes.y(value), 1.6, 0, 2 * Math.PI)
    context.fill()
  }
}

export function drawChannel(
  plot: Plot,
  channel: Channel,
  segments: readonly SourceSegment[],
  predicted: Float64Array | null = null,
): void {
  const { context, width, height, token } = plot
  const axes = axesOf(plot, channel)
  context.clearRect(0, 0, width, height)
  drawTints(plot, segments, channel.state.length)
  const colour = token(`--joint-${Math.min(channel.index % 7, 6) + 1}`)
  context.strokeStyle = colour
  context.fillStyle = colour
  context.lineJoin = 'round'
  const isLimited = limitedAt(channel)
  if (channel.requested !== null) {
    context.globalAlpha = 0.75
    context.lineWidth = 1
    context.setLineDash([4, 3])
    line(plot, channel.requested, axes, () => true)
  }
  if (channel.sent !== null) {
    context.globalAlpha = 0.25
    fillGap(plot, channel, axes, isLimited)
    context.globalAlpha = 1
    context.lineWidth = 1.4
    context.setLineDash([1, 3])
    line(plot, channel.sent, axes, isLimited)
  }
  context.globalAlpha = 1
  context.setLineDash([])
  context.lineWidth = 1.8
  line(plot, channel.state, axes, () => true)
  if (predicted === null) return
  context.fillStyle = token('--text-1')
  dots(plot, predicted, axes)
}
