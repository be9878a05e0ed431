/** One prediction outside control, for open-loop evaluation. */
import { ok, type Result } from '#core/result.ts'
import type { ChunkGuide, PictureMessage } from '#contract/services/policy.ts'
import { givenPictures } from './given-pictures.ts'
import type { Picture, Policy } from './policy.ts'

export interface PredictQuestion {
  readonly policyId: string
  readonly state: Float32Array
  readonly extras: Readonly<Record<string, Float32Array>>
  readonly past: readonly PictureMessage[]
  readonly present: readonly PictureMessage[]
  readonly task: string
  readonly seed: number
  readonly hasForesight: boolean
  /** What the chunk continues; left out for one that continues none. */
  readonly guide?: ChunkGuide | null
}

export interface PredictAnswer {
  readonly actions: Float32Array<ArrayBuffer>
  readonly length: number
  readonly width: number
  readonly foresight: PictureMessage[]
  readonly stagesMs: Record<string, number>
}

/** Fails with `policy/wrong-shape` for pictures that do not fit, or as the policy does. */
export async function predictOnce(
  policy: Policy,
  question: PredictQuestion,
  timeUs: number,
): Promise<Result<PredictAnswer>> {
  const { contract, pictureNeed: need } = policy
  const present = need === null ? ok({}) : givenPictures(question.present, contract.cameras, need)
  if (!present.ok) return present
  const hasPast = need !== null && need.historyTicks > 0
  const past = hasPast ? givenPictures(question.past, contract.cameras, need) : ok({})
  if (!past.ok) return past
  const { state, extras, task, seed } = question
  const observation = {
    timeUs,
    state,
    extras,
    pictures: present.value,
    past: past.value,
    task,
    guide: question.guide ?? null,
    seed,
  }
  const chunk = await policy.infer(observation)
  if (!chunk.ok) return chunk
  const { actions, length, width, stagesMs, hidden } = chunk.value
  const answer = { actions: Float32Array.from(actions), length, width, stagesMs: { ...stagesMs } }
  if (!question.hasForesight || hidden === null || policy.foresee === null)
    return ok({ ...answer, foresight: [] })
  const foreseen = await policy.foresee(hidden)
  if (!foreseen.ok) return foreseen
  const { views, decodeMs } = foreseen.value
  return ok({
    ...answer,
    foresight: views.map(({ camera, picture }) => messageOf(camera, picture)),
    stagesMs: { ...answer.stagesMs, foresight: decodeMs },
  })
}

/** Interleaved bytes; a predicted picture may leave 0…1 a little. Its moment has no clock here. */
function messageOf(camera: string, { width, height, planes }: Picture): PictureMessage {
  const pixels = width * height
  const rgb = new Uint8Array(3 * pixels)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const value = planes[colour * pixels + pixel] ?? 0
      rgb[3 * pixel + colour] = Math.round(255 * Math.min(1, Math.max(0, value)))
    }
  }
  return { camera, timeUs: Number.NaN, width, height, rgb }
}
