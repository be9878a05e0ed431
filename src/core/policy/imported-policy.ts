/**
 * `policy.json` of an imported checkpoint: where its weights lie, how they looked when they were read, and which forms of
 * them an import wrote. The weights themselves stay where they were downloaded to.
 */
import { z } from 'zod'
import { firstFew } from '../first-few.ts'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'

export const importedFileName = 'policy.json'
export const importedFormat = 'foresight-internvla/1'

const Text = z.string().min(1)

const SourceFile = z.strictObject({
  /** Name in the checkpoint's folder, and where its bytes lie. */
  name: Text,
  path: Text,
  bytes: z.number().int().nonnegative(),
  modifiedMs: z.number(),
  /** Of the safetensors header, hexadecimal: offsets are only good for this one. */
  headerSha256: z.string().regex(/^[0-9a-f]{64}$/u),
  /** Of blocks spread over the file: another training run's file has the same header. Absent in older imports. */
  spreadSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
})
export type SourceFile = z.infer<typeof SourceFile>

const Variant = z.strictObject({
  precision: z.enum(['fp32', 'fp16', 'int8', 'int4']),
  /** File with the converted weights in the policy's folder; null where the checkpoint's own are used. */
  weights: Text.nullable(),
  /** Bytes of memory that a session is expected to take on a CPU and on a graphics card. */
  memoryBytes: z.number().nonnegative(),
})

const ImportedPolicy = z
  .strictObject({
    format: z.literal(importedFormat),
    name: Text,
    architecture: Text,
    /** Folder that was named. */
    source: Text,
    files: z.array(SourceFile).min(1),
    /** Key of the statistics that a person chose; null while the default is good. */
    robot: Text.nullable(),
    /** The person's own tokenizer file; null for the copy in this folder or the usual places. */
    tokenizer: Text.nullable(),
    license: Text.nullable(),
    importedAt: z.iso.datetime(),
    variants: z.array(Variant).min(1),
  })
  .readonly()
export type ImportedPolicy = z.infer<typeof ImportedPolicy>

/** Fails with `policy/bad-manifest`, every problem named. */
export function parseImportedPolicy(text: string): Result<ImportedPolicy> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('policy/bad-manifest', `${importedFileName} is not JSON`)
  }
  const parsed = ImportedPolicy.safeParse(json)
  if (parsed.success) return ok(parsed.data)
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return fail('policy/bad-manifest', `${importedFileName}: ${firstFew(problems)}`, { problems })
}
