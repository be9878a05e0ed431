/** What only the simulated bench offers: a scripted operator, a scene to reset, and keys that move the leader's hand. */
import type { Mode } from '#core/control/mode.ts'
import type { Availability, Command } from '../../keys/command.ts'
import { unlessWatching, type CommandContext } from './command-context.ts'

/** Steps go out at 25 Hz while a key is down; one step at these speeds. */
const stepMs = 40
const handMetresPerSecond = 0.12
const rollRadPerSecond = 1.2
const gripperPerSecond = 1.2

interface JogStep {
  readonly delta?: readonly [number, number, number]
  readonly rollRad?: number
  readonly gripper?: number
}

type JogText =
  | 'jogForward'
  | 'jogBack'
  | 'jogLeft'
  | 'jogRight'
  | 'jogUp'
  | 'jogDown'
  | 'jogClose'
  | 'jogOpen'
  | 'jogRollLeft'
  | 'jogRollRight'

const jogs: readonly { title: JogText; chord: string; step: JogStep }[] = [
  { title: 'jogForward', chord: 'Shift+ArrowUp', step: { delta: [1, 0, 0] } },
  { title: 'jogBack', chord: 'Shift+ArrowDown', step: { delta: [-1, 0, 0] } },
  { title: 'jogLeft', chord: 'Shift+ArrowLeft', step: { delta: [0, 1, 0] } },
  { title: 'jogRight', chord: 'Shift+ArrowRight', step: { delta: [0, -1, 0] } },
  { title: 'jogUp', chord: 'PageUp', step: { delta: [0, 0, 1] } },
  { title: 'jogDown', chord: 'PageDown', step: { delta: [0, 0, -1] } },
  { title: 'jogClose', chord: '[', step: { gripper: -1 } },
  { title: 'jogOpen', chord: ']', step: { gripper: 1 } },
  { title: 'jogRollLeft', chord: 'Shift+,', step: { rollRad: -1 } },
  { title: 'jogRollRight', chord: 'Shift+.', step: { rollRad: 1 } },
]

const beforeTeleop: ReadonlySet<Mode> = new Set(['idle', 'holding', 'matching'])

function operatorAvailability(context: CommandContext, isRunning: boolean): Availability {
  const { mode } = context.drive
  if (isRunning || mode === 'teleop') return unlessWatching(context, 'ready')
  return beforeTeleop.has(mode) ? unlessWatching(context, { blockedBy: context.t.afterEngage }) : 'hidden'
}

export function simCommands(context: CommandContext): readonly Command[] {
  const { app, t, drive, operator, record, isSimulated } = context
  if (!isSimulated) return []
  const isHuman = drive.mode === 'teleop'
  const isRunning = operator?.isRunning ?? false
  const isRecording = record?.phase === 'recording'
  const commands: Command[] = [
    {
      id: 'operate.operator',
      title: isRunning ? t.stopOperator : t.startOperator,
      chords: ['D'],
      press: 'down',
      availability: operatorAvailability(context, isRunning),
      run: () =>
        app.act((services) =>
          isRunning
            ? services.sim.stopOperator(undefined)
            : services.sim.startOperator({ seed: Math.floor(Math.random() * 2 ** 31), cube: 'red' }),
        ),
      bar: 26,
    },
    {
      id: 'operate.resetScene',
      title: t.resetScene,
      chords: ['X'],
      press: 'down',
      availability: isRecording ? 'hidden' : unlessWatching(context, 'ready'),
      run: () => app.act((services) => services.sim.resetScene({})),
      bar: 27,
      isWide: true,
    },
  ]
  for (const { title, chord, step } of jogs)
    commands.push({
      id: `operate.${title}`,
      title: t[title],
      chords: [chord],
      press: 'while',
      availability: isHuman ? unlessWatching(context, 'ready') : 'hidden',
      run: () => jogWhileDown(context, step),
    })
  return commands
}

function jogWhileDown(context: CommandContext, step: JogStep): Disposable {
  const { app } = context
  const seconds = stepMs / 1000
  const [x, y, z] = step.delta ?? [0, 0, 0]
  const metres = handMetresPerSecond * seconds
  const send = (): void =>
    app.act((services) =>
      services.sim.jog({
        delta: [x * metres, y * metres, z * metres],
        pitchRad: 0,
        rollRad: (step.rollRad ?? 0) * rollRadPerSecond * seconds,
        gripper: (step.gripper ?? 0) * gripperPerSecond * seconds,
      }),
    )
  send()
  return app.timers.every(stepMs, send)
}
