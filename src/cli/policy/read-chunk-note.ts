/** What was asked for one chunk of a recorded episode, from the notes beside it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { rtcSchedules } from '#core/policy/internvla/rtc.ts'
import { chunkNotesFolder } from '#core/dataset/chunk-note.ts'
import { fail, ok, type Result } from '#core/result.ts'

const count = z.number().int().nonnegative()

const chunkNote = z.object({
  chunkId: z.number().int(),
  policyId: z.string(),
  frame: z.number().int(),
  seed: count.nullable(),
  question: z.object({
    task: z.string(),
    state: z.array(z.number()),
    extras: z.record(z.string(), z.array(z.number())),
    guide: z
      .object({
        leftOver: z.array(z.number()),
        rows: count,
        delayRows: count,
        horizonRows: count,
        schedule: z.enum(rtcSchedules),
      })
      .nullable(),
  }),
})

/** A chunk that can be asked for again. */
export type NotedChunk = z.infer<typeof chunkNote>

/**
 * Numbers begin anew with each start of the policy host: where two chunks of a take share one, the later is meant.
 * @param takeId of the episode; null for one of another program
 * @returns `dataset/not-found` where nothing says how this chunk came about, or it began before the episode's first picture
 */
export async function readChunkNote(
  datasetDir: string,
  takeId: string | null,
  chunkId: number,
): Promise<Result<NotedChunk>> {
  const missing = (why: string) => fail('dataset/not-found', why, { path: datasetDir, chunkId })
  if (takeId === null)
    return missing('this episode was not recorded by Foresight: nothing is noted of its chunks')
  const text = await readFile(join(datasetDir, chunkNotesFolder, `${takeId}.jsonl`), 'utf8').catch(() => '')
  const notes = text.split('\n').flatMap((line) => {
    const note = chunkNote.safeParse(parsed(line))
    return note.success ? [note.data] : []
  })
  const note = notes.findLast((candidate) => candidate.chunkId === chunkId)
  if (note === undefined) {
    const there = notes.map((candidate) => candidate.chunkId).join(', ') || 'none'
    return missing(`no chunk ${chunkId} is noted of this episode; there are: ${there}`)
  }
  return note.frame < 0
    ? missing(`chunk ${chunkId} began before the first picture of this episode`)
    : ok(note)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
