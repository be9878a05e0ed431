/**
 * The tokenizer of a checkpoint's language model: releases do not carry it (spec/internvla-a1.md §1.3), so it is looked for
 * where people put it, and a person is told where to get it.
 */
import { existsSync, statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { InternVlaModel } from '#core/policy/internvla/internvla-model.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import { checkTokenizer, openTokeniser, type InstructionTokeniser } from '#core/policy/tokenise.ts'
import { fail, ok, type Result } from '#core/result.ts'

const fileName = 'tokenizer.json'

const baseModel: Readonly<Record<string, string>> = {
  qwena1: 'Qwen/Qwen3-VL-2B-Instruct',
  interna1: 'OpenGVLab/InternVL3-1B',
}

/** People name the folder as well as the file. */
const fileOf = (given: string): string =>
  statSync(given, { throwIfNoEntry: false })?.isDirectory() === true ? join(given, fileName) : given

/** In the checkpoint's folder, in a folder `tokenizer` in it, in one beside it; then what Hugging Face's tools have fetched. */
async function usualPlaces(folder: string, architecture: string): Promise<readonly string[]> {
  return [
    join(folder, fileName),
    join(folder, 'tokenizer', fileName),
    join(dirname(folder), 'tokenizer', fileName),
    ...(await cachedPlaces(architecture)),
  ]
}

/** Snapshots of the base model in the cache that `huggingface_hub` keeps. */
async function cachedPlaces(architecture: string): Promise<readonly string[]> {
  const model = baseModel[architecture]
  if (model === undefined) return []
  const home = process.env['HF_HOME'] ?? join(homedir(), '.cache', 'huggingface')
  const snapshots = join(home, 'hub', `models--${model.replace('/', '--')}`, 'snapshots')
  const revisions = await readdir(snapshots).catch(() => [])
  return revisions.map((revision) => join(snapshots, revision, fileName))
}

/** A case may lie elsewhere than its checkpoint: its own folder and those above it, as the fixtures’ layout has them. */
export function placesOfCase(caseDir: string): readonly string[] {
  const above = [caseDir, dirname(caseDir), dirname(dirname(caseDir)), dirname(dirname(dirname(caseDir)))]
  return above.flatMap((folder) => [join(folder, fileName), join(folder, 'tokenizer', fileName)])
}

/** Path of the tokenizer that would be used, null where there is none. @param dataDir the user's data, which may hold `tokenizers/<architecture>` */
export async function locateTokenizer(
  given: string | null,
  folder: string,
  architecture: string,
  dataDir: string,
): Promise<string | null> {
  const own = join(dataDir, 'tokenizers', architecture, fileName)
  const places = given === null ? [...(await usualPlaces(folder, architecture)), own] : [fileOf(given)]
  return places.find((path) => existsSync(path)) ?? null
}

/**
 * @param given the file a person named; null looks in the usual places of `folder`
 * @param others files to look at after those
 * @returns `policy/no-tokenizer`, which says what to fetch
 */
export async function findTokenizer(
  given: string | null,
  folder: string,
  model: InternVlaModel,
  others: readonly string[] = [],
): Promise<Result<InstructionTokeniser>> {
  const { pad_token_id: pad, vocab } = model.trunk.dims
  const places =
    given === null ? [...(await usualPlaces(folder, model.architecture)), ...others] : [fileOf(given)]
  for (const path of places) {
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text !== null) return openTokeniser(text, pad, vocab, internVla.textTokens)
  }
  const from = baseModel[model.architecture] ?? 'the base model'
  const where = given === null ? `no ${fileName} in or beside ${folder}` : `${given} cannot be read`
  const message = `${where}: fetch ${fileName} of ${from} from Hugging Face and name it`
  return fail('policy/no-tokenizer', message, { model: from, path: given })
}

/** Whether the file is a tokenizer of the model, without building it. Fails with `policy/no-tokenizer`. */
export async function lookAtTokenizer(path: string, { trunk }: InternVlaModel): Promise<Result<void>> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return fail('policy/no-tokenizer', `${path} cannot be read`, { path })
  const looked = checkTokenizer(text, trunk.dims.pad_token_id)
  return looked.ok ? ok(undefined) : looked
}
