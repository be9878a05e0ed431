/** Which tensors folds are computed from is known by who is asked for them; a fold of numbers that are none would be none either. */
import type { TensorReader } from '#core/policy/internvla/folds.ts'
import { FaultError } from '#core/result.ts'
import { allFinite } from './all-finite.ts'
import type { CheckpointFiles } from './checkpoint-files.ts'

export class NotingReader implements TensorReader {
  readonly stored = new Set<string>()
  private readonly files: CheckpointFiles

  constructor(files: CheckpointFiles) {
    this.files = files
  }

  has(name: string): boolean {
    return this.files.has(name)
  }

  async rows(name: string, first: number, count: number, shape?: readonly number[]): Promise<Float32Array> {
    const rows = await this.files.rows(name, first, count, shape)
    const stored = this.files.index.find(name)?.storedAs ?? name
    this.stored.add(stored)
    if (allFinite(rows)) return rows
    const message = `${stored} holds numbers that are not finite`
    throw new FaultError({ code: 'policy/checkpoint-damaged', message, data: { tensor: stored } })
  }
}
