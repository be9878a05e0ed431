/** Where an InternVLA model's graphs and rows come from: a checkpoint folder as it was downloaded, or what an import made of it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emitModel, type ModelPart } from '#core/policy/internvla/emit-model.ts'
import { readModel, type InternVlaModel, type ModelFolds } from '#core/policy/internvla/model.ts'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import { CheckpointFiles } from './checkpoint-files.ts'

export interface GraphQuestion {
  readonly part: ModelPart
  readonly isTraced: boolean
  readonly hasForesight: boolean
}

export interface SourceGraph {
  /** A file's path, or the graph itself. */
  readonly model: string | Uint8Array
  /** Folder that the graph's external data lies in. */
  readonly folder: string | null
}

export interface ModelSource extends AsyncDisposable {
  readonly model: InternVlaModel
  graph(question: GraphQuestion): Promise<Result<SourceGraph>>
  /** Rows of the embedding table, one after the other, not scaled. */
  textRows(ids: readonly number[]): Promise<Result<Float32Array>>
}

/** `config.json` and `dims.json` of a folder. Fails with `policy/not-found`, or as `readModel` does. */
export async function readFolderModel(folder: string): Promise<Result<InternVlaModel>> {
  const [config, dims] = await Promise.all(
    ['config.json', 'dims.json'].map((name) => readFile(join(folder, name), 'utf8').catch(() => null)),
  )
  if (config === null || config === undefined)
    return fail('policy/not-found', `${folder} has no config.json`, { path: folder })
  return readModel(config, dims ?? null)
}

/** A checkpoint folder, read in place: folds are computed and kept in memory. */
export class CheckpointSource implements ModelSource {
  readonly model: InternVlaModel
  private readonly files: CheckpointFiles
  private folds: Promise<ModelFolds> | null = null

  private constructor(model: InternVlaModel, files: CheckpointFiles) {
    this.model = model
    this.files = files
  }

  /** Fails with `policy/not-found`, `policy/unknown-architecture`, `policy/checkpoint-damaged` or `policy/checkpoint-incomplete`. */
  static async open(folder: string): Promise<Result<CheckpointSource>> {
    const model = await readFolderModel(folder)
    if (!model.ok) return model
    const files = await CheckpointFiles.open(folder)
    return files.ok ? ok(new CheckpointSource(model.value, files.value)) : files
  }

  async graph({ part, isTraced, hasForesight }: GraphQuestion): Promise<Result<SourceGraph>> {
    const { model, files } = this
    try {
      this.folds ??= model.computeFolds(files)
      const options = { part, isTraced, hasForesight, locate: files.locate, sidecar: null }
      const emitted = emitModel(model, await this.folds, files.index, options)
      return emitted.ok ? ok({ model: emitted.value.model, folder: files.root }) : emitted
    } catch (error) {
      return faultOf(error)
    }
  }

  async textRows(ids: readonly number[]): Promise<Result<Float32Array>> {
    const { embedding } = this.model.trunk.modules
    try {
      const rows = await Promise.all(ids.map((id) => this.files.rows(embedding, id, 1)))
      const all = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0))
      let at = 0
      for (const row of rows) {
        all.set(row, at)
        at += row.length
      }
      return ok(all)
    } catch (error) {
      return faultOf(error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.files[Symbol.asyncDispose]()
  }
}

function faultOf(error: unknown): { readonly ok: false; readonly error: FaultError['fault'] } {
  if (error instanceof FaultError) return { ok: false, error: error.fault }
  throw error
}
