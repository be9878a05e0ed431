/** The 3-D twin, loaded after the screen stands: three.js is large, and pictures and keys come first. */
import { lazy, Suspense, type ReactNode } from 'react'
import type { TwinProps } from '../scene/twin-view.tsx'

const Twin = lazy(async () => ({ default: (await import('../scene/twin-view.tsx')).Twin }))

export const LazyTwin = (props: TwinProps): ReactNode => (
  <Suspense fallback={null}>
    <Twin {...props} />
  </Suspense>
)
