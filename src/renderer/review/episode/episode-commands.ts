/** Keys of an episode (UI.md §4). Arrows step here; the white playhead says that this is not recording. */
import type { EpisodeSummary } from '#contract/services/library.ts'
import type { Timers } from '../../app/timers.ts'
import type { Availability, Command } from '../../keys/command.ts'
import type { PlayState } from '../../video/play-clock.ts'
import { labelAvailability, outcomeKeys, trashAvailability } from '../library-commands.ts'
import type { ReviewText } from '../messages.ts'
import type { ReviewModel } from '../review-model.ts'
import type { ReviewState } from '../review-state.ts'
import { whileDown } from '../while-down.ts'
import { eventFrom } from './episode-model.ts'

/** What the commands need of the open episode; null while it is being read. */
export interface PlayerParts {
  readonly player: {
    readonly state: PlayState
    play(): void
    pause(): void
    seek(frame: number): void
    step(frames: number): void
    setRate(rate: number): void
    setLooping(isLooping: boolean): void
  }
  readonly frames: number
  readonly events: readonly number[]
}

export interface EpisodeContext {
  readonly t: ReviewText
  readonly timers: Timers
  readonly model: ReviewModel
  readonly state: ReviewState
  readonly episode: EpisodeSummary | null
  readonly desk: PlayerParts | null
  readonly isPlaying: boolean
  /** Shows what was foreseen beside what came, and back; null without an evaluation that foresaw. */
  readonly foresight: (() => void) | null
}

const rates = [0.25, 0.5, 1, 2, 4] as const
const stepPeriodMs = 33

const nextRate = (rate: number, step: 1 | -1): number => {
  const at = rates.findIndex((candidate) => candidate >= rate)
  return rates[Math.min(rates.length - 1, Math.max(0, at + step))] ?? 1
}

/** The list is newest first, so the next episode has the number before. */
export function goTo(model: ReviewModel, step: 1 | -1): void {
  model.store.setState(({ open, episodes }) => {
    if (open === null || episodes === null) return {}
    const next = open - step
    return next >= 0 && next < episodes.length ? { open: next } : {}
  })
}

/** To the next one once every label that was set is on disk. */
export function saveAndNext(model: ReviewModel): void {
  const { open } = model.store.getState()
  void model.settled().then(() => {
    if (model.store.getState().open === open) goTo(model, 1)
  })
}

function playCommands({ t, timers, desk, isPlaying }: EpisodeContext): readonly Command[] {
  const ready: Availability = desk === null ? 'hidden' : 'ready'
  const step = (id: string, title: string, chord: string, frames: number, bar?: number): Command => ({
    id: `episode.${id}`,
    title,
    chords: [chord],
    press: 'while',
    availability: ready,
    run: () => whileDown(timers, stepPeriodMs, () => desk?.player.step(frames)),
    ...(bar !== undefined && { bar }),
  })
  const tap = (
    id: string,
    title: string,
    chords: readonly string[],
    run: (parts: PlayerParts) => void,
    extra: Partial<Command> = {},
  ): Command => ({
    id: `episode.${id}`,
    title,
    chords,
    press: 'down',
    availability: ready,
    run: () => {
      if (desk !== null) run(desk)
    },
    ...extra,
  })
  const event = (direction: 1 | -1) => (parts: PlayerParts) => {
    const frame = eventFrom(parts.events, parts.player.state.frame, direction)
    if (frame !== null) parts.player.seek(frame)
  }
  const hasEvents: Availability = desk !== null && desk.events.length > 0 ? 'ready' : 'hidden'
  return [
    tap(
      'play',
      isPlaying ? t.pause : t.play,
      ['Space'],
      ({ player }) => (player.state.isPlaying ? player.pause() : player.play()),
      { bar: 10 },
    ),
    step('back', t.frameBack, 'ArrowLeft', -1),
    step('forward', t.frameForward, 'ArrowRight', 1, 11),
    step('tenBack', t.tenBack, 'Shift+ArrowLeft', -10),
    step('tenForward', t.tenForward, 'Shift+ArrowRight', 10, 12),
    tap('first', t.firstFrame, ['Home'], ({ player }) => player.seek(0)),
    tap('last', t.lastFrame, ['End'], ({ player, frames }) => player.seek(frames - 1)),
    tap('previousEvent', t.previousEvent, [','], event(-1), { availability: hasEvents }),
    tap('nextEvent', t.nextEvent, ['.'], event(1), { availability: hasEvents, bar: 13 }),
    tap('slower', t.slower, ['-'], ({ player }) => player.setRate(nextRate(player.state.rate, -1))),
    tap('faster', t.faster, ['='], ({ player }) => player.setRate(nextRate(player.state.rate, 1))),
    tap('loop', t.loop, ['L'], ({ player }) => player.setLooping(!player.state.isLooping)),
  ]
}

export function episodeCommands(context: EpisodeContext): readonly Command[] {
  const { t, timers, model, state, episode } = context
  const targets = episode === null ? [] : [episode]
  const labelled = labelAvailability(targets, t)
  return [
    ...playCommands(context),
    {
      id: 'episode.previous',
      title: t.previousEpisode,
      chords: ['ArrowUp'],
      press: 'while',
      availability: 'ready',
      run: () => whileDown(timers, 250, () => goTo(model, -1)),
    },
    {
      id: 'episode.next',
      title: t.nextEpisode,
      chords: ['ArrowDown'],
      press: 'while',
      availability: 'ready',
      run: () => whileDown(timers, 250, () => goTo(model, 1)),
      bar: 14,
    },
    ...outcomeKeys.map(({ outcome, chord }): Command => ({
      id: `episode.${outcome}`,
      title: t[outcome],
      chords: [chord],
      press: 'down',
      availability: labelled,
      run: () => model.label(targets, outcome),
    })),
    {
      id: 'episode.foresight',
      title: t.foresightAgainst,
      chords: ['V'],
      press: 'down',
      availability: context.foresight === null ? 'hidden' : 'ready',
      run: () => context.foresight?.(),
      bar: 15,
    },
    {
      id: 'episode.save',
      title: t.saveAndNext,
      chords: ['Enter'],
      press: 'down',
      availability: (state.open ?? 0) > 0 ? 'ready' : 'hidden',
      run: () => saveAndNext(model),
    },
    {
      id: 'episode.trash',
      title: t.toTrash,
      chords: ['Delete'],
      press: 'down',
      availability: trashAvailability(state, t),
      run: () => model.trash(targets),
      bar: 20,
      isWide: true,
    },
    {
      id: 'episode.undo',
      title: t.undo,
      chords: ['Ctrl+Z'],
      press: 'down',
      availability: 'ready',
      run: () => model.undo(),
    },
    {
      id: 'episode.close',
      title: t.backToList,
      chords: ['Backspace'],
      press: 'down',
      availability: 'ready',
      run: () => model.store.setState({ open: null }),
      bar: 21,
      isWide: true,
    },
  ]
}
