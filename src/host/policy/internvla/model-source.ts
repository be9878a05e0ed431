/** Where an InternVLA model's graphs and rows come from: a checkpoint folder as it was downloaded, or what an import made of it. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dialect } from '#core/onnx/graph-builder.ts'
import { emitModel, type ModelPart } from '#core/policy/internvla/emit-model.ts'
import type { InternVlaModel, ModelFolds } from '#core/policy/internvla/internvla-model.ts'
import { readModel } from '#core/policy/internvla/model.ts'
import type { SequenceRoom } from '#core/policy/internvla/sequence-room.ts'
import type { TensorForm } from '#core/policy/internvla/weights.ts'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import type { Precision } from '#contract/services/policy.ts'
import { adapterFault, adapterTensors } from './adapter-check.ts'
import { CheckpointFiles } from './checkpoint-files.ts'
import { everythingMissing } from './everything-missing.ts'
import { estimateMemory } from './memory-estimate.ts'
import { NotingReader } from './noting-reader.ts'
import { scanWeights } from './scan-weights.ts'
import { convertToScratch, type ScratchConversion } from './scratch-conversion.ts'
import { usedTensors } from './used-tensors.ts'

export interface GraphQuestion {
  readonly part: ModelPart
  readonly isTraced: boolean
  readonly hasForesight: boolean
  readonly dialect?: Dialect
  /** Views and instruction tokens that its calls may bring. */
  readonly room: SequenceRoom
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
  /** What a session is expected to take, bytes; absent where the import noted it. Fails as `graph` does. */
  readonly expectedBytes?: () => Promise<Result<number>>
}

/** `config.json` and `dims.json` of a folder. Fails with `policy/not-found`, `policy/checkpoint-lora`, or as `readModel` does. */
export async function readFolderModel(folder: string): Promise<Result<InternVlaModel>> {
  const adapter = await adapterFault(folder)
  if (adapter !== null) return { ok: false, error: adapter }
  const [config, dims] = await Promise.all(
    ['config.json', 'dims.json'].map((name) => readFile(join(folder, name), 'utf8').catch(() => null)),
  )
  if (config === null || config === undefined) {
    const about = await stat(folder).catch(() => null)
    const what =
      about === null
        ? `there is no folder ${folder}`
        : about.isDirectory()
          ? `${folder} has no config.json`
          : `${folder} is a file: name the folder it is in`
    return fail('policy/not-found', what, { path: folder })
  }
  return readModel(config, dims ?? null)
}

/** A checkpoint folder, read in place: folds are computed and kept in memory, another precision in a file of its own. */
export class CheckpointSource implements ModelSource {
  readonly model: InternVlaModel
  private readonly files: CheckpointFiles
  private readonly precision: Precision
  private readonly signal: AbortSignal | undefined
  private folds: Promise<ModelFolds> | null = null
  private converted: Promise<ScratchConversion> | null = null

  private constructor(
    model: InternVlaModel,
    files: CheckpointFiles,
    precision: Precision,
    signal: AbortSignal | undefined,
  ) {
    this.signal = signal
    this.model = model
    this.files = files
    this.precision = precision
  }

  /**
   * @param precision other than `fp32` is converted to a temporary file with the first graph
   * @param signal ends that conversion: whoever asked for the graph gets what it was aborted with thrown
   * Fails with `policy/not-found`, `policy/unknown-architecture`, `policy/checkpoint-damaged` or `policy/checkpoint-incomplete`.
   */
  static async open(
    folder: string,
    precision: Precision = 'fp32',
    signal?: AbortSignal,
  ): Promise<Result<CheckpointSource>> {
    const model = await readFolderModel(folder)
    if (!model.ok) return model
    const files = await CheckpointFiles.open(folder, model.value.trunk.modules.tied)
    if (!files.ok) return files
    const adapted = adapterTensors(folder, files.value.index.tensors.keys())
    if (adapted === null) return ok(new CheckpointSource(model.value, files.value, precision, signal))
    await files.value[Symbol.asyncDispose]()
    return { ok: false, error: adapted }
  }

  async graph(question: GraphQuestion): Promise<Result<SourceGraph>> {
    const { model, files, precision } = this
    try {
      const folds = await this.foldsOf()
      const emit = (root: string, converted?: ReadonlyMap<string, TensorForm>) =>
        emitModel(model, folds, files.index, {
          ...question,
          locate: files.locateFrom(root),
          sidecar: null,
          ...(converted === undefined ? {} : { converted }),
        })
      if (precision === 'fp32') {
        const emitted = emit(files.root)
        return emitted.ok ? ok({ model: emitted.value.model, folder: files.root }) : emitted
      }
      // All weights must be known before the first conversion: it serves every graph of this source.
      const plain = emit(files.root)
      if (!plain.ok) return plain
      this.converted ??= convertToScratch(model, files, precision, this.signal)
      const { root, tensors } = await this.converted
      const emitted = emit(root, tensors)
      return emitted.ok ? ok({ model: emitted.value.model, folder: root }) : emitted
    } catch (error) {
      return faultOf(error)
    }
  }

  textRows(ids: readonly number[]): Promise<Result<Float32Array>> {
    return readRows(this.files, this.model, ids)
  }

  readonly expectedBytes = async (): Promise<Result<number>> => {
    const { model, files, precision } = this
    try {
      const used = usedTensors(model, await this.foldsOf(), files)
      return used.ok ? ok(estimateMemory(files.index, used.value, model.trunk)[precision]) : used
    } catch (error) {
      return faultOf(error)
    }
  }

  /** Fails with `policy/checkpoint-damaged` for weights that are no numbers, as an import does, or with what is missing. */
  async scan(signal: AbortSignal): Promise<Result<void>> {
    const { model, files } = this
    try {
      const used = usedTensors(model, await this.foldsOf(), files)
      if (!used.ok) return used
      const tensors = [...used.value].flatMap((name) => files.index.tensors.get(name) ?? [])
      const scanned = await scanWeights(tensors, files, signal)
      return scanned.ok ? ok(undefined) : scanned
    } catch (error) {
      return faultOf(error)
    }
  }

  /** @throws FaultError with everything that is missing, not the first only */
  private async foldsOf(): Promise<ModelFolds> {
    this.folds ??= this.model.computeFolds(new NotingReader(this.files))
    try {
      return await this.folds
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== 'policy/checkpoint-incomplete') throw error
      throw new FaultError(await everythingMissing(this.model, this.files, error.fault))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.files[Symbol.asyncDispose]()
    const converted = await this.converted?.catch(() => null)
    await converted?.[Symbol.asyncDispose]()
  }
}

/** Rows of a checkpoint's embedding table, one after the other. Fails with the codes of `rows`. */
export async function readRows(
  files: CheckpointFiles,
  { trunk }: InternVlaModel,
  ids: readonly number[],
): Promise<Result<Float32Array>> {
  try {
    const rows = await Promise.all(ids.map((id) => files.rows(trunk.modules.embedding, id, 1)))
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

function faultOf(error: unknown): { readonly ok: false; readonly error: FaultError['fault'] } {
  if (error instanceof FaultError) return { ok: false, error: error.fault }
  throw error
}
