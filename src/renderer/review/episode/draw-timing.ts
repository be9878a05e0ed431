/** Picture times against the joints, one thin line per camera around the middle; a repeated picture is a mark at the edge. */
import { xOf } from './draw-channel.ts'
import { laneHalfMs, type PictureTiming } from './picture-timing.ts'
import type { Plot } from './plot-canvas.tsx'

const greys = ['--text-1', '--text-2', '--text-3'] as const

export function drawTiming(plot: Plot, timing: readonly PictureTiming[]): void {
  const { context, width, height, token } = plot
  const half = laneHalfMs(timing)
  context.clearRect(0, 0, width, height)
  context.fillStyle = token('--line-strong')
  context.fillRect(0, height / 2, width, 1)
  timing.forEach(({ offsetMs, isRepeat }, camera) => {
    const frames = offsetMs.length
    const stride = Math.max(1, Math.floor(frames / (2 * width)))
    context.strokeStyle = token(greys[camera % greys.length] ?? '--text-2')
    context.lineWidth = 1
    context.beginPath()
    for (let frame = 0; frame < frames; frame += stride) {
      const y = height / 2 - ((offsetMs[frame] ?? 0) / half) * (height / 2 - 2)
      if (frame === 0) context.moveTo(xOf(frame, frames, width), y)
      else context.lineTo(xOf(frame, frames, width), y)
    }
    context.stroke()
    context.fillStyle = token('--warn')
    for (let frame = 0; frame < frames; frame += 1)
      if (isRepeat[frame] === 1) context.fillRect(xOf(frame, frames, width) - 1, height - 3, 2, 3)
  })
}
