/**
 * Changes to a dataset that happen wholly or not at all, whatever kills the process: new files are staged and synced, then
 * one record of all steps is made durable, then the steps are done. Recovery repeats the steps of a record, or sweeps
 * staged files that have none. Steps may be repeated: each knows whether it was done.
 */
import { closeSync, fdatasync, openSync, writeSync } from 'node:fs'
import { open, readFile, readdir, rename, rm, rmdir, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { privateFolder } from '#core/dataset/layout.ts'
import { syncFolder, writeFileAtomic } from '../atomic-file.ts'
import { errnoOf } from './io-fault.ts'
import { makeFolderIn } from './make-folder.ts'
import { encodeRun, type Overwrite } from './parquet-patch.ts'

const run = z.object({
  offset: z.number(),
  rows: z.number(),
  first: z.number(),
  step: z.union([z.literal(0), z.literal(1)]),
})

const step = z.discriminatedUnion('kind', [
  /** A staged file takes its place, over an old one if there is one. */
  z.object({ kind: z.literal('put'), staged: z.string(), path: z.string() }),
  /** A file goes to a place that is free, such as the trash. Done when the place is taken. */
  z.object({ kind: z.literal('move'), from: z.string(), to: z.string() }),
  z.object({ kind: z.literal('remove'), path: z.string() }),
  /** Numbers in a file are overwritten in place: `first`, `first + step`, … at `offset`, eight bytes each. */
  z.object({ kind: z.literal('renumber'), path: z.string(), runs: z.array(run) }),
  /** Bytes (base64) in a file are overwritten in place. */
  z.object({
    kind: z.literal('overwrite'),
    path: z.string(),
    parts: z.array(z.object({ offset: z.number(), bytes: z.string() })),
  }),
])
type Step = z.infer<typeof step>
type InPlaceStep = Extract<Step, { kind: 'renumber' | 'overwrite' }>

const recordFile = `${privateFolder}/transaction.json`
const stageFolder = `${privateFolder}/stage`
const openFiles = 128

export class DatasetTransaction {
  readonly #root: string
  readonly #steps: Step[] = []
  #staged = 0

  /** The caller holds the dataset's lock until after `commit` or `abandon`. */
  constructor(root: string) {
    this.#root = root
  }

  /** Stages the content of a file. Steps happen in the order in which they were asked for. */
  async put(path: string, content: string | Uint8Array): Promise<void> {
    await this.putWith(path, (file) => file.writeFile(content))
  }

  /** Stages a file that `write` fills. Rejects with the system's error. */
  async putWith(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
    const staged = `${stageFolder}/${this.#staged++}`
    await makeFolderIn(this.#root, stageFolder)
    await using file = await open(join(this.#root, staged), 'w')
    await write(file)
    this.#steps.push({ kind: 'put', staged, path })
  }

  move(from: string, to: string): void {
    this.#steps.push({ kind: 'move', from, to })
  }

  remove(path: string): void {
    this.#steps.push({ kind: 'remove', path })
  }

  renumber(path: string, runs: z.infer<typeof run>[]): void {
    this.#steps.push({ kind: 'renumber', path, runs })
  }

  overwrite(path: string, parts: readonly Overwrite[]): void {
    const encoded = parts.map(({ offset, bytes }) => ({
      offset,
      bytes: Buffer.from(bytes).toString('base64'),
    }))
    this.#steps.push({ kind: 'overwrite', path, parts: encoded })
  }

  /** Makes all steps happen. Once the record is written nothing can undo them but another transaction. */
  async commit(): Promise<void> {
    if (this.#steps.length === 0) return
    const folder = join(this.#root, stageFolder)
    await makeFolderIn(this.#root, stageFolder)
    // All at once: the disk takes the files in one go.
    const staged = Array.from({ length: this.#staged }, (_, index) => syncFile(join(folder, `${index}`)))
    await Promise.all(staged)
    await syncFolder(folder)
    await writeFileAtomic(join(this.#root, recordFile), JSON.stringify(this.#steps))
    await perform(this.#root, this.#steps)
  }

  /** Removes what was staged. */
  async abandon(): Promise<void> {
    await rm(join(this.#root, stageFolder), { recursive: true, force: true })
  }
}

/** Finishes or undoes what a dead process left. The caller holds the lock. True when something was finished. */
export async function recoverTransaction(root: string): Promise<boolean> {
  let text: string
  try {
    text = await readFile(join(root, recordFile), 'utf8')
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    await rm(join(root, stageFolder), { recursive: true, force: true })
    return false
  }
  await perform(root, z.array(step).parse(JSON.parse(text)))
  return true
}

/** True while a transaction is recorded but perhaps not finished. */
export async function hasOpenTransaction(root: string): Promise<boolean> {
  return exists(join(root, recordFile))
}

async function perform(root: string, steps: readonly Step[]): Promise<void> {
  const touched = new Set<string>()
  const inPlace: InPlaceStep[] = []
  for (const s of steps) {
    if (s.kind === 'renumber' || s.kind === 'overwrite') {
      inPlace.push(s)
      continue
    }
    const path = s.kind === 'move' ? s.to : s.path
    const target = join(root, path)
    if (s.kind !== 'remove') await makeFolderIn(root, posix.dirname(path))
    for (let folder = dirname(target); folder.length >= root.length; folder = dirname(folder))
      touched.add(folder)
    if (s.kind === 'put') await renameIfThere(join(root, s.staged), target)
    else if (s.kind === 'remove') await removeFile(root, target)
    else if (!(await exists(target))) {
      const from = join(root, s.from)
      touched.add(dirname(from))
      await renameIfThere(from, target)
      await pruneEmpty(root, dirname(from))
    }
  }
  for (let i = 0; i < inPlace.length; i += openFiles)
    await overwriteAll(root, inPlace.slice(i, i + openFiles))
  for (const folder of touched) if (await exists(folder)) await syncFolder(folder)
  await rm(join(root, recordFile), { force: true })
  await syncFolder(join(root, privateFolder))
  await rm(join(root, stageFolder), { recursive: true, force: true })
}

/** Small writes without a turn of the event loop each, which costs more than they do; the syncs run side by side. */
async function overwriteAll(root: string, steps: readonly InPlaceStep[]): Promise<void> {
  const files: number[] = []
  try {
    for (const s of steps) {
      const file = openSync(join(root, s.path), 'r+')
      files.push(file)
      for (const { offset, bytes } of partsOf(s)) writeAll(file, bytes, offset)
    }
    await Promise.all(files.map(async (file) => datasync(file)))
  } finally {
    for (const file of files) closeSync(file)
  }
}

const datasync = promisify(fdatasync)

const partsOf = (s: InPlaceStep): readonly Overwrite[] =>
  s.kind === 'renumber'
    ? s.runs.map((r) => ({ offset: r.offset, bytes: encodeRun(r, r.rows) }))
    : s.parts.map(({ offset, bytes }) => ({ offset, bytes: Buffer.from(bytes, 'base64') }))

/** A write may be cut short, by a full disk or a signal. */
function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, bytes.length - done, offset + done)
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}

async function removeFile(root: string, path: string): Promise<void> {
  await rm(path, { force: true })
  await pruneEmpty(root, dirname(path))
}

/** Removes a folder that has become empty, and its parents, but never the dataset's own folder. */
async function pruneEmpty(root: string, from: string): Promise<void> {
  for (let folder = from; folder.length > root.length && (await isEmpty(folder)); folder = dirname(folder))
    await rmdir(folder)
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch {
    return false
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
}
