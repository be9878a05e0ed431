/** Whether episodes of a dataset can be deleted without touching any other episode's pictures. */
import { fail, type Fault } from '#core/result.ts'
import type { DatasetContents } from '../shared/dataset/read-dataset.ts'

/** Null when every episode has files of its own; else a fault `control/not-allowed` that says which share. */
export function deleteBlocker({ episodes }: DatasetContents): Fault | null {
  const owners = new Map<string, number>()
  for (const episode of episodes) {
    const places = [
      `data ${episode.data.chunkIndex}/${episode.data.fileIndex}`,
      ...Object.entries(episode.videos).map(
        ([key, { slot }]) => `${key} ${slot.chunkIndex}/${slot.fileIndex}`,
      ),
    ]
    for (const place of places) {
      const owner = owners.get(place)
      if (owner !== undefined)
        return fail(
          'control/not-allowed',
          `episodes ${owner} and ${episode.episodeIndex} share a file; deleting here works on datasets with one file per episode`,
          {
            episodes: [owner, episode.episodeIndex],
          },
        ).error
      owners.set(place, episode.episodeIndex)
    }
  }
  return null
}
