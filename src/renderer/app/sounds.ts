/**
 * A short sound beside every change of source and of the recording (UI.md §3), so that eyes can stay on the arm. Tones are
 * made here, with no file. Off until the settings turn it on; silent until the browser has seen a key or a click.
 */
import type { Mode } from '#core/control/mode.ts'
import type { LiveState, LiveStore } from './live-state.ts'

export type SoundName = 'human' | 'policy' | 'hold' | 'fault' | 'start' | 'saved' | 'discarded'

/** Pitches in hertz, played one after another; rising means going on, falling means coming to rest. */
export const melodies: Readonly<Record<SoundName, readonly number[]>> = {
  human: [523, 784],
  policy: [784, 1047, 1319],
  hold: [523, 392],
  fault: [220, 220, 220],
  start: [880],
  saved: [659, 880],
  discarded: [440, 330],
}

const soundOfMode: Partial<Record<Mode, SoundName>> = {
  teleop: 'human',
  policy: 'policy',
  holding: 'hold',
  slowStop: 'hold',
  fault: 'fault',
  eStop: 'fault',
}

type Heard = Pick<LiveState, 'drive' | 'record'>

/** What is heard between two states; null for nothing. The arm comes before the recording. */
export function soundOf(before: Heard, now: Heard): SoundName | null {
  if (before.drive !== null && now.drive !== null && before.drive.mode !== now.drive.mode) {
    const sound = soundOfMode[now.drive.mode] ?? null
    // Slow stop and the hold it ends in are one event.
    if (sound !== null && !(before.drive.mode === 'slowStop' && sound === 'hold')) return sound
  }
  if (before.record === null || now.record === null) return null
  if (before.record.phase !== 'recording' && now.record.phase === 'recording') return 'start'
  if (before.record.phase === now.record.phase || now.record.phase !== 'ready') return null
  return now.record.trash > before.record.trash ? 'discarded' : 'saved'
}

const noteS = 0.11

function play(context: AudioContext, name: SoundName): void {
  melodies[name].forEach((pitchHz, index) => {
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    const startS = context.currentTime + index * noteS
    oscillator.frequency.value = pitchHz
    gain.gain.setValueAtTime(0, startS)
    gain.gain.linearRampToValueAtTime(0.16, startS + 0.01)
    gain.gain.exponentialRampToValueAtTime(0.001, startS + noteS)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(startS)
    oscillator.stop(startS + noteS)
  })
}

export function followSounds(live: LiveStore): Disposable {
  let before: Heard = live.getState()
  let context: AudioContext | null = null
  const unsubscribe = live.subscribe((now) => {
    const sound = soundOf(before, now)
    before = now
    if (sound === null || now.settings?.isSoundOn !== true) return
    context ??= new AudioContext()
    play(context, sound)
  })
  return {
    [Symbol.dispose]: () => {
      unsubscribe()
      void context?.close()
    },
  }
}
