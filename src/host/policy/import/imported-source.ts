/**
 * An imported model: its graphs are emitted once a form and kept in the policy's folder, its weights stay in the checkpoint
 * or in the file that a conversion wrote. Paths inside the graphs start at the root of the file system, which reaches both,
 * and Hugging Face's cache behind its links (spec/internvla-a1.md §4.3).
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, parse, relative, sep } from 'node:path'
import { emitModel } from '#core/policy/internvla/emit-model.ts'
import { convertedBy, planConversion, type ConversionPlan } from '#core/policy/internvla/conversion-plan.ts'
import type { InternVlaModel, ModelFolds } from '#core/policy/internvla/internvla-model.ts'
import { isFullRoom } from '#core/policy/internvla/sequence-room.ts'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import type { Precision } from '#contract/services/policy.ts'
import { CheckpointFiles } from '../internvla/checkpoint-files.ts'
import { usedTensors } from '../internvla/used-tensors.ts'
import {
  readRows,
  type GraphQuestion,
  type ModelSource,
  type SourceGraph,
} from '../internvla/model-source.ts'

export interface ImportedPlace {
  /** The policy's folder. */
  readonly folder: string
  /** The checkpoint's. */
  readonly source: string
  readonly precision: Precision
  /** Converted weights in the policy's folder; null for the checkpoint's own. */
  readonly weights: string | null
}

export class ImportedSource implements ModelSource {
  readonly model: InternVlaModel
  private readonly files: CheckpointFiles
  private readonly place: ImportedPlace
  private folds: Promise<ModelFolds> | null = null

  private constructor(model: InternVlaModel, files: CheckpointFiles, place: ImportedPlace) {
    this.model = model
    this.files = files
    this.place = place
  }

  /** Fails as `CheckpointFiles.open`. */
  static async open(model: InternVlaModel, place: ImportedPlace): Promise<Result<ImportedSource>> {
    const files = await CheckpointFiles.open(place.source, model.trunk.modules.tied)
    return files.ok ? ok(new ImportedSource(model, files.value, place)) : files
  }

  async graph(question: GraphQuestion): Promise<Result<SourceGraph>> {
    const root = parse(this.place.folder).root
    const name = graphName(question)
    const path = join(this.folder, `${name}.onnx`)
    if (!question.isTraced && existsSync(path)) return this.read(path, root)
    try {
      this.folds ??= this.model.computeFolds(this.files)
      const emitted = await this.emit(question, await this.folds, question.isTraced ? null : `${name}.bin`)
      if (!emitted.ok) return emitted
      if (question.isTraced) return ok({ model: emitted.value.model, folder: root })
      await mkdir(this.folder, { recursive: true })
      // A session may have mapped an older file: it keeps that one, the new name gets a new file.
      await replace(join(this.folder, `${name}.bin`), emitted.value.sidecar)
      await replace(path, emitted.value.model)
      return await this.read(path, root)
    } catch (error) {
      return faultOf(error, this.folder)
    }
  }

  async textRows(ids: readonly number[]): Promise<Result<Float32Array>> {
    return readRows(this.files, this.model, ids)
  }

  /** Where the converted weights of this form lie, from what the whole graph uses. */
  static plan(
    model: InternVlaModel,
    files: CheckpointFiles,
    used: Iterable<string>,
    { folder, precision, weights }: ImportedPlace,
  ): ConversionPlan | null {
    if (precision === 'fp32' || weights === null) return null
    const location = fromRoot(join(folder, weights))
    return planConversion(files.index, used, model.trunk.modules, precision, location)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.files[Symbol.asyncDispose]()
  }

  /** Graphs of one precision do not mix with those of another. */
  private get folder(): string {
    return join(this.place.folder, this.place.precision)
  }

  private async emit(question: GraphQuestion, folds: ModelFolds, sidecar: string | null) {
    const { files, model } = this
    const locate = files.locateFrom(parse(files.root).root)
    const all = usedTensors(model, folds, files)
    if (!all.ok) return all
    const plan = ImportedSource.plan(model, files, all.value, this.place)
    return emitModel(model, folds, files.index, {
      ...question,
      locate,
      sidecar: sidecar === null ? null : fromRoot(join(this.folder, sidecar)),
      ...(plan === null ? {} : { converted: convertedBy(plan) }),
    })
  }

  private async read(path: string, root: string): Promise<Result<SourceGraph>> {
    return ok({ model: new Uint8Array(await readFile(path)), folder: root })
  }
}

const graphName = ({ part, hasForesight, dialect = 'standard', room }: GraphQuestion): string => {
  const name = hasForesight && part !== 'act' && part !== 'foresight' ? `${part}-foresight` : part
  const own = dialect === 'standard' ? name : `${name}-${dialect}`
  return isFullRoom(room) ? own : `${own}-${room.views}v${room.textTokens}t`
}

/** As a graph writes it: relative to the root, with forward slashes. */
export const fromRoot = (path: string): string => relative(parse(path).root, path).split(sep).join('/')

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.new`
  try {
    await writeFile(draft, bytes)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

function faultOf(error: unknown, folder: string): Result<never> {
  if (error instanceof FaultError) return { ok: false, error: error.fault }
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
    return fail('shell/io', `the disk of ${folder} is full: make room and try again`, { path: folder })
  const message = error instanceof Error ? error.message : String(error)
  return fail('shell/io', `${folder}: ${message}`, { path: folder })
}
