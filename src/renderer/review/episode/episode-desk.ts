/** An episode on the table: rows, cameras, one player over all cameras and the playhead. Owner of the videos until disposed. */
import { createStore } from 'zustand'
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { Fault } from '#core/result.ts'
import { EpisodePlayer } from '../../video/episode-player.ts'
import type { CameraTrack } from '../../video/camera-track.ts'
import { episodeTracks, type TrackClient } from '../../video/episode-tracks.ts'
import { episodeModel, type EpisodeModel } from './episode-model.ts'
import { Playhead } from './playhead.ts'

/** Cameras whose picture cannot be shown, with the reason. */
export type CameraFaults = Readonly<Record<string, Fault>>

export class EpisodeDesk implements Disposable {
  readonly detail: EpisodeDetail
  readonly model: EpisodeModel
  readonly player: EpisodePlayer
  readonly playhead = new Playhead()
  readonly videos: readonly CameraTrack[]
  readonly faults = createStore<CameraFaults>(() => ({}))

  constructor(detail: EpisodeDetail, dir: string, client: TrackClient) {
    this.detail = detail
    this.model = episodeModel(detail)
    this.videos = episodeTracks(detail, dir, client)
    this.player = new EpisodePlayer({
      frames: this.model.frames,
      fps: this.model.fps,
      onState: (state) => this.playhead.set(state),
      onFault: (camera, fault) => {
        const { [camera]: _before, ...others } = this.faults.getState()
        this.faults.setState(fault === null ? others : { ...others, [camera]: fault }, true)
      },
    })
  }

  [Symbol.dispose](): void {
    this.player[Symbol.dispose]()
    for (const video of this.videos) video[Symbol.dispose]()
  }
}
