/** Runs a reference case and lays its tensors beside the expected ones. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CaseTensor } from '#core/policy/case/named-tensor.ts'
import { unwrap } from '#core/result.ts'
import type { Precision, ProviderName } from '#contract/services/policy.ts'
import { readCase } from '#host/policy/internvla/case-files.ts'
import { openForCase, type CaseModel } from '#host/policy/internvla/open-for-case.ts'
import { runCase } from '#host/policy/internvla/run-case.ts'
import { readSafetensors, type ReadTensor } from './read-safetensors.ts'

const resourcesDir = fileURLToPath(new URL('../../../resources/', import.meta.url))
const tokenizer = fileURLToPath(
  new URL('../../fixtures/internvla-a1/tokenizer/tokenizer.json', import.meta.url),
)

export const caseNames = (folder: string): string[] => readdirSync(join(folder, 'cases')).toSorted()

export const openTiny = async (
  folder: string,
  provider: ProviderName,
  precision: Precision = 'fp32',
): Promise<CaseModel> =>
  unwrap(
    await openForCase({
      folder,
      caseDir: join(folder, 'cases'),
      tokenizer,
      provider,
      precision,
      isTraced: true,
      resourcesDir,
      cudaFolders: [],
      signal: new AbortController().signal,
    }),
  )

export async function runTiny(model: CaseModel, caseDir: string): Promise<ReadonlyMap<string, CaseTensor>> {
  const files = unwrap(await readCase(caseDir))
  return unwrap(await runCase({ ...model.setup, isTraced: true }, files)).tensors
}

export interface Difference {
  readonly tensor: string
  readonly kind: 'exact' | 'actions' | 'hidden' | 'pictures'
  readonly largest: number
  /** Of the largest expected number. */
  readonly relative: number
}

/** Other precisions: not ours to reproduce here. */
const leftOut = /^(?:cosmos_bf16|all_bf16|all_fp16)\./u
/** Rows of tokens that are masked are arbitrary (README §2). */
const masked = /^(prefix|middle)\.(?:[kv]\.\d+|layer\.\d+\.out|hidden)/u

/** One entry a tensor of `expected.safetensors`; infinite where a tensor is missing or has another shape. */
export function differences(actual: ReadonlyMap<string, CaseTensor>, caseDir: string): Difference[] {
  const expected = readSafetensors(join(caseDir, 'expected.safetensors'))
  return [...expected]
    .filter(([name]) => !leftOut.test(name))
    .map(([name, tensor]) => {
      const found = actual.get(name)
      const isFloat = tensor.data instanceof Float32Array
      const kind = isFloat ? kindOf(name) : 'exact'
      if (found === undefined || found.shape.join() !== tensor.shape.join())
        return { tensor: name, kind, largest: Number.POSITIVE_INFINITY, relative: Number.POSITIVE_INFINITY }
      const stage = masked.exec(name)?.[1]
      const mask = stage === undefined ? undefined : expected.get(`${stage}.pad_mask`)
      return { tensor: name, kind, ...compare(found, tensor, mask) }
    })
}

const kindOf = (name: string): Difference['kind'] => {
  if (name === 'actions.normalized') return 'actions'
  return name.startsWith('foresight.images') ? 'pictures' : 'hidden'
}

function compare(
  actual: CaseTensor,
  expected: ReadTensor,
  mask: ReadTensor | undefined,
): Pick<Difference, 'largest' | 'relative'> {
  const [rows = 1, width = 1] = expected.shape.slice(-2)
  // Thinned by tokens: row k stands for token k · step.
  const step = mask === undefined ? 1 : Math.floor((mask.data.length - 1) / Math.max(1, rows - 1))
  let largest = 0
  let size = 1e-9
  for (let index = 0; index < expected.data.length; index++) {
    const row = Math.floor(index / width) % rows
    if (mask !== undefined && Number(mask.data[row * step]) === 0) continue
    const wanted = Number(expected.data[index])
    const difference = Math.abs(Number(actual.data[index]) - wanted)
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
    size = Math.max(size, Math.abs(wanted))
  }
  return { largest, relative: largest / size }
}
