/** An imported policy as the list and the loader see it: the checkpoint's own files copied, its weights where they are. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importedFileName, parseImportedPolicy, type ImportedPolicy } from '#core/policy/imported-policy.ts'
import { fail, ok, type Result } from '#core/result.ts'
import {
  describeCheckpoint,
  type InternVlaDescription,
  type SourceOffer,
} from '../internvla/internvla-description.ts'
import { checkFiles } from './source-files.ts'
import { ImportedSource } from './imported-source.ts'

export const isImported = (folder: string): boolean => existsSync(join(folder, importedFileName))

/** Fails with `policy/not-found`, `policy/bad-manifest`, or as `describeCheckpoint` does. */
export async function describeImported(
  folder: string,
  resourcesDir: string,
): Promise<Result<InternVlaDescription>> {
  const imported = await readImported(folder)
  if (!imported.ok) return imported
  const described = await describeCheckpoint(folder, resourcesDir)
  if (!described.ok) return described
  const { name, license, robot, tokenizer } = imported.value
  return ok({
    ...described.value,
    name,
    license,
    robot: robot ?? described.value.robot,
    tokenizer,
    offers: imported.value.variants.map((variant) => offer(folder, imported.value, described.value, variant)),
  })
}

/** Fails with `policy/not-found` or `policy/bad-manifest`. */
export async function readImported(folder: string): Promise<Result<ImportedPolicy>> {
  const path = join(folder, importedFileName)
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return fail('policy/not-found', `${path} cannot be read`, { path })
  return parseImportedPolicy(text)
}

function offer(
  folder: string,
  { source, files }: ImportedPolicy,
  { model }: InternVlaDescription,
  { precision, weights, memoryBytes }: ImportedPolicy['variants'][number],
): SourceOffer {
  return {
    precision,
    memoryBytes,
    open: async () => {
      const isSame = await checkFiles(files)
      if (!isSame.ok) return isSame
      return ImportedSource.open(model, { folder, source, precision, weights })
    },
  }
}
