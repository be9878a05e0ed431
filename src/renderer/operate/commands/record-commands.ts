/** The take's commands: one key starts, saves and keeps; one discards; three label. All are taps. */
import type { Outcome } from '#contract/services/common.ts'
import type { Availability, Command } from '../../keys/command.ts'
import { named } from '../../i18n/faults.ts'
import { availabilityOf, reasonText } from './availability.ts'
import { unlessWatching, type CommandContext } from './command-context.ts'

const outcomes: readonly { outcome: Outcome; key: string }[] = [
  { outcome: 'success', key: 'S' },
  { outcome: 'partial', key: 'P' },
  { outcome: 'failure', key: 'F' },
]

/** Modes in which the arm can be recorded: torque on, nothing broken. */
const recordable: ReadonlySet<string> = new Set([
  'holding',
  'matching',
  'teleop',
  'policy',
  'blend',
  'slowStop',
])

function startAvailability(context: CommandContext): Availability {
  const { record, drive, t, language } = context
  if (record === null) return 'hidden'
  if (record.blocker !== null) return unlessWatching(context, availabilityOf(record.blocker, language))
  if (!recordable.has(drive.mode)) return unlessWatching(context, { blockedBy: t.afterEngage })
  const { brokenCamera } = context
  if (brokenCamera === null) return unlessWatching(context, 'ready')
  const { fault, name } = brokenCamera
  return unlessWatching(context, { blockedBy: named(reasonText(fault, language), name, language) })
}

export function recordCommands(context: CommandContext): readonly Command[] {
  const { app, t, record, countdown, isCountingDown } = context
  const phase = record?.phase ?? 'none'
  const recovered = record?.recovered[0] ?? null
  const isOpen = phase === 'recording' || phase === 'closed'
  const canLabel = isOpen || (record?.session.some((entry) => entry.state === 'saved') ?? false)
  const when = (isShown: boolean, availability: Availability = 'ready'): Availability =>
    isShown ? unlessWatching(context, availability) : 'hidden'

  const commands: Command[] = [
    {
      id: 'operate.startTake',
      title: isCountingDown ? t.cancelCountdown : t.startTake,
      chords: ['ArrowRight', 'N'],
      press: 'down',
      availability: isCountingDown
        ? 'ready'
        : (phase === 'none' || phase === 'ready') && recovered === null
          ? startAvailability(context)
          : 'hidden',
      run: () => {
        if (isCountingDown) countdown.cancel()
        else countdown.start(() => app.act((services) => services.record.start(undefined)))
      },
      bar: 20,
    },
    {
      id: 'operate.saveTake',
      title: phase === 'closed' ? t.keepTake : t.saveTake,
      chords: ['ArrowRight', 'N'],
      press: 'down',
      availability: when(isOpen),
      run: () => app.act((services) => services.record.save({ outcome: null })),
      bar: 20,
    },
    {
      id: 'operate.discardTake',
      title: t.discardTake,
      chords: ['ArrowLeft', 'R'],
      press: 'down',
      availability: when(isOpen),
      run: () => app.act((services) => services.record.discard(undefined)),
      bar: 21,
    },
    {
      id: 'operate.keepRecovered',
      title: t.keepTake,
      chords: ['ArrowRight', 'N'],
      press: 'down',
      availability: when(!isOpen && !isCountingDown && recovered !== null),
      run: () => {
        if (recovered !== null)
          app.act((services) => services.record.keepRecovered({ takeId: recovered.takeId }))
      },
      bar: 20,
    },
    {
      id: 'operate.discardRecovered',
      title: t.discardTake,
      chords: ['ArrowLeft', 'R'],
      press: 'down',
      availability: when(!isOpen && !isCountingDown && recovered !== null),
      run: () => {
        if (recovered !== null)
          app.act((services) => services.record.discardRecovered({ takeId: recovered.takeId }))
      },
      bar: 21,
    },
    {
      id: 'operate.undoDiscard',
      title: t.undoDiscard,
      chords: ['Ctrl+Z'],
      press: 'down',
      availability: when(!isOpen && (record?.trash ?? 0) > 0),
      run: () => app.act((services) => services.record.undoDiscard(undefined)),
    },
    {
      id: 'operate.editTask',
      title: record?.dataset === null ? t.nameDataset : t.editTask,
      chords: ['I'],
      press: 'down',
      availability: when(!isOpen && record !== null),
      run: () => app.ui.setState((ui) => ({ isChoosingDataset: !ui.isChoosingDataset })),
      bar: phase === 'none' ? 19 : 25,
      isWide: phase !== 'none',
    },
  ]
  for (const { outcome, key } of outcomes)
    commands.push({
      id: `operate.${outcome}`,
      title: t[outcome as 'success' | 'partial' | 'failure'],
      chords: [key],
      press: 'down',
      availability: when(canLabel),
      run: () => app.act((services) => services.record.setOutcome({ outcome })),
      bar: 30,
      isWide: true,
    })
  return commands
}
