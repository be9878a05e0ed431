/** One word for a camera: its status, or that it gives fewer pictures than the rig records. */
import type { CameraStats } from '../capture/worker-messages.ts'

export type CameraVerdict = 'waiting' | 'ready' | 'slow' | 'stalled' | 'trouble'

/** Below this share of the rig's rate pictures will repeat in a take. */
const slowShare = 0.95

export function cameraVerdict(stats: CameraStats | null, wantedFps: number): CameraVerdict {
  if (stats === null || stats.status === 'waiting') return 'waiting'
  if (stats.status === 'fault') return 'trouble'
  if (stats.status === 'stalled') return 'stalled'
  return stats.fps !== null && stats.fps < wantedFps * slowShare ? 'slow' : 'ready'
}
