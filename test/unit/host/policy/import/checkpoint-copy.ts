/** A copy of the tiny 3B reference checkpoint that a test may damage, with the folder of a user's policies beside it. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImportOptions, ImportQuestion } from '#host/policy/import/import-checkpoint.ts'

const fixtures = fileURLToPath(new URL('../../../../fixtures/internvla-a1/', import.meta.url))
export const resourcesDir = fileURLToPath(new URL('../../../../../resources/', import.meta.url))

export interface CheckpointCopy extends AsyncDisposable {
  /** Folder of everything. */
  readonly root: string
  readonly checkpoint: string
  readonly question: ImportQuestion
  readonly options: ImportOptions
  /** Steps that were told. */
  readonly steps: string[]
}

/** A path with a space and letters beyond ASCII: nothing may mind. */
export async function copyCheckpoint(): Promise<CheckpointCopy> {
  const root = await mkdtemp(join(tmpdir(), 'import ü 策略-'))
  const checkpoint = join(root, 'check point')
  await cp(join(fixtures, 'tiny-3b'), checkpoint, { recursive: true })
  await rm(join(checkpoint, 'cases'), { recursive: true })
  await cp(join(fixtures, 'tokenizer/tokenizer.json'), join(checkpoint, 'tokenizer.json'))
  const steps: string[] = []
  const dataDir = join(root, 'data')
  return {
    root,
    checkpoint,
    steps,
    question: { source: checkpoint, name: 'My policy', robot: null, tokenizer: null, precision: 'fp32' },
    options: {
      ownDir: join(dataDir, 'policies'),
      dataDir,
      resourcesDir,
      nowMs: () => 1_700_000_000_000,
      signal: new AbortController().signal,
      // A first chunk takes a process and a second: the integration test has one.
      trial: () => Promise.resolve([]),
      onProgress: ({ step }) => {
        if (steps.at(-1) !== step) steps.push(step)
      },
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

interface HeaderEntry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}
export type Header = Record<string, HeaderEntry>

/** Rewrites the header of `model.safetensors`; the data stays as it is. */
export async function changeHeader(checkpoint: string, change: (header: Header) => void): Promise<void> {
  const path = join(checkpoint, 'model.safetensors')
  const bytes = await readFile(path)
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8')) as Header
  change(header)
  const text = Buffer.from(JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(text.length))
  await writeFile(path, Buffer.concat([prefix, text, bytes.subarray(8 + length)]))
}

/** Overwrites the data of one tensor. */
export async function overwrite(checkpoint: string, tensor: string, value: Buffer): Promise<void> {
  const path = join(checkpoint, 'model.safetensors')
  const bytes = await readFile(path)
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8')) as Header
  const entry = header[tensor]
  if (entry === undefined) throw new Error(`no ${tensor}`)
  value.copy(bytes, 8 + length + entry.data_offsets[0])
  await writeFile(path, bytes)
}
