/** `foresight policy infer`: one case of the reference data's layout through a checkpoint, answered under its names. */
import { constants } from 'node:fs'
import { access, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { encodeSafetensors } from '#core/policy/case/encode-safetensors.ts'
import type { CaseTensors } from '#core/policy/case/named-tensor.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { providerName, precision, type Precision, type ProviderName } from '#contract/services/policy.ts'
import { openForCase, type CaseModel } from '#host/policy/internvla/open-for-case.ts'
import { readCase, type CaseFiles } from '#host/policy/internvla/case-files.ts'
import { runCase } from '#host/policy/internvla/run-case.ts'
import { cudaFolder } from '#host/policy/providers/cuda-libraries.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { writeFileAtomic } from '#host/shared/atomic-file.ts'
import { makeFolders } from '#host/shared/make-folders.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { findPolicy } from '../policy/find-policy.ts'
import { readOptions, type Arguments } from '../read-options.ts'
import { exitCodes } from '../terminal.ts'

export const policyInferCommand: CliCommand = {
  name: 'policy infer',
  summary: 'run a checkpoint on one case of files and write its outputs',
  usage: [
    'foresight policy infer DIR --case CASE_DIR --out FILE.safetensors [OPTIONS] [--json]',
    '',
    'DIR               an InternVLA-A1 checkpoint folder, or an imported policy (folder or id)',
    '--case CASE_DIR   folder with case.json and inputs.safetensors',
    '--out FILE        safetensors file to write',
    '--trace           write every intermediate too, whole and thinned',
    '--provider P      cpu (default), webgpu, cuda or dml',
    '--precision P     fp32 (default) or fp16',
    '--tokenizer FILE  tokenizer.json of the language model; else looked for in and beside DIR',
  ].join('\n'),
  run: async (args, io) => {
    const read = readOptions(args, {
      case: 'value',
      out: 'value',
      trace: 'flag',
      provider: 'value',
      precision: 'value',
      tokenizer: 'value',
    })
    if (typeof read === 'string') return io.misuse(read)
    const asked = readInfer(read)
    if (typeof asked === 'string') return io.misuse(asked)
    const place = await prepareOut(asked.out)
    if (!place.ok) return io.fail(place.error)
    const files = await readCase(asked.caseDir)
    if (!files.ok) return io.fail(files.error)
    return Promise.race([inferCase(asked, files.value, io), interrupted(io)])
  },
}

/** Loading and computing cannot be stopped in between; the process that does it ends with this one. */
const interrupted = (io: CliIo): Promise<number> =>
  new Promise((resolveCode) => {
    const stop = () => resolveCode(io.fail({ code: 'contract/cancelled', message: 'interrupted' }))
    if (io.signal.aborted) stop()
    else io.signal.addEventListener('abort', stop, { once: true })
  })

async function inferCase(asked: InferArguments, files: CaseFiles, io: CliIo): Promise<number> {
  try {
    const opened = await open(asked, io)
    if (!opened.ok) return io.fail(opened.error)
    await using model = opened.value
    const answer = await runCase({ ...model.setup, isTraced: asked.isTraced }, files)
    if (!answer.ok) return io.fail(answer.error)
    const { tensors, tokens, computeMs } = answer.value
    if (tokens.untruncated > tokens.count)
      io.note(
        `the instruction has ${tokens.untruncated} tokens; the first ${tokens.count} are used, as in training`,
      )
    if (asked.isTraced && !tensors.has('foresight.images'))
      io.note('this checkpoint has no picture decoder: what it foresees is left out')
    const written = await write(asked.out, tensors)
    if (!written.ok) return io.fail(written.error)
    const value = {
      out: asked.out,
      architecture: model.setup.source.model.architecture,
      provider: asked.provider,
      precision: asked.precision,
      tensors: tensors.size,
      textTokens: tokens.count,
      untruncatedTokens: tokens.untruncated,
      computeMs,
    }
    io.answer(
      value,
      () =>
        `${asked.out}: ${tensors.size} tensors, ${computeMs.toFixed(0)} ms on ${asked.provider} ${asked.precision}`,
    )
    return 0
  } catch (error) {
    // Said already, by who waits for the interrupt.
    if (io.signal.aborted) return exitCodes.failure
    throw error
  }
}

interface InferArguments {
  readonly model: string
  readonly caseDir: string
  readonly out: string
  readonly isTraced: boolean
  readonly provider: ProviderName
  readonly precision: Precision
  readonly tokenizer: string | null
}

function readInfer({ values, flags, positionals }: Arguments): InferArguments | string {
  const [model, ...rest] = positionals
  if (model === undefined) return 'which checkpoint?'
  if (rest.length > 0) return `unexpected ${rest.join(' ')}`
  const { case: caseDir, out, tokenizer } = values
  if (caseDir === undefined) return 'which case? --case CASE_DIR'
  if (out === undefined) return 'where to? --out FILE.safetensors'
  const provider = providerName.safeParse(values['provider'] ?? 'cpu')
  if (!provider.success)
    return `--provider ${values['provider'] ?? ''}: one of ${providerName.options.join(', ')}`
  const exactness = precision.safeParse(values['precision'] ?? 'fp32')
  if (!exactness.success)
    return `--precision ${values['precision'] ?? ''}: one of ${precision.options.join(', ')}`
  return {
    model,
    caseDir: resolve(caseDir),
    out: resolve(out),
    isTraced: flags.has('trace'),
    provider: provider.data,
    precision: exactness.data,
    tokenizer: tokenizer === undefined ? null : resolve(tokenizer),
  }
}

async function open(asked: InferArguments, io: CliIo): Promise<Result<CaseModel>> {
  const cudaFolders = [cudaFolder(io.dataDir)]
  const provider = await new ProviderDesk(cudaFolders).choose(asked.provider, providerName.options)
  if (!provider.ok) return provider
  const found = await findPolicy(asked.model, io)
  if (!found.ok) return found
  return openForCase({
    folder: found.value.folder,
    caseDir: asked.caseDir,
    tokenizer: asked.tokenizer,
    provider: provider.value,
    precision: asked.precision,
    isTraced: asked.isTraced,
    resourcesDir: io.resourcesDir,
    cudaFolders,
    signal: io.signal,
  })
}

/** Before anything is computed: minutes of work end in a file or do not begin. */
async function prepareOut(path: string): Promise<Result<void>> {
  try {
    await makeFolders(dirname(path))
    const there = await stat(path).catch(() => null)
    if (there?.isDirectory() === true)
      return fail('shell/io', `${path} is a folder: name a file in it`, { path })
    await access(there === null || there.isFile() ? dirname(path) : path, constants.W_OK)
    return ok(undefined)
  } catch (error) {
    return unwritable(path, error)
  }
}

/** What is there is replaced when the new file is whole; a link stays one, a device or a pipe is written into. */
async function write(path: string, tensors: CaseTensors): Promise<Result<void>> {
  try {
    const there = await stat(path).catch(() => null)
    const bytes = encodeSafetensors(tensors)
    if (there === null) await writeFileAtomic(path, bytes)
    else if (there.isFile()) await writeFileAtomic(await realpath(path), bytes)
    else await writeFile(path, bytes)
    return ok(undefined)
  } catch (error) {
    return unwritable(path, error)
  }
}

const unwritable = (path: string, error: unknown): Result<never> =>
  fail('shell/io', `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, {
    path,
  })
