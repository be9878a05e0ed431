/**
 * The small files of a take's folder: what it is (written at its start), why it ended, what was decided about it. Each
 * appears whole or not at all, so that a later run knows how far an earlier one came.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { outcomes } from '#core/dataset/evidence.ts'
import { faultCodes } from '#core/errors.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { writeFileAtomic } from '../../shared/atomic-file.ts'
import { errnoOf } from '../../shared/dataset/io-fault.ts'

const spec = z.object({
  fps: z.number().int().positive(),
  robotType: z.string(),
  jointNames: z.array(z.string()).readonly(),
  cameras: z
    .array(
      z.object({
        name: z.string(),
        width: z.number().int().positive(),
        height: z.number().int().positive(),
        codec: z.literal('h264'),
        keyInterval: z.number().int().positive(),
      }),
    )
    .readonly(),
  sideChannels: z.array(z.object({ key: z.string(), names: z.array(z.string()).readonly() })).readonly(),
})

export const takeMeta = z.object({
  version: z.literal(1),
  takeId: z.string(),
  number: z.number().int(),
  datasetDir: z.string(),
  spec,
  task: z.string(),
  operator: z.string(),
  policy: z.string(),
  rigHash: z.string(),
  calibrationHash: z.string(),
  /** Machine-monotonic time of frame 0, microseconds. */
  t0Us: z.number(),
  /** Wall clock, ISO 8601. */
  startedAt: z.string(),
})
export type TakeMeta = z.infer<typeof takeMeta>

export const takeClosing = z.object({
  /** Rows that count: every camera has a picture for each. */
  frames: z.number().int(),
  /** Null when the operator ended it. */
  fault: z
    .object({
      code: z.enum(faultCodes),
      message: z.string(),
      data: z.record(z.string(), z.unknown()).optional(),
    })
    .nullable(),
})
export type TakeClosing = z.infer<typeof takeClosing>

export const takeDecision = z.object({ outcome: z.enum(outcomes) })
export type TakeDecision = z.infer<typeof takeDecision>

/** Description (`avcC`) of one camera's pictures, base64. */
export const cameraConfig = z.object({ avcConfig: z.string() })

export const takeFiles = {
  meta: 'meta.json',
  closing: 'closed.json',
  decision: 'decision.json',
  rows: 'rows.bin',
  chunks: 'chunks.jsonl',
  samples: (camera: string): string => `${camera}.h264`,
  index: (camera: string): string => `${camera}.idx`,
  histograms: (camera: string): string => `${camera}.hist`,
  config: (camera: string): string => `${camera}.json`,
} as const

/** Writes one of the small files. Rejects with the system's error. */
export async function writeTakeFile(folder: string, name: string, content: unknown): Promise<void> {
  await writeFileAtomic(join(folder, name), JSON.stringify(content, null, 2))
}

/** Reads one of them; null when it is not there. Code `record/io` when it cannot be read or makes no sense. */
export async function readTakeFile<T>(
  folder: string,
  name: string,
  schema: z.ZodType<T>,
): Promise<Result<T | null>> {
  let text: string
  try {
    text = await readFile(join(folder, name), 'utf8')
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? ok(null) : fail('record/io', `${folder}/${name}: ${String(error)}`)
  }
  try {
    return ok(schema.parse(JSON.parse(text)))
  } catch (error) {
    return fail('record/io', `${folder}/${name} makes no sense: ${String(error)}`, { folder })
  }
}
