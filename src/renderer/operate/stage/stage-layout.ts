/** Which cameras stand where on the stage (UI.md §2). Panels keep their place in every state; a fault takes the first place and shifts the rest. */
export type StageKind = 'single' | 'hero' | 'quad' | 'columns' | 'cause'

export interface StageLayout {
  readonly kind: StageKind
  /** In their places, first place first. */
  readonly cameras: readonly string[]
}

export interface StageFacts {
  readonly cameras: readonly string[]
  readonly enlarged: string | null
  /** A fault or emergency stop: its cause stands in the first place. */
  readonly hasCause: boolean
  /** The policy drives, or is about to. */
  readonly isPolicy: boolean
}

const maxColumns = 3

export function stageLayout({ cameras, enlarged, hasCause, isPolicy }: StageFacts): StageLayout {
  if (hasCause) return { kind: 'cause', cameras: cameras.slice(0, 2) }
  if (enlarged !== null && cameras.includes(enlarged)) return { kind: 'single', cameras: [enlarged] }
  if (cameras.length <= 1) return { kind: 'single', cameras }
  if (isPolicy) return { kind: 'columns', cameras: cameras.slice(0, maxColumns) }
  return { kind: cameras.length === 4 ? 'quad' : 'hero', cameras }
}
