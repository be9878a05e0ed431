/** Stands in for the library host. */
import { library } from '#contract/services/library.ts'
import { runFakeHost } from './fake-host.ts'

runFakeHost('library', [{ service: library, methods: { datasets: async () => [] } }])
