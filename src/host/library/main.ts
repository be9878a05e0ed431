/** The library host: datasets on disk, read and edited for whoever asks. It holds nothing that its death could lose. */
import { join } from 'node:path'
import { readHostOptions } from '../shared/host-options.ts'
import { createLog } from '../shared/log.ts'
import { runHost } from '../shared/run-host.ts'
import { DatasetStore } from './dataset-store.ts'
import { libraryService } from './library-service.ts'
import { watchDatasets } from './watch-datasets.ts'

const options = readHostOptions(process.argv[2])
const log = createLog()
const store = new DatasetStore(options.dataDir)

runHost({
  log,
  services: [libraryService(store)],
  shutdown: async () => undefined,
  mainLost: async () => undefined,
})
await watchDatasets(join(options.dataDir, 'datasets'), () => store.changed()).catch((error: unknown) =>
  log.warn('library', 'datasets cannot be watched', { error: String(error) }),
)
