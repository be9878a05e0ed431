/** All cameras of an episode in step: picture k of each, with the one that was seen `history` frames earlier. */
import type { RgbPicture } from '#core/policy/pad-resize.ts'
import { FaultError } from '#core/result.ts'

export type CameraFrames = AsyncGenerator<RgbPicture, void, undefined>

export interface FramePair {
  readonly frame: number
  readonly present: Readonly<Record<string, RgbPicture>>
  /** `history` frames ago, or the oldest there is. */
  readonly past: Readonly<Record<string, RgbPicture>>
}

/**
 * @param cameras one stream of pictures each, by name
 * @throws FaultError `dataset/damaged` when a video ends before the episode does, or as decoding does
 */
export async function* framePairs(
  cameras: Readonly<Record<string, CameraFrames>>,
  frames: number,
  history: number,
): AsyncGenerator<FramePair, void, undefined> {
  const kept = new Map<string, RgbPicture[]>(Object.keys(cameras).map((name) => [name, []]))
  try {
    for (let frame = 0; frame < frames; frame++) {
      const present: Record<string, RgbPicture> = {}
      const past: Record<string, RgbPicture> = {}
      for (const [name, stream] of Object.entries(cameras)) {
        const next = await stream.next()
        if (next.done === true)
          throw new FaultError({
            code: 'dataset/damaged',
            message: `the video of ${name} ends at frame ${frame} of ${frames}`,
            data: { camera: name, frame },
          })
        const list = kept.get(name) ?? []
        list.push(next.value)
        if (list.length > history + 1) list.shift()
        present[name] = next.value
        past[name] = list[0] ?? next.value
      }
      yield { frame, present, past }
    }
  } finally {
    for (const stream of Object.values(cameras)) await stream.return()
  }
}
