/**
 * What chunks foresee: told to the page at once, and compared with what came when its moment has come. It only measures:
 * nothing here moves or stops an arm.
 */
import { pictureCells } from '#core/policy/picture-cells.ts'
import { overallSurprise, viewSurprise } from '#core/policy/surprise.ts'
import type { Prediction, Surprise } from '#contract/services/pictures.ts'
import type { ForesightNote, ForesightSink } from '../foresight-sink.ts'
import type { PictureRing } from '../pictures/picture-ring.ts'
import { predictionOf } from './prediction-message.ts'
import { SeenCells } from './seen-cells.ts'

/** The surprise with the moment its prediction was made from. */
export type ComparedSurprise = Surprise & { readonly observationUs: number }

interface Pending {
  readonly note: ForesightNote
  readonly dueUs: number
  /** Camera of the rig by camera of the contract. */
  readonly cameras: Readonly<Record<string, string>>
}

/** A picture this far from the predicted moment still stands for it, where pictures come slowly. */
const offsetUs = 100_000
/** A camera that is silent for so long after the moment is left out. */
const patienceUs = 500_000
/** Predictions that wait for their moment. */
const mostPending = 16

export class ForesightWatch implements ForesightSink, Disposable {
  private readonly ring: PictureRing
  private readonly predictionListeners = new Set<(prediction: Prediction) => void>()
  private readonly surpriseListeners = new Set<(surprise: ComparedSurprise) => void>()
  private seen: SeenCells | null = null
  private feed: Disposable | null = null
  private policyId: string | null = null
  private pending: Pending[] = []
  private readonly demand: Disposable

  constructor(ring: PictureRing) {
    this.ring = ring
    this.demand = ring.follow(() => this.forget())
  }

  predicted(note: ForesightNote): void {
    const cameras = this.ring.wanted?.policyId === note.policyId ? this.ring.wanted.cameras : {}
    const prediction = predictionOf(note)
    for (const listener of this.predictionListeners) listener(prediction)
    this.watch(note.policyId)
    this.pending = [...this.pending, { note, dueUs: prediction.dueUs, cameras }].slice(-mostPending)
    this.compareDue()
  }

  onPrediction(listener: (prediction: Prediction) => void): Disposable {
    this.predictionListeners.add(listener)
    return { [Symbol.dispose]: () => this.predictionListeners.delete(listener) }
  }

  onSurprise(listener: (surprise: ComparedSurprise) => void): Disposable {
    this.surpriseListeners.add(listener)
    return { [Symbol.dispose]: () => this.surpriseListeners.delete(listener) }
  }

  [Symbol.dispose](): void {
    this.forget()
    this.demand[Symbol.dispose]()
  }

  /** Small pictures are kept from the first prediction of a policy on: policies without foresight cost nothing. */
  private watch(policyId: string): void {
    if (this.policyId === policyId) return
    this.forget()
    this.policyId = policyId
    const seen = new SeenCells()
    this.seen = seen
    this.feed = this.ring.onPictures((pictures) => {
      for (const picture of pictures) seen.add(picture)
      this.compareDue()
    })
  }

  private forget(): void {
    this.feed?.[Symbol.dispose]()
    this.feed = null
    this.seen = null
    this.policyId = null
    this.pending = []
  }

  private compareDue(): void {
    const due = this.pending.filter((pending) => this.isDue(pending))
    if (due.length === 0) return
    this.pending = this.pending.filter((pending) => !due.includes(pending))
    for (const pending of due) this.compare(pending)
  }

  /** Every camera has a picture from the moment on, or those that have none are not waited for any more. */
  private isDue({ dueUs, cameras }: Pending): boolean {
    const newest = Object.values(cameras).map((camera) => this.seen?.newestUs(camera) ?? -Infinity)
    return newest.every((us) => us >= dueUs) || Math.max(...newest) >= dueUs + patienceUs
  }

  /** Views without a picture near the moment are left out; where all are, nothing is claimed. */
  private compare({ note, dueUs, cameras }: Pending): void {
    const { policyId, chunkId, observationUs, foresight } = note
    const withinUs = Math.max(offsetUs, 1.5 * this.ring.periodUs)
    const views = foresight.views.flatMap(({ camera, picture }) => {
      const name = cameras[camera]
      const real = name === undefined ? null : (this.seen?.near(name, dueUs, withinUs) ?? null)
      const observed = name === undefined ? null : (this.seen?.at(name, observationUs) ?? null)
      if (real === null || observed === null) return []
      const { cells, source } = real.picture
      const predicted = pictureCells(picture, source, 1)
      const before = observed.picture.cells
      if (before.width !== cells.width || before.height !== cells.height) return []
      const { score, map } = viewSurprise(predicted, cells, before)
      const size = { mapWidth: cells.width, mapHeight: cells.height }
      return [{ camera, score, offsetUs: real.captureUs - dueUs, ...size, map }]
    })
    if (views.length === 0) return
    const surprise = { policyId, chunkId, observationUs, dueUs, score: overallSurprise(views), views }
    for (const listener of this.surpriseListeners) listener(surprise)
  }
}
