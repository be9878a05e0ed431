/** Where a prediction and what came differ, at the camera's own crop: the more, the more violet, over whatever lies below. */
import { useEffect, useRef, type ReactNode } from 'react'
import type { Surprise } from '#contract/services/pictures.ts'

/** The violet of the policy, dark theme: pictures are the same in both. */
const red = 180
const green = 150
const blue = 255

/** Differences are doubled: half of the full range is already another picture. */
export function errorRgba(map: ArrayLike<number>, pixels: number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * pixels)
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    rgba[4 * pixel] = red
    rgba[4 * pixel + 1] = green
    rgba[4 * pixel + 2] = blue
    rgba[4 * pixel + 3] = Math.min(230, 2 * (map[pixel] ?? 0))
  }
  return rgba
}

export interface ErrorMapProps {
  readonly view: Surprise['views'][number]
  readonly label: string
  readonly testId: string
}

export function ErrorMap({ view, label, testId }: ErrorMapProps): ReactNode {
  const place = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = place.current?.getContext('2d')
    if (place.current === null || context === null || context === undefined) return
    const { map, mapWidth, mapHeight } = view
    place.current.width = mapWidth
    place.current.height = mapHeight
    context.putImageData(new ImageData(errorRgba(map, mapWidth * mapHeight), mapWidth, mapHeight), 0, 0)
  }, [view])
  return (
    <canvas ref={place} className="error-map" aria-label={label} data-testid={testId}>
      {label}
    </canvas>
  )
}
