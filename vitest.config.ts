import { defineConfig } from 'vitest/config'
import { fileURLToPath } from 'node:url'

/** `electron` must never be imported for real in a test: it would try to download its binary. */
const electronFake = fileURLToPath(new URL('./test/fakes/electron.ts', import.meta.url))

/** Property tests draw new examples every time, unless the environment says otherwise, as CI's does. */
const seeded = fileURLToPath(new URL('./test/fakes/seeded-fast-check.ts', import.meta.url))
const isSeeded = Object.keys(process.env).some((name) => name.startsWith('FORESIGHT_PROPERTY_'))

export default defineConfig({
  test: {
    alias: [
      { find: 'electron', replacement: electronFake },
      ...(isSeeded ? [{ find: /^fast-check$/u, replacement: seeded }] : []),
    ],
    passWithNoTests: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}', 'test/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
