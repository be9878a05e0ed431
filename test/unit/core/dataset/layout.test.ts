import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareSlots,
  episodesPath,
  fillTemplate,
  firstSlot,
  nextSlot,
  slotOfPath,
  videoTemplate,
} from '#core/dataset/layout.ts'

describe('dataset layout', () => {
  it('hands out slots whose paths sort in the order in which they were handed out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 300 }), (chunksSize, count) => {
        let slot = firstSlot
        for (let i = 0; i < count; i += 1) {
          const next = nextSlot(slot, chunksSize)
          expect(compareSlots(slot, next)).toBeLessThan(0)
          expect(episodesPath(slot) < episodesPath(next)).toBe(true)
          slot = next
        }
      }),
    )
  })

  it('rolls to the next chunk when a chunk is full', () => {
    expect(nextSlot({ chunkIndex: 0, fileIndex: 998 })).toEqual({ chunkIndex: 0, fileIndex: 999 })
    expect(nextSlot({ chunkIndex: 0, fileIndex: 999 })).toEqual({ chunkIndex: 1, fileIndex: 0 })
  })

  it("fills LeRobot's path templates", () => {
    const slot = { chunkIndex: 2, fileIndex: 17 }
    expect(fillTemplate(videoTemplate, slot, 'observation.images.front')).toBe(
      'videos/observation.images.front/chunk-002/file-017.mp4',
    )
    expect(fillTemplate('a/{file_index}-{unknown}', slot)).toBe('a/17-{unknown}')
  })

  it('reads a slot back from a path', () => {
    expect(slotOfPath('data/chunk-002/file-017.parquet')).toEqual({ chunkIndex: 2, fileIndex: 17 })
    expect(slotOfPath('data/chunk-002/episode_000017.parquet')).toBeNull()
  })
})
