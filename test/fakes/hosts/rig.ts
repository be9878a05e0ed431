/** Stands in for the rig host: says who asks, keeps streams and calls open, crashes on demand. */
import { rig } from '#contract/services/rig.ts'
import { runFakeHost } from './fake-host.ts'

runFakeHost('rig', [
  {
    service: rig,
    methods: {
      ports: async (_input: never, { peer }: { peer: string }) => [{ path: peer }],
      savedRigs: () => new Promise(() => undefined),
      removeRig: async ({ name }: { name: string }) => {
        if (name === 'crash') process.exit(3)
      },
      state: (_params: never, emitter: { emit(item: unknown): Promise<void> }) => {
        void emitter.emit({ status: 'none', rig: null, arms: [], fault: null })
        return { [Symbol.dispose]: () => undefined }
      },
    },
  },
])
