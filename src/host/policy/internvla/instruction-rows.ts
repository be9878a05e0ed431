/** The instruction as rows of the embedding table. The last one is kept: it rarely changes while an arm moves. */
import type { InstructionTokeniser } from '#core/policy/tokenise.ts'
import { ok, type Result } from '#core/result.ts'
import type { ModelSource } from './model-source.ts'

export interface InstructionEmbedding {
  /** [48, width], not scaled. */
  readonly rows: Float32Array
  /** Of them, how many are no padding. */
  readonly count: number
}

export class InstructionRows {
  private readonly tokeniser: InstructionTokeniser
  private readonly source: Pick<ModelSource, 'textRows'>
  private readonly onWarning: (message: string, data: Readonly<Record<string, unknown>>) => void
  private last: { readonly task: string; readonly embedding: InstructionEmbedding } | null = null

  constructor(
    tokeniser: InstructionTokeniser,
    source: Pick<ModelSource, 'textRows'>,
    onWarning: (message: string, data: Readonly<Record<string, unknown>>) => void,
  ) {
    this.tokeniser = tokeniser
    this.source = source
    this.onWarning = onWarning
  }

  /** Fails with `policy/bad-instruction`, or as reading the checkpoint does. */
  async of(task: string): Promise<Result<InstructionEmbedding>> {
    if (this.last?.task === task) return ok(this.last.embedding)
    const tokens = this.tokeniser.encode(task)
    if (!tokens.ok) return tokens
    const { ids, count, untruncated } = tokens.value
    if (untruncated > count)
      this.onWarning(
        `the instruction has ${untruncated} tokens; the first ${count} are used, as in training`,
        {
          untruncated,
          count,
        },
      )
    const rows = await this.source.textRows(ids)
    if (!rows.ok) return rows
    const embedding = { rows: rows.value, count }
    this.last = { task, embedding }
    return ok(embedding)
  }
}
