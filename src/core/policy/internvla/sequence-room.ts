/**
 * How much of the official sequence a graph has room for. Official sequences are always three views and 48 instruction
 * tokens long; what is padding there is masked, nobody reads it, and no position depends on it, so that a graph without
 * it gives the same actions (spec §1.5). A view costs a third of all perception, 32 instruction tokens an eighth of the prefix.
 */
import { internVla } from './trunk.ts'
import type { Trunk } from './trunk.ts'

export interface SequenceRoom {
  /** Slots from the first on: 1…3. */
  readonly views: number
  /** Rows of the instruction. */
  readonly textTokens: number
}

/** The official sequence. */
export const fullRoom: SequenceRoom = { views: internVla.views, textTokens: internVla.textTokens }

/** Instruction lengths that graphs are made for: few, for each is a session of its own. */
const textRooms = [16, 32, internVla.textTokens] as const

/** The smallest room for that much. */
export const roomOf = (views: number, textTokens: number): SequenceRoom => ({
  views: Math.min(Math.max(views, 1), internVla.views),
  textTokens: textRooms.find((room) => room >= textTokens) ?? internVla.textTokens,
})

/** Slots up to the last one that is filled, and tokens of the instruction. */
export const isRoomFor = (room: SequenceRoom, views: number, textTokens: number): boolean =>
  views <= room.views && textTokens <= room.textTokens

export const isFullRoom = ({ views, textTokens }: SequenceRoom): boolean =>
  views === fullRoom.views && textTokens === fullRoom.textTokens

/** Tokens of the understanding expert. */
export const prefixTokens = ({ viewTokens }: Trunk, { views, textTokens }: SequenceRoom): number =>
  views * viewTokens + textTokens

const middlePerView = internVla.frames * internVla.frameTokens

/** Tokens of the generation expert. */
export const middleTokens = ({ views }: SequenceRoom): number => views * middlePerView

/** Which of the official sequence's tokens have a place, in order. */
export function keptTokens(
  { viewTokens }: Trunk,
  room: SequenceRoom,
): { readonly prefix: readonly number[]; readonly middle: readonly number[] } {
  const range = (first: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => first + index)
  return {
    prefix: [...range(0, room.views * viewTokens), ...range(internVla.views * viewTokens, room.textTokens)],
    middle: range(0, middleTokens(room)),
  }
}
