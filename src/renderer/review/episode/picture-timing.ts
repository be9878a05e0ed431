/** When each picture was really taken, against when the joints of the same row were read. Repeats show as the same time twice. */

export interface PictureTiming {
  readonly camera: string
  /** Milliseconds per frame; negative is before the joints were read. */
  readonly offsetMs: Float64Array
  /** 1 where the picture is the one of the frame before. */
  readonly isRepeat: Uint8Array
}

/** Both in nanoseconds of one clock. */
export function pictureTiming(
  camera: string,
  captureNs: ArrayLike<number>,
  readNs: ArrayLike<number>,
): PictureTiming {
  const frames = Math.min(captureNs.length, readNs.length)
  const offsetMs = new Float64Array(frames)
  const isRepeat = new Uint8Array(frames)
  for (let frame = 0; frame < frames; frame += 1) {
    offsetMs[frame] = ((captureNs[frame] ?? Number.NaN) - (readNs[frame] ?? Number.NaN)) / 1e6
    isRepeat[frame] = frame > 0 && captureNs[frame] === captureNs[frame - 1] ? 1 : 0
  }
  return { camera, offsetMs, isRepeat }
}

/** The largest offset over all cameras at a frame, with its sign; null where none is known. */
export function worstOffsetMs(timing: readonly PictureTiming[], frame: number): number | null {
  let worst: number | null = null
  for (const { offsetMs } of timing) {
    const offset = offsetMs[frame] ?? Number.NaN
    if (Number.isFinite(offset) && (worst === null || Math.abs(offset) > Math.abs(worst))) worst = offset
  }
  return worst
}

/** Half height of the lane: the largest offset of the episode, at least one frame of 100 fps. */
export function laneHalfMs(timing: readonly PictureTiming[]): number {
  let largest = 10
  for (const { offsetMs } of timing)
    for (const offset of offsetMs) if (Number.isFinite(offset)) largest = Math.max(largest, Math.abs(offset))
  return largest
}
