/** Keeping the machine awake: with the right command, or with a word that it cannot be done. */
import { describe, expect, it } from 'vitest'
import type { LogLine } from '#contract/services/host.ts'
import { createLog } from '#host/shared/log.ts'
import { commandSleepInhibitor, inhibitCommand } from '#main/sleep/sleep-inhibitor.ts'

describe('the sleep inhibitor', () => {
  it('blocks sleep for as long as a pipe from here is open on Linux', () => {
    const command = inhibitCommand('linux', 7)
    expect(command?.file).toBe('systemd-inhibit')
    expect(command?.args).toContain('--mode=block')
    expect(command?.args.at(-1)).toBe('cat')
  })

  it('watches this process on macOS', () => {
    expect(inhibitCommand('darwin', 7)).toEqual({ file: 'caffeinate', args: ['-i', '-w', '7'] })
  })

  it('says once that it cannot, where no command is known', () => {
    const log = createLog()
    const lines: LogLine[] = []
    using inhibitor = commandSleepInhibitor(log, 'aix')
    for (const isOn of [true, false, true]) inhibitor.set(isOn)
    log.follow((line) => void lines.push(line))
    expect(lines.map(({ area, level }) => `${area} ${level}`)).toEqual(['sleep warn'])
  })
})
