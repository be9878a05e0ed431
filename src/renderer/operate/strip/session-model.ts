/** The session as blocks, one per take: saved ones by outcome, the open one, those still wanted. */
import type { RecordState } from '#contract/services/record.ts'

export type BlockKind =
  'success' | 'partial' | 'failure' | 'unlabelled' | 'saving' | 'failed' | 'open' | 'closed' | 'wanted'

export interface SessionBlock {
  readonly key: string
  readonly kind: BlockKind
  readonly number: number
}

export interface SessionModel {
  readonly blocks: readonly SessionBlock[]
  readonly saved: number
  readonly success: number
  readonly partial: number
  readonly failure: number
  readonly unlabelled: number
  readonly trash: number
}

/** More than this many wanted takes are not drawn as blocks of their own. */
const maxBlocks = 100

export function sessionModel(record: RecordState): SessionModel {
  const kept = record.session.filter((entry) => entry.state !== 'trash')
  const saved = kept.filter((entry) => entry.state === 'saved')
  const count = (outcome: string): number => saved.filter((entry) => entry.outcome === outcome).length
  const blocks: SessionBlock[] = kept.map((entry) => ({
    key: entry.takeId,
    kind: entry.state === 'saved' ? entry.outcome : entry.state === 'saving' ? 'saving' : 'failed',
    number: entry.number,
  }))
  if (record.take !== null && (record.phase === 'recording' || record.phase === 'closed'))
    blocks.push({
      key: record.take.takeId,
      kind: record.phase === 'closed' ? 'closed' : 'open',
      number: record.take.number,
    })
  const wanted = Math.min(record.goal ?? 0, maxBlocks)
  for (let i = blocks.length; i < wanted; i += 1)
    blocks.push({ key: `wanted-${i}`, kind: 'wanted', number: i + 1 })
  return {
    blocks: blocks.slice(-maxBlocks),
    saved: saved.length,
    success: count('success'),
    partial: count('partial'),
    failure: count('failure'),
    unlabelled: count('unlabelled'),
    trash: record.trash,
  }
}
