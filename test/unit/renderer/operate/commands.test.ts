import { describe, expect, it } from 'vitest'
import type { DriveState } from '#contract/services/drive.ts'
import { modes, type Mode } from '#core/control/mode.ts'
import type { Command } from '#renderer/keys/command.ts'
import type { CommandContext } from '#renderer/operate/commands/command-context.ts'
import { driveCommands } from '#renderer/operate/commands/drive-commands.ts'
import { recordCommands } from '#renderer/operate/commands/record-commands.ts'
import { simCommands } from '#renderer/operate/commands/sim-commands.ts'
import { viewCommands } from '#renderer/operate/commands/view-commands.ts'
import { Countdown, countdownMs } from '#renderer/operate/countdown.ts'
import { operateMessages } from '#renderer/operate/messages.ts'
import { settle } from '#test/fakes/manual-timers.ts'
import { openPage, type PageUnderTest } from '#test/fakes/page-app.ts'
import { driveState, openTake, recordState } from '#test/fakes/page-states.ts'

interface Given {
  drive?: DriveState
  more?: Partial<CommandContext>
}

async function contextOf({
  drive = driveState('teleop'),
  more = {},
}: Given): Promise<{ page: PageUnderTest; context: CommandContext }> {
  const page = await openPage((hosts) => hosts.tell('drive.state', drive))
  const context: CommandContext = {
    app: page.app,
    t: operateMessages.en,
    language: 'en',
    drive,
    record: recordState(),
    operator: null,
    countdown: new Countdown(page.app),
    isCountingDown: false,
    isClearAsked: false,
    isSimulated: true,
    cameras: ['front', 'top', 'wrist'],
    brokenCamera: null,
    isWatching: false,
    ...more,
  }
  return { page, context }
}

