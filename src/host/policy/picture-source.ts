/** Where a policy's pictures come from: the desk says what is wanted, and asks for what was seen when the arm was read. */
import type { Result } from '#core/result.ts'
import type { Picture, PictureNeed } from './policy.ts'

/** What the loaded policy wants to be shown. */
export interface PictureWish {
  readonly policyId: string
  readonly need: PictureNeed
  /** Rate of the policy's ticks, in which `need.historyTicks` counts. */
  readonly fps: number
  /** Camera of the rig for each camera of the contract that the rig has; a slot left empty is absent. */
  readonly cameras: Readonly<Record<string, string>>
}

/** Pictures by camera of the contract, in the size the wish names. */
export interface SeenPictures {
  readonly present: Readonly<Record<string, Picture>>
  /** `historyTicks` earlier, or the oldest there is; empty when the wish has no history. */
  readonly past: Readonly<Record<string, Picture>>
  /** How long before the moment asked for the oldest present picture was taken. */
  readonly ageMs: number
}

export interface PictureSource {
  /** Called whenever what is wanted changes; null while no policy that sees is loaded. */
  wish(wanted: PictureWish | null): void
  /**
   * What was seen at a moment.
   * @param timeUs machine clock at which the arm was read
   * @returns `policy/pictures-stopped`, naming the camera, when a picture is missing or too old
   */
  at(timeUs: number, wanted: PictureWish): Result<SeenPictures>
}
