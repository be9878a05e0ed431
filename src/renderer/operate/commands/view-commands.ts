/** How the live screen is looked at: which camera is large, where the twin is. */
import type { Command } from '../../keys/command.ts'
import type { CommandContext } from './command-context.ts'

const nextForesight = { beside: 'over', over: 'off', off: 'beside' } as const
const nextTwin = { column: 'large', large: 'off', off: 'column' } as const

const driving: ReadonlySet<string> = new Set(['policy', 'blend'])

export function viewCommands(context: CommandContext): readonly Command[] {
  const { app, t, cameras } = context
  const commands: Command[] = cameras.slice(0, 9).map((name, index) => ({
    id: `operate.camera${index + 1}`,
    title: t.enlargeCamera(name),
    chords: [String(index + 1)],
    press: 'down' as const,
    availability: 'ready' as const,
    run: () => app.ui.setState((ui) => ({ enlargedCamera: ui.enlargedCamera === name ? null : name })),
  }))
  commands.push(
    {
      id: 'operate.cameraGrid',
      title: t.gridCameras,
      chords: ['0'],
      press: 'down',
      availability: 'ready',
      run: () => app.ui.setState({ enlargedCamera: null }),
    },
    {
      id: 'operate.foresight',
      title: t.changeForesight,
      chords: ['V'],
      press: 'down',
      availability: driving.has(context.drive.mode) ? 'ready' : 'hidden',
      run: () => app.ui.setState((ui) => ({ foresight: nextForesight[ui.foresight] })),
      bar: 45,
      isWide: true,
    },
    {
      id: 'operate.twin',
      title: t.changeTwin,
      chords: ['W'],
      press: 'down',
      availability: 'ready',
      run: () => app.ui.setState((ui) => ({ twin: nextTwin[ui.twin] })),
    },
  )
  return commands
}
