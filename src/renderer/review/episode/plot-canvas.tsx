/** A canvas that is drawn when its data, its size or the theme changes, and never for a moved playhead. */
import { useEffect, useRef, type ReactNode } from 'react'

export interface Plot {
  readonly context: CanvasRenderingContext2D
  /** CSS pixels. */
  readonly width: number
  readonly height: number
  /** Value of a token, e.g. `--joint-1`. */
  readonly token: (name: string) => string
}

export interface PlotCanvasProps {
  readonly label: string
  readonly draw: (plot: Plot) => void
}

export function PlotCanvas({ label, draw }: PlotCanvasProps): ReactNode {
  const place = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const canvas = place.current
    if (canvas === null) return undefined
    const redraw = (): void => {
      const { clientWidth: width, clientHeight: height } = canvas
      const context = canvas.getContext('2d')
      if (context === null || width === 0 || height === 0) return
      const scale = window.devicePixelRatio
      canvas.width = Math.round(width * scale)
      canvas.height = Math.round(height * scale)
      context.scale(scale, scale)
      const style = getComputedStyle(canvas)
      draw({ context, width, height, token: (name) => style.getPropertyValue(name).trim() })
    }
    redraw()
    const resize = new ResizeObserver(redraw)
    resize.observe(canvas)
    const theme = new MutationObserver(redraw)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      resize.disconnect()
      theme.disconnect()
    }
  }, [draw])
  return (
    <canvas ref={place} className="plot-canvas">
      {label}
    </canvas>
  )
}
