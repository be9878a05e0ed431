/** The servo chain of one arm as its bus last answered: which servos answer, which do not, and where the cable must be broken. */
import type { ArmLive } from '#contract/services/drive.ts'

export interface ChainLink {
  readonly joint: string
  /** 1-based place on the cable; an SO arm's servo ids count the same way. */
  readonly number: number
  readonly state: 'answers' | 'lost' | 'loose'
  /** The cable before this servo is where answers end. */
  readonly isBreak: boolean
}

/** A servo counts as lost when it was silent for longer than the reaction time of 50 ms (DESIGN §4). */
const silentUs = 50_000

export function chainModel(arm: ArmLive, isTorqueCut: boolean): readonly ChainLink[] {
  const isLost = arm.servos.map((servo, index) => servo.isStale && (arm.bus.silentUs[index] ?? 0) > silentUs)
  // Servos hang on one cable: a break silences everything behind it, and only such a tail proves one.
  const first = isLost.indexOf(true)
  const isTail = first > 0 && isLost.slice(first).every(Boolean)
  return arm.servos.map((servo, index) => ({
    joint: servo.joint,
    number: index + 1,
    state: isLost[index] === true ? 'lost' : isTorqueCut ? 'loose' : 'answers',
    isBreak: isTail && index === first,
  }))
}

/** `5`, `5 and 6`, `4 to 6`: numbers of servos as a person says them. */
export function numberList(numbers: readonly number[], and: string, to: string): string {
  const [first] = numbers
  const last = numbers.at(-1)
  if (first === undefined || last === undefined) return ''
  if (numbers.length === 1) return String(first)
  if (numbers.length === 2) return `${first} ${and} ${last}`
  const isRun = last - first === numbers.length - 1
  return isRun ? `${first} ${to} ${last}` : `${numbers.slice(0, -1).join(', ')} ${and} ${last}`
}
