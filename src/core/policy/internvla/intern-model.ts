/** InternVLA-A1-2B behind the common door. */
import { ok } from '../../result.ts'
import type { Result } from '../../result.ts'
import type { ConfigFile } from './config-file.ts'
import { computeTrunkFolds } from './folds.ts'
import { internFront } from './front.ts'
import { readInternConfig } from './intern-dims.ts'
import type { InternConfig } from './intern-dims.ts'
import { computeInternFolds } from './intern-folds.ts'
import { internMasks, internPositions } from './intern-layout.ts'
import type { InternVlaModel } from './internvla-model.ts'
import { ropeFrequencies, ropeTable } from './rope.ts'
import { sequenceTensors } from './sequence-feeds.ts'
import { fullRoom } from './sequence-room.ts'

export function internModel(file: ConfigFile, dimsText: string | null): Result<InternVlaModel> {
  const config = readInternConfig(file, dimsText)
  return config.ok ? ok(modelOf(config.value)) : config
}

function modelOf(config: InternConfig): InternVlaModel {
  const { dims, hasRoundedFrequencies } = config
  const positions: InternVlaModel['positions'] = (viewMask, textTokens) =>
    internPositions(internMasks(viewMask, textTokens), dims.chunk + 1)
  return {
    architecture: 'interna1',
    trunk: config,
    // Pictures are not scaled, instruction rows are (spec §2).
    textScale: Math.sqrt(dims.und_hidden),
    ids: null,
    masks: internMasks,
    positions,
    sequenceFeeds: (viewMask, textTokens, room = fullRoom) => {
      const { prefix, middle, suffix } = positions(viewMask, textTokens)
      const frequencies = ropeFrequencies(dims.rope_theta, dims.head_dim, hasRoundedFrequencies)
      const ropes = {
        prefix: ropeTable(prefix, frequencies),
        middle: ropeTable(middle, frequencies),
        suffix: ropeTable(suffix, frequencies),
      }
      return sequenceTensors(internMasks(viewMask, textTokens), ropes, config, room)
    },
    computeFolds: async (reader) => ({
      trunk: await computeTrunkFolds(config, reader),
      front: internFront(config, await computeInternFolds(config, reader)),
    }),
  }
}
