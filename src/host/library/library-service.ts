/** The contract's `library` service over the dataset store. */
import { unwrap } from '#core/result.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { library } from '#contract/services/library.ts'
import type { DatasetStore } from './dataset-store.ts'

export function libraryService(store: DatasetStore): BoundService {
  return implement(library, {
    datasets: () => store.datasets(),
    open: async ({ dir }) => unwrap(await store.open(dir)),
    close: async ({ dir }) => store.close(dir),
    episodes: async ({ dir }) => unwrap(await store.episodes(dir)),
    episode: async ({ dir, episodeIndex }) => unwrap(await store.episode(dir, episodeIndex)),
    readBytes: async ({ dir, file, offset, length }) =>
      unwrap(await store.readBytes(dir, file, offset, length)),
    readPicture: async ({ dir, episodeIndex, camera, frame }) =>
      unwrap(await store.readPicture(dir, episodeIndex, camera, frame)),
    setOutcome: async ({ dir, episodeIndex, outcome }) =>
      unwrap(await store.setOutcome(dir, episodeIndex, outcome)),
    deleteEpisode: async ({ dir, episodeIndex }) => unwrap(await store.deleteEpisode(dir, episodeIndex)),
    undoDelete: async ({ dir }) => {
      const episodeIndex = unwrap(await store.undoDelete(dir))
      return episodeIndex === null ? null : { episodeIndex }
    },
    changes: (_params, emitter) => {
      void emitter.emit({ revision: store.revision })
      return store.onChange(() => void emitter.emit({ revision: store.revision }))
    },
  })
}
