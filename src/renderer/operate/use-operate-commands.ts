/** Builds the live screen's commands from the states as told, once per redraw. */
import { useEffect, useMemo } from 'react'
import { useApp, useLive, useUi } from '../app/app-context.tsx'
import { useCaptureState } from '../capture/camera-view.tsx'
import type { CaptureState } from '../capture/worker-messages.ts'
import { useLanguage, useMessages } from '../i18n/language.tsx'
import type { Command } from '../keys/command.ts'
import type { CommandContext } from './commands/command-context.ts'
import { driveCommands } from './commands/drive-commands.ts'
import { recordCommands } from './commands/record-commands.ts'
import { simCommands } from './commands/sim-commands.ts'
import { viewCommands } from './commands/view-commands.ts'
import { useDriveTrust } from './control-bar/drive-trust.ts'
import { Countdown } from './countdown.ts'
import { operateMessages } from './messages.ts'

/** While nobody answers, no command is offered as if it would work; stopping is tried all the same. */
const waiting = (command: Command, blockedBy: string): Command =>
  command.availability === 'hidden' ? command : { ...command, availability: { blockedBy } }

/** A take without one of its cameras would have no frame. */
function brokenIn(capture: CaptureState, cameras: readonly string[]): CommandContext['brokenCamera'] {
  for (const name of cameras) {
    const fault = capture.cameras[name]?.fault ?? null
    if (fault !== null) return { name, fault: { ...fault, data: { ...fault.data } } }
  }
  return null
}

export function useOperateCommands(): readonly Command[] {
  const app = useApp()
  const t = useMessages(operateMessages)
  const language = useLanguage()
  const drive = useLive((s) => s.drive)
  const record = useLive((s) => s.record)
  const operator = useLive((s) => s.operator)
  const rig = useLive((s) => s.rig)
  const peer = useLive((s) => s.session?.peer ?? null)
  const isCountingDown = useUi((ui) => ui.countdownEndsMs !== null)
  const isClearAsked = useUi((ui) => ui.isClearAsked)
  const isFresh = useDriveTrust().kind === 'fresh'
  const capture = useCaptureState()
  const countdown = useMemo(() => new Countdown(app), [app])
  useEffect(() => () => countdown.cancel(), [countdown])

  if (drive === null) return []
  const cameras = rig?.rig?.cameras.map((camera) => camera.name) ?? []
  const context: CommandContext = {
    app,
    t,
    language,
    drive,
    record,
    operator,
    countdown,
    isCountingDown,
    isClearAsked,
    isSimulated: rig?.arms.some((arm) => arm.role === 'leader' && arm.isSimulated) ?? false,
    cameras,
    brokenCamera: brokenIn(capture, cameras),
    isWatching: drive.lease.holder !== null && drive.lease.holder !== peer,
  }
  const acts = [...driveCommands(context), ...recordCommands(context), ...simCommands(context)]
  return [...(isFresh ? acts : acts.map((command) => waiting(command, t.noNews))), ...viewCommands(context)]
}
