/**
 * Engage, give, take over, hold: the commands of the mode machine with their keys. A tap stops, a hold starts motion;
 * take-over acts on key down, because the hand on the leader is the consent (UI.md §1.4).
 */
import type { DriveCommand } from '#contract/services/drive.ts'
import { holdMs, longHoldMs, type Availability, type Command } from '../../keys/command.ts'
import { availabilityOf } from './availability.ts'
import { unlessWatching, type CommandContext } from './command-context.ts'

const driving: ReadonlySet<string> = new Set(['policy', 'blend'])

export function driveCommands(context: CommandContext): readonly Command[] {
  const { app, t, drive, language } = context
  const { mode } = drive
  const may = (command: DriveCommand): Availability =>
    unlessWatching(context, availabilityOf(drive.commands[command] ?? null, language))
  const only = (isShown: boolean, availability: Availability): Availability =>
    isShown ? availability : 'hidden'
  const call =
    (command: Exclude<DriveCommand, 'engage'>): (() => void) =>
    () =>
      app.act((services) => services.drive[command](undefined))
  const isDown = mode === 'fault' || mode === 'eStop'
  const asksClear = drive.needsKeepClear && !context.isClearAsked

  return [
    {
      id: 'operate.takeOver',
      title: t.takeOver,
      chords: ['Tab', 'T'],
      press: 'down',
      availability: only(driving.has(mode), may('takeOver')),
      run: call('takeOver'),
      bar: 10,
    },
    {
      id: 'operate.engage',
      title: drive.needsKeepClear && context.isClearAsked ? t.engageClear : t.engage,
      chords: ['Enter'],
      press: { holdMs },
      availability: only(mode === 'idle' || mode === 'holding', may('engage')),
      run: () => {
        if (asksClear) return app.ui.setState({ isClearAsked: true })
        app.ui.setState({ isClearAsked: false })
        app.act((services) => services.drive.engage({ keepClearAcknowledged: drive.needsKeepClear }))
      },
      bar: 11,
    },
    {
      id: 'operate.recover',
      title: mode === 'eStop' ? t.powerUp : t.reconnect,
      chords: ['Enter'],
      press: { holdMs: longHoldMs },
      availability: only(isDown, may('recover')),
      run: call('recover'),
      bar: 11,
    },
    {
      id: 'operate.giveToPolicy',
      title: t.giveToPolicy,
      chords: ['Tab', 'C'],
      press: { holdMs },
      availability: only(mode === 'teleop' || mode === 'holding', may('giveToPolicy')),
      run: call('giveToPolicy'),
      bar: 12,
    },
    {
      id: 'operate.hold',
      title: t.hold,
      chords: ['Space'],
      press: 'down',
      availability: only(mode !== 'holding' && mode !== 'idle' && !isDown, may('hold')),
      run: call('hold'),
      bar: 13,
    },
    {
      id: 'operate.resume',
      title: t.resume,
      chords: ['Space'],
      press: { holdMs },
      availability: only(mode === 'holding', may('resume')),
      run: call('resume'),
      bar: 13,
    },
    {
      id: 'operate.endSession',
      title: t.endSession,
      chords: ['Q'],
      press: { holdMs: longHoldMs },
      availability: only(mode === 'holding' || mode === 'teleop' || isDown, may('endSession')),
      run: call('endSession'),
      bar: 40,
    },
    {
      id: 'operate.copyReport',
      title: t.copyReport,
      chords: ['L'],
      press: 'down',
      availability: only(isDown, 'ready'),
      run: () =>
        app.act(async (services) => {
          const { text } = await services.shell.problemReport(undefined)
          await navigator.clipboard.writeText(text)
        }),
      bar: 35,
      isWide: true,
    },
  ]
}
