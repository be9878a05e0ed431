/** Keys of the Rig screen (UI.md §4): the list by arrows, Enter for the next step, R to look again, Ctrl S to save. */
import type { RigState } from '#contract/services/rig.ts'
import { simulatedPair } from '../first-run/simulated-pair.ts'
import type { Command } from '../keys/command.ts'
import type { RigText } from './messages.ts'
import { devicesOf, isSameDevice, pickDevice, pickRig, type RigViewStore } from './rig-view.ts'
import type { FoundNow } from './use-found.ts'
import type { RigActs } from './use-rig-acts.ts'

export interface RigCommandContext {
  readonly t: RigText
  readonly rig: RigState | null
  readonly found: Pick<FoundNow, 'saved' | 'look'>
  readonly acts: RigActs
  readonly view: RigViewStore
}

/** What the list shows without a rig: the pair, saved rigs, and last a new one. */
export const listedRigs = (saved: FoundNow['saved']): readonly (FoundNow['saved'][number] | null)[] => [
  saved.find((config) => config.name === simulatedPair.name) ?? simulatedPair,
  ...saved.filter((config) => config.name !== simulatedPair.name),
  null,
]

/** The list does not go round: at its ends a step stays. */
const stepped = (length: number, at: number, step: number): number =>
  Math.min(length - 1, Math.max(0, at + step))

function move({ rig, found, view }: RigCommandContext, step: number): void {
  const config = rig !== null && rig.status !== 'none' ? rig.rig : null
  if (config !== null) {
    const devices = devicesOf(config)
    const at = devices.findIndex((device) => isSameDevice(device, view.getState().device))
    const next = devices[stepped(devices.length, at, step)]
    if (next !== undefined) pickDevice(view, next)
    return
  }
  const rigs = listedRigs(found.saved)
  const at = rigs.findIndex((candidate) => (candidate?.name ?? null) === view.getState().source)
  const next = rigs[stepped(rigs.length, at, step)]
  if (next !== undefined) pickRig(view, next)
}

export function rigCommands(context: RigCommandContext): readonly Command[] {
  const { t, rig, found, acts } = context
  const isFree = (rig?.status ?? 'none') === 'none'
  const whenFree = isFree && !acts.isBusy ? 'ready' : 'hidden'
  return [
    {
      id: 'rig.next',
      title: t.nextDevice,
      chords: ['ArrowDown'],
      press: 'down',
      availability: 'ready',
      run: () => move(context, 1),
    },
    {
      id: 'rig.previous',
      title: t.previousDevice,
      chords: ['ArrowUp'],
      press: 'down',
      availability: 'ready',
      run: () => move(context, -1),
    },
    {
      id: 'rig.connect',
      title: t.connect,
      chords: ['Enter'],
      press: 'down',
      availability: whenFree,
      run: () => acts.connectDraft(),
    },
    {
      id: 'rig.look',
      title: t.lookAgain,
      chords: ['R'],
      press: 'down',
      availability: isFree ? 'ready' : 'hidden',
      run: () => found.look(),
    },
    {
      id: 'rig.save',
      title: t.saveRig,
      chords: ['Ctrl+S'],
      press: 'down',
      availability: whenFree,
      isForFields: true,
      run: () => acts.saveDraft(),
    },
  ]
}
