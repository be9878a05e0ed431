/**
 * The pictures that the capturing page sends, by camera of the rig, as far back as the loaded policy looks. It says what
 * is wanted and never waits: what is missing or too old is `policy/pictures-stopped`, and the arm holds.
 */
import { PictureHistory, type SeenPicture } from '#core/policy/picture-history.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { ModelPicture, PictureDemand } from '#contract/services/pictures.ts'
import type { PictureSource, PictureWish, SeenPictures } from '../picture-source.ts'
import type { Picture } from '../policy.ts'
import { pictureDemandOf } from './picture-demand.ts'

/** Beside the time between two pictures, the present one may be this old: what the way from the camera takes on a busy machine. */
const lateUs = 300_000
/** Kept beyond the history, for observations and comparisons that come late. */
const slackUs = 1_000_000

export class PictureRing implements PictureSource {
  private readonly cores: number
  private readonly histories = new Map<string, PictureHistory<ModelPicture>>()
  private readonly demandListeners = new Set<(demand: PictureDemand) => void>()
  private readonly pictureListeners = new Set<(pictures: readonly ModelPicture[]) => void>()
  private present: PictureWish | null = null
  private wantedDemand: PictureDemand = null

  /** @param cores of this machine */
  constructor(cores: number) {
    this.cores = cores
  }

  /** What the loaded policy wants. */
  get wanted(): PictureWish | null {
    return this.present
  }

  /** Time between two pictures of a camera as asked for, microseconds. */
  get periodUs(): number {
    return this.wantedDemand === null ? 0 : (1e6 * this.wantedDemand.everyTicks) / this.wantedDemand.fps
  }

  wish(wanted: PictureWish | null): void {
    const demand = pictureDemandOf(wanted, this.cores)
    this.present = wanted
    if (JSON.stringify(demand) === JSON.stringify(this.wantedDemand)) return
    // Pictures of another size or rate are no history of the new ones.
    this.histories.clear()
    this.wantedDemand = demand
    for (const listener of this.demandListeners) listener(demand)
  }

  /** The demand now and after every change. */
  follow(listener: (demand: PictureDemand) => void): Disposable {
    this.demandListeners.add(listener)
    listener(this.wantedDemand)
    return { [Symbol.dispose]: () => this.demandListeners.delete(listener) }
  }

  /** Takes what was wanted; pictures of an earlier demand, and of another page that lags behind, are left out. */
  take(pictures: readonly ModelPicture[]): void {
    const taken = pictures.filter((picture) => this.isWanted(picture) && this.keep(picture))
    if (taken.length > 0) for (const listener of this.pictureListeners) listener(taken)
  }

  /** The pictures that are kept, as if they came now, and every new one. */
  onPictures(listener: (pictures: readonly ModelPicture[]) => void): Disposable {
    for (const { all } of this.histories.values()) listener(all.map(({ picture }) => picture))
    this.pictureListeners.add(listener)
    return { [Symbol.dispose]: () => this.pictureListeners.delete(listener) }
  }

  /** Age of the newest picture by camera of the rig, milliseconds. */
  ages(nowUs: number): Record<string, number> {
    return Object.fromEntries(
      [...this.histories].map(([camera, { newest }]) => [
        camera,
        (nowUs - (newest?.captureUs ?? nowUs)) / 1000,
      ]),
    )
  }

  at(timeUs: number, { cameras, need, fps }: PictureWish): Result<SeenPictures> {
    const { periodUs } = this
    const gapUs = lateUs + periodUs
    const present: Record<string, Picture> = {}
    const past: Record<string, Picture> = {}
    let ageMs = 0
    for (const [name, camera] of Object.entries(cameras)) {
      const history = this.histories.get(camera)
      const seen = history?.at(timeUs) ?? null
      if (history === undefined || seen === null)
        return stopped(camera, `no picture of camera ${camera} has come`)
      const ageUs = timeUs - seen.captureUs
      if (ageUs > gapUs)
        return stopped(
          camera,
          `the newest picture of camera ${camera} is ${Math.round(ageUs / 1000)} ms old`,
          ageUs,
        )
      ageMs = Math.max(ageMs, ageUs / 1000)
      present[name] = toPicture(seen)
      if (need.historyTicks === 0) continue
      const backUs = (1e6 * need.historyTicks) / fps
      const earlier = history.before(seen, backUs, { periodUs, gapUs })
      past[name] = earlier === seen ? present[name] : toPicture(earlier)
    }
    return ok({ present, past, ageMs })
  }

  private isWanted({ camera, width, height, planes }: ModelPicture): boolean {
    const demand = this.wantedDemand
    if (demand?.cameras.includes(camera) !== true || planes.length !== 3 * width * height) return false
    return demand.side === null || (width === demand.side && height === demand.side)
  }

  private keep(picture: ModelPicture): boolean {
    const { camera, captureUs, uncertaintyUs } = picture
    let history = this.histories.get(camera)
    if (history === undefined) {
      const backUs = (1e6 * (this.present?.need.historyTicks ?? 0)) / (this.present?.fps ?? 1)
      history = new PictureHistory(backUs + slackUs)
      this.histories.set(camera, history)
    }
    return history.add({ captureUs, uncertaintyUs, picture })
  }
}

function toPicture({ picture: { width, height, planes } }: SeenPicture<ModelPicture>): Picture {
  const real = new Float32Array(planes.length)
  for (let i = 0; i < real.length; i++) real[i] = (planes[i] ?? 0) / 65535
  return { width, height, planes: real }
}

const stopped = (camera: string, message: string, ageUs: number | null = null): Result<never> =>
  fail('policy/pictures-stopped', message, {
    camera,
    ...(ageUs === null ? {} : { ageMs: Math.round(ageUs / 1000) }),
  })
