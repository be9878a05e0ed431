/** Live pictures and their figures for screens. The worker draws; React only places the canvas. */
import { createContext, type ReactNode, useContext, useEffect, useRef, useSyncExternalStore } from 'react'
import type { CaptureController } from './capture-controller.ts'
import type { CameraStats, CaptureState } from './worker-messages.ts'

const CaptureContext = createContext<CaptureController | null>(null)

export function CaptureProvider(props: {
  readonly controller: CaptureController
  readonly children: ReactNode
}): ReactNode {
  return <CaptureContext.Provider value={props.controller}>{props.children}</CaptureContext.Provider>
}

/** The page's one controller. Throws outside of a `CaptureProvider`. */
export function useCapture(): CaptureController {
  const controller = useContext(CaptureContext)
  if (controller === null) throw new Error('no CaptureProvider above')
  return controller
}

export function useCaptureState(): CaptureState {
  const controller = useCapture()
  return useSyncExternalStore(controller.subscribe, controller.getState)
}

/** Figures of one camera, four times a second; null while the rig has no camera of that name. */
export function useCameraStats(camera: string): CameraStats | null {
  return useCaptureState().cameras[camera] ?? null
}

export interface CameraViewProps {
  readonly camera: string
  /** What a screen reader says, e.g. "front camera, live, 21 milliseconds old". */
  readonly label?: string
  readonly className?: string
  /** How the picture fills its box; `cover` by default. */
  readonly fit?: 'cover' | 'contain'
}

export function CameraView({ camera, label, className, fit = 'cover' }: CameraViewProps): ReactNode {
  const controller = useCapture()
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    if (place.current === null) return undefined
    const view = controller.show(camera, place.current)
    return () => view[Symbol.dispose]()
  }, [controller, camera])
  return (
    <figure
      ref={place}
      aria-label={label ?? camera}
      className={className}
      style={{ position: 'relative', margin: 0, overflow: 'hidden', objectFit: fit }}
    />
  )
}
