/**
 * Every command of every screen with its default keys, for the table of keys. The rooms' own builders make it, so a new
 * command appears here by itself; only names and keys are used, nothing can be run from it.
 */
import { frameCommands } from '../app/frame-commands.ts'
import type { FrameText } from '../app/messages.ts'
import type { App } from '../app/create-app.ts'
import type { Language } from '../i18n/define-messages.ts'
import type { Command, Press } from '../keys/command.ts'
import { driveCommands } from '../operate/commands/drive-commands.ts'
import { recordCommands } from '../operate/commands/record-commands.ts'
import { simCommands } from '../operate/commands/sim-commands.ts'
import { viewCommands } from '../operate/commands/view-commands.ts'
import { Countdown } from '../operate/countdown.ts'
import type { OperateText } from '../operate/messages.ts'
import { restingDrive } from './resting-drive.ts'

export interface CatalogueEntry {
  readonly id: string
  readonly title: string
  readonly chords: readonly string[]
  readonly press: Press
}

export interface CatalogueGroup {
  /** `everywhere`, or a screen: keys of one group never hide those of another screen. */
  readonly id: string
  readonly title: string
  readonly entries: readonly CatalogueEntry[]
}

export const everywhere = 'everywhere'

export interface CatalogueTexts {
  readonly frame: FrameText
  readonly operate: OperateText
  readonly everywhere: string
}

const entriesOf = (commands: readonly Command[]): readonly CatalogueEntry[] => {
  const known = new Map<string, CatalogueEntry>()
  for (const { id, title, chords, press } of commands)
    if (!known.has(id)) known.set(id, { id, title, chords, press })
  return [...known.values()]
}

export function commandCatalogue(
  app: App,
  texts: CatalogueTexts,
  language: Language,
  cameras: readonly string[],
): readonly CatalogueGroup[] {
  const context = {
    app,
    t: texts.operate,
    language,
    drive: restingDrive,
    record: null,
    operator: null,
    countdown: new Countdown(app),
    isCountingDown: false,
    isClearAsked: false,
    isSimulated: true,
    cameras,
    isWatching: false,
  }
  return [
    {
      id: everywhere,
      title: texts.everywhere,
      entries: entriesOf(frameCommands(app, texts.frame, app.screens)),
    },
    {
      id: 'operate',
      title: texts.frame.operate,
      entries: entriesOf([
        ...driveCommands(context),
        ...recordCommands(context),
        ...simCommands(context),
        ...viewCommands(context),
      ]),
    },
  ]
}
