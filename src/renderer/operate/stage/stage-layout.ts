/** Which cameras stand where on the stage (UI.md §2). Panels keep their place in every state; a fault takes the first place and shifts the rest. */
export type StageKind = 'single' | 'hero' | 'quad' | 'columns' | 'cause'

export interface StageLayout {
  readonly kind: StageKind
  /** In their places, first place first. */
  readonly cameras: readonly string[]
  /** Cameras that a policy does not see, in the columns that its predictions leave free. */
  readonly beside: readonly string[]
  /** Further such cameras: small, in the strip of the policy view. */
  readonly others: readonly string[]
}

export interface StageFacts {
  readonly cameras: readonly string[]
  readonly enlarged: string | null
  /** A fault or emergency stop: its cause stands in the first place. */
  readonly hasCause: boolean
  /** The policy drives, or is about to. */
  readonly isPolicy: boolean
  /** Cameras that it sees; null where it sees none or that is not known. */
  readonly policyCameras: readonly string[] | null
  /** Predicted pictures stand under the live ones. */
  readonly isBeside: boolean
}

const maxColumns = 3

const noCameras: readonly string[] = []

export function stageLayout(facts: StageFacts): StageLayout {
  const { cameras, enlarged, hasCause, isPolicy, policyCameras, isBeside } = facts
  const [beside, others] = [noCameras, noCameras]
  if (hasCause) return { kind: 'cause', cameras: cameras.slice(0, 2), beside, others }
  if (enlarged !== null && cameras.includes(enlarged))
    return { kind: 'single', cameras: [enlarged], beside, others }
  if (isPolicy && (cameras.length > 1 || policyCameras !== null)) {
    const shown = (policyCameras ?? cameras).slice(0, maxColumns)
    const unseen = cameras.filter((camera) => !shown.includes(camera))
    const free = isBeside ? maxColumns - shown.length : 0
    return { kind: 'columns', cameras: shown, beside: unseen.slice(0, free), others: unseen.slice(free) }
  }
  if (cameras.length <= 1) return { kind: 'single', cameras, beside, others }
  return { kind: cameras.length === 4 ? 'quad' : 'hero', cameras, beside, others }
}