const find = (commands: readonly Command[], id: string): Command => {
  const found = commands.find((command) => command.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

const readyIds = (commands: readonly Command[]): readonly string[] =>
  commands
    .filter((command) => command.availability === 'ready')
    .map((command) => command.id.replace('operate.', ''))

describe('commands of the arm', () => {
  it.each<[Mode, readonly string[]]>([
    ['idle', ['engage']],
    ['holding', ['engage', 'resume', 'endSession']],
    ['matching', ['hold']],
    ['teleop', ['giveToPolicy', 'hold', 'endSession']],
    ['policy', ['takeOver', 'hold']],
    ['blend', ['takeOver', 'hold']],
    ['slowStop', []],
    ['fault', ['recover', 'endSession', 'copyReport']],
    ['eStop', ['recover', 'copyReport']],
  ])('in %s are %j', async (mode, ids) => {
    const { page, context } = await contextOf({ drive: driveState(mode) })
    using _page = page
    expect(readyIds(driveCommands(context))).toEqual(ids)
  })

  it('start motion by a hold and take over by a tap', async () => {
    const { page, context } = await contextOf({})
    using _page = page
    const commands = driveCommands(context)
    for (const id of ['engage', 'recover', 'giveToPolicy', 'resume', 'endSession'])
      expect(typeof find(commands, `operate.${id}`).press, id).toBe('object')
    for (const id of ['takeOver', 'hold']) expect(find(commands, `operate.${id}`).press, id).toBe('down')
  })

  it('never offer two taps on one key in any mode', async () => {
    for (const mode of modes) {
      const { page, context } = await contextOf({ drive: driveState(mode) })
      using _page = page
      const taps = [
        ...driveCommands(context),
        ...recordCommands(context),
        ...simCommands(context),
        ...viewCommands(context),
      ]
        .filter((command) => command.availability === 'ready' && command.press === 'down')
        .flatMap((command) => command.chords)
      expect(
        taps.filter((chord, i) => taps.indexOf(chord) !== i),
        mode,
      ).toEqual([])
    }
  })

  it('keep their place and say why they wait', async () => {
    const drive = driveState('teleop')
    const commands = {
      ...drive.commands,
      giveToPolicy: { code: 'control/no-policy' as const, message: '' },
    }
    const { page, context } = await contextOf({ drive: { ...drive, commands } })
    using _page = page
    expect(find(driveCommands(context), 'operate.giveToPolicy').availability).toEqual({
      blockedBy: 'no policy is chosen',
    })
  })

  it('all wait while another page drives', async () => {
    const { page, context } = await contextOf({ more: { isWatching: true } })
    using _page = page
    expect(
      readyIds([...driveCommands(context), ...recordCommands(context), ...simCommands(context)]),
    ).toEqual([])
  })

  it('ask to keep clear before the first torque of a real arm, then say that it was confirmed', async () => {
    const drive = driveState('idle', { needsKeepClear: true })
    const first = await contextOf({ drive })
    find(driveCommands(first.context), 'operate.engage').run()
    await settle()
    expect(first.page.app.ui.getState().isClearAsked).toBe(true)
    expect(first.page.hosts.called('drive.engage')).toEqual([])
    find(driveCommands({ ...first.context, isClearAsked: true }), 'operate.engage').run()
    await settle()
    expect(first.page.hosts.called('drive.engage')).toEqual([{ keepClearAcknowledged: true }])
    first.page[Symbol.dispose]()
  })

  it('engage a simulated arm without the question', async () => {
    const { page, context } = await contextOf({ drive: driveState('idle') })
    using _page = page
    find(driveCommands(context), 'operate.engage').run()
    await settle()
    expect(page.hosts.called('drive.engage')).toEqual([{ keepClearAcknowledged: false }])
  })
})

describe('commands of the take', () => {
  it('wait for torque', async () => {
    const { page, context } = await contextOf({ drive: driveState('idle') })
    using _page = page
    expect(find(recordCommands(context), 'operate.startTake').availability).toEqual({
      blockedBy: 'after engage',
    })
  })

  it('wait for what the recorder waits for, in words', async () => {
    const record = recordState({
      phase: 'none',
      dataset: null,
      blocker: { code: 'record/no-dataset', message: '' },
    })
    const { page, context } = await contextOf({ more: { record } })
    using _page = page
    expect(find(recordCommands(context), 'operate.startTake').availability).toEqual({
      blockedBy: 'no dataset is chosen',
    })
  })

  it('wait for a camera that gives no pictures: its take would have no frame', async () => {
    const brokenCamera = { name: 'wrist', fault: { code: 'capture/denied', message: '' } } as const
    const { page, context } = await contextOf({ more: { brokenCamera } })
    using _page = page
    expect(find(recordCommands(context), 'operate.startTake').availability).toEqual({
      blockedBy: 'this page may not use the camera: wrist',
    })
  })

  it('count down before the take starts, and the same key cancels', async () => {
    const { page, context } = await contextOf({})
    using _page = page
    find(recordCommands(context), 'operate.startTake').run()
    await page.pass(countdownMs - 100)
    expect(page.hosts.called('record.start')).toEqual([])
    find(recordCommands({ ...context, isCountingDown: true }), 'operate.startTake').run()
    await page.pass(1000)
    expect(page.hosts.called('record.start')).toEqual([])
    find(recordCommands(context), 'operate.startTake').run()
    await page.pass(countdownMs + 40)
    expect(page.hosts.called('record.start')).toHaveLength(1)
    expect(page.app.ui.getState().countdownEndsMs).toBeNull()
  })

  it('save with the outcome that was given to the open take', async () => {
    const record = recordState({ phase: 'recording', take: openTake({ outcome: 'success' }) })
    const { page, context } = await contextOf({ more: { record } })
    using _page = page
    find(recordCommands(context), 'operate.saveTake').run()
    await settle()
    expect(page.hosts.called('record.save')).toEqual([{ outcome: null }])
  })

  it('answer for a recovered take with the same keys, before a new one can start', async () => {
    const take = openTake()
    if (take === null) throw new Error('no take')
    const { t0Us: _t0, closedBy: _by, ...recovered } = take
    const { page, context } = await contextOf({ more: { record: recordState({ recovered: [recovered] }) } })
    using _page = page
    const commands = recordCommands(context)
    expect(find(commands, 'operate.startTake').availability).toBe('hidden')
    find(commands, 'operate.keepRecovered').run()
    await settle()
    expect(page.hosts.called('record.keepRecovered')).toEqual([{ takeId: 'take-24' }])
  })

  it('label the open take or the last one, and nothing before there is one', async () => {
    const none = await contextOf({ more: { record: recordState({ session: [] }) } })
    expect(find(recordCommands(none.context), 'operate.success').availability).toBe('hidden')
    none.page[Symbol.dispose]()
    const some = await contextOf({})
    find(recordCommands(some.context), 'operate.partial').run()
    await settle()
    expect(some.page.hosts.called('record.setOutcome')).toEqual([{ outcome: 'partial' }])
    some.page[Symbol.dispose]()
  })

  it('bring a discarded take back', async () => {
    const { page, context } = await contextOf({})
    using _page = page
    const undo = find(recordCommands(context), 'operate.undoDiscard')
    expect(undo.chords).toEqual(['Ctrl+Z'])
    undo.run()
    await settle()
    expect(page.hosts.called('record.undoDiscard')).toHaveLength(1)
  })
})

describe('commands of the simulator', () => {
  it('do not exist on real arms', async () => {
    const { page, context } = await contextOf({ more: { isSimulated: false } })
    using _page = page
    expect(simCommands(context)).toEqual([])
  })

  it('let the scripted operator drive in teleop only, and stop by the same key', async () => {
    const { page, context } = await contextOf({})
    using _page = page
    find(simCommands(context), 'operate.operator').run()
    await settle()
    expect(page.hosts.called('sim.startOperator')).toHaveLength(1)
    const operator = { isRunning: true, phase: 'lift', cube: 'red', attempts: 1, cubesInBin: [] }
    find(simCommands({ ...context, operator }), 'operate.operator').run()
    await settle()
    expect(page.hosts.called('sim.stopOperator')).toHaveLength(1)
    expect(
      find(simCommands({ ...context, drive: driveState('holding') }), 'operate.operator').availability,
    ).toEqual({
      blockedBy: 'after engage',
    })
    expect(
      find(simCommands({ ...context, drive: driveState('policy') }), 'operate.operator').availability,
    ).toBe('hidden')
  })

  it('move the hand while a key is down and not a step longer', async () => {
    const { page, context } = await contextOf({})
    using _page = page
    const up = find(simCommands(context), 'operate.jogUp')
    const running = up.run()
    await page.pass(200)
    running?.[Symbol.dispose]()
    const sent = page.hosts.called('sim.jog').length
    expect(sent).toBeGreaterThanOrEqual(5)
    await page.pass(500)
    expect(page.hosts.called('sim.jog')).toHaveLength(sent)
    expect(page.hosts.called('sim.jog')[0]).toMatchObject({ delta: [0, 0, 0.0048], gripper: 0 })
  })
})

describe('commands of the view', () => {
  it('enlarge a camera, put it back by its own key or by 0', async () => {
    const { page, context } = await contextOf({})
    using _page = page
    const commands = viewCommands(context)
    find(commands, 'operate.camera2').run()
    expect(page.app.ui.getState().enlargedCamera).toBe('top')
    find(commands, 'operate.camera2').run()
    expect(page.app.ui.getState().enlargedCamera).toBeNull()
    find(commands, 'operate.camera3').run()
    find(commands, 'operate.cameraGrid').run()
    expect(page.app.ui.getState().enlargedCamera).toBeNull()
  })

  it('take the twin through column, large and off', async () => {
    const { page, context } = await contextOf({})
    using _page = page
    const twin = find(viewCommands(context), 'operate.twin')
    const seen = [0, 1, 2].map(() => {
      twin.run()
      return page.app.ui.getState().twin
    })
    expect(seen).toEqual(['large', 'off', 'column'])
  })
})
