/** All cameras of an episode, wherever their pictures lie. Nothing is read before a frame is asked for. */
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { CameraTrack } from './camera-track.ts'
import { createEpisodeStills } from './episode-stills.ts'
import { createEpisodeVideo } from './episode-video.ts'
import type { ByteReader, PictureReader } from './library-source.ts'

export type TrackClient = ByteReader & PictureReader

type Detail = Pick<EpisodeDetail, 'videos' | 'stills' | 'fps'> & {
  readonly summary: Pick<EpisodeDetail['summary'], 'episodeIndex'>
}

/** The caller disposes them. */
export const episodeTracks = (
  { videos, stills, fps, summary }: Detail,
  dir: string,
  client: TrackClient,
): readonly CameraTrack[] => [
  ...videos.map((video) => createEpisodeVideo({ client, dir, video, fps })),
  ...stills.map((still) => createEpisodeStills({ client, dir, still, episodeIndex: summary.episodeIndex })),
]

/** The first camera, for lists; null where the episode has none. The caller disposes it. */
export const firstTrack = (detail: Detail, dir: string, client: TrackClient): CameraTrack | null =>
  episodeTracks(
    {
      ...detail,
      videos: detail.videos.slice(0, 1),
      stills: detail.videos.length > 0 ? [] : detail.stills.slice(0, 1),
    },
    dir,
    client,
  )[0] ?? null
