/** The policy host's services around pictures: `pictures` for pages, `foresightForRig` for the rig host. */
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { foresightForRig, pictures } from '#contract/services/pictures.ts'
import type { Clock } from '../../shared/clock.ts'
import type { ForesightWatch } from '../foresight/foresight-watch.ts'
import type { PictureRing } from './picture-ring.ts'

export function pictureServices(
  ring: PictureRing,
  foresight: ForesightWatch,
  clock: Clock,
): { readonly forPages: BoundService; readonly forRig: BoundService } {
  return {
    forPages: implement(pictures, {
      demand: (_params, emitter) => ring.follow((demand) => void emitter.emit(demand)),
      put: () => ({
        take: async (taken) => ring.take(taken),
        // A page that goes away is seen by the age of its last picture.
        end: () => undefined,
      }),
      predictions: (_params, emitter) =>
        foresight.onPrediction((prediction) => void emitter.emit(prediction)),
      surprises: (_params, emitter) =>
        foresight.onSurprise(({ policyId, chunkId, dueUs, score, views }) => {
          void emitter.emit({ policyId, chunkId, dueUs, score, views: [...views] })
        }),
      ages: async () => ring.ages(clock()),
    }),
    forRig: implement(foresightForRig, {
      surprises: (_params, emitter) =>
        foresight.onSurprise(({ policyId, chunkId, observationUs, dueUs, score }) => {
          void emitter.emit({ policyId, chunkId, observationUs, dueUs, score })
        }),
    }),
  }
}
