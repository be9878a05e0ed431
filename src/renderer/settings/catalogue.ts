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
import type { PoliciesText } from '../policies/messages.ts'
import { policyCommands } from '../policies/policy-commands.ts'
import { episodeCommands } from '../review/episode/episode-commands.ts'
import { libraryCommands } from '../review/library-commands.ts'
import type { ReviewText } from '../review/messages.ts'
import { ReviewModel } from '../review/review-model.ts'
import type { RigText } from '../rig/messages.ts'
import { rigCommands } from '../rig/rig-commands.ts'
import { rigViewOf } from '../rig/rig-view.ts'
import type { SettingsText } from './messages.ts'
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
  readonly review: ReviewText
  readonly policies: PoliciesText
  readonly rig: RigText
  readonly settings: SettingsText
}

const entriesOf = (commands: readonly Command[]): readonly CatalogueEntry[] => {
  const known = new Map<string, CatalogueEntry>()
  for (const { id, title, chords, press } of commands)
    if (!known.has(id)) known.set(id, { id, title, chords, press })
  return [...known.values()]
}

/** Nobody can run what stands here. */
const nothing = (): void => undefined

function operateCommands(
  app: App,
  t: OperateText,
  language: Language,
  cameras: readonly string[],
): Command[] {
  const context = {
    app,
    t,
    language,
    drive: restingDrive,
    record: null,
    operator: null,
    countdown: new Countdown(app),
    isCountingDown: false,
    isClearAsked: false,
    isSimulated: true,
    cameras,
    brokenCamera: null,
    isWatching: false,
  }
  return [
    ...driveCommands(context),
    ...recordCommands(context),
    ...simCommands(context),
    ...viewCommands(context),
  ]
}

function deskCommands(app: App, texts: CatalogueTexts): readonly CatalogueGroup[] {
  const model = new ReviewModel(app)
  const review = { t: texts.review, timers: app.timers, model, state: model.store.getState() }
  const acts = {
    isBusy: false,
    connect: nothing,
    connectDraft: nothing,
    saveDraft: nothing,
    disconnect: nothing,
    remove: nothing,
    writeAndConnect: nothing,
  }
  return [
    {
      id: 'review',
      title: texts.frame.review,
      entries: entriesOf(libraryCommands({ ...review, focusSearch: nothing })),
    },
    {
      id: 'episode',
      title: texts.settings.reviewEpisode,
      entries: entriesOf(
        episodeCommands({ ...review, episode: null, desk: null, isPlaying: false, foresight: null }),
      ),
    },
    {
      id: 'policies',
      title: texts.frame.policies,
      entries: entriesOf(
        policyCommands({
          app,
          t: texts.policies,
          policies: { list: null, checks: {}, look: nothing },
          entry: null,
          policy: null,
          drive: null,
          hasRig: false,
          pick: nothing,
          fix: null,
          foresee: null,
          openImport: nothing,
          cancelImport: null,
          remove: nothing,
          undoRemove: null,
        }),
      ),
    },
    {
      id: 'rig',
      title: texts.frame.rig,
      entries: entriesOf(
        rigCommands({
          t: texts.rig,
          rig: null,
          found: { saved: [], look: nothing },
          acts,
          view: rigViewOf(app),
        }),
      ),
    },
  ]
}

export const commandCatalogue = (
  app: App,
  texts: CatalogueTexts,
  language: Language,
  cameras: readonly string[],
): readonly CatalogueGroup[] => [
  {
    id: everywhere,
    title: texts.settings.everywhere,
    entries: entriesOf(frameCommands(app, texts.frame, app.screens)),
  },
  {
    id: 'operate',
    title: texts.frame.operate,
    entries: entriesOf(operateCommands(app, texts.operate, language, cameras)),
  },
  ...deskCommands(app, texts),
]
