/**
 * fast-check with settings from the environment. FORESIGHT_PROPERTY_SEED: the same examples in every run, so that what CI says of a
 * change depends on the change and not on the luck of the day. FORESIGHT_PROPERTY_RUNS: how many examples a property tries.
 */
import { configureGlobal } from '../../node_modules/fast-check/lib/fast-check.js'

// fast-check's own default export is not used by any test.
export * from '../../node_modules/fast-check/lib/fast-check.js'

const { FORESIGHT_PROPERTY_SEED: seed, FORESIGHT_PROPERTY_RUNS: numRuns } = process.env
configureGlobal({
  ...(seed === undefined ? {} : { seed: Number(seed) }),
  ...(numRuns === undefined ? {} : { numRuns: Number(numRuns) }),
})
