/** InternVLA-A1-3B behind the common door. */
import { ok } from '../../result.ts'
import type { Result } from '../../result.ts'
import type { ConfigFile } from './config-file.ts'
import { readInternVlaConfig } from './dims.ts'
import type { InternVlaConfig } from './dims.ts'
import { computeTrunkFolds } from './folds.ts'
import { qwenFront } from './front.ts'
import type { InternVlaModel } from './internvla-model.ts'
import { computeQwenFolds } from './qwen-folds.ts'
import { mropeAxes, mropeTable, ropeFrequencies, ropeTable } from './rope.ts'
import { sequenceTensors } from './sequence-feeds.ts'
import { fullRoom } from './sequence-room.ts'
import { sequenceIds, sequenceMasks, sequencePositions } from './token-layout.ts'

export function qwenModel(file: ConfigFile, dimsText: string | null): Result<InternVlaModel> {
  const config = readInternVlaConfig(file, dimsText)
  return config.ok ? ok(modelOf(config.value)) : config
}

function modelOf(config: InternVlaConfig): InternVlaModel {
  const { dims, hasRoundedFrequencies } = config
  const suffixLength = dims.chunk + 1
  const positions: InternVlaModel['positions'] = (viewMask, textTokens) =>
    sequencePositions(viewMask, textTokens, suffixLength)
  return {
    architecture: 'qwena1',
    trunk: config,
    textScale: 1,
    ids: (viewMask, textIds) => sequenceIds(viewMask.length, textIds, dims),
    masks: sequenceMasks,
    positions,
    sequenceFeeds: (viewMask, textTokens, room = fullRoom) => {
      const { prefix, middle, suffix } = positions(viewMask, textTokens)
      const frequencies = ropeFrequencies(dims.rope_theta, dims.head_dim, hasRoundedFrequencies)
      const axes = mropeAxes(dims.mrope_section, dims.head_dim / 2)
      const ropes = {
        prefix: mropeTable(prefix, axes, frequencies),
        middle: ropeTable(middle, frequencies),
        suffix: ropeTable(suffix, frequencies),
      }
      return sequenceTensors(sequenceMasks(viewMask, textTokens), ropes, config, room)
    },
    computeFolds: async (reader) => ({
      trunk: await computeTrunkFolds(config, reader),
      front: qwenFront(config, await computeQwenFolds(config, reader)),
    }),
  }
}
