/** The frame of the command line: finding commands, help, JSON, exit codes. */
import { describe, expect, it } from 'vitest'
import { commandTable, findCommand } from '#cli/command-table.ts'
import { browserCommand } from '#cli/open-browser.ts'
import { readNumber, readOptions } from '#cli/read-options.ts'
import { terminalIo } from '#cli/terminal.ts'
import { runCommand } from '#test/fakes/run-cli.ts'

const run = (...args: string[]) => runCommand(args)

describe('the command table', () => {
  it('has every command under its own name, each with a summary of one line and a usage', async () => {
    for (const [name, load] of Object.entries(commandTable)) {
      const command = await load()
      expect(command.name).toBe(name)
      expect(command.summary).not.toMatch(/\n|\.$/u)
      expect(command.usage).toContain(`foresight ${name}`)
    }
  })

  it('has what issue 3 asks for', () => {
    const asked = ['start', 'sim', 'arm scan', 'teleop', 'dataset info', 'policy list', 'policy check']
    expect(Object.keys(commandTable)).toEqual(expect.arrayContaining(asked))
  })

  it('takes the longest name that the arguments begin with', () => {
    expect(findCommand(['arm', 'scan', '--port', 'x'])?.rest).toEqual(['--port', 'x'])
    expect(findCommand(['sim', 'scan'])?.rest).toEqual(['scan'])
    expect(findCommand(['arm'])).toBeNull()
    expect(findCommand(['constructor'])).toBeNull()
  })
})

describe('foresight', () => {
  it('helps in JSON too', async () => {
    const all = JSON.parse((await run('help', '--json')).out) as { commands: { name: string }[] }
    expect(all.commands.map(({ name }) => name)).toContain('policy import')
    expect(JSON.parse((await run('policy', 'import', '--help', '--json')).out)).toMatchObject({
      name: 'policy import',
      usage: expect.stringContaining('--precision') as string,
    })
  })

  it('lists the commands on help, on stdout', async () => {
    const { code, out, err } = await run('help')
    expect(code).toBe(0)
    expect(out).toContain('arm scan')
    expect(err).toBe('')
  })

  it.each([
    ['help', 'arm', 'scan'],
    ['arm', 'scan', '--help'],
  ])('tells how to use a command: %s %s %s', async (...args) => {
    const { code, out } = await run(...args)
    expect(code).toBe(0)
    expect(out).toContain('--port PORT')
  })

  it('says what it does not know and exits with 2', async () => {
    const { code, out, err } = await run('fly')
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain('unknown command: fly')
  })

  it('answers one line of JSON even when it is used wrongly', async () => {
    for (const args of [
      ['fly', '--json'],
      ['arm', 'scan', '--json'],
      ['dataset', 'info', '--json'],
      ['address', '--bad', '--json'],
    ]) {
      const { code, out } = await run(...args)
      expect(code).toBe(2)
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'contract/invalid-request' } })
    }
  })

  it('exits with 1 and says why when the answer is a failure', async () => {
    const people = await run('arm', 'scan', '--port', '/dev/no-such-port', '--baud', '1000000')
    expect(people).toMatchObject({ code: 1, out: '' })
    expect(people.err).toContain('bus/port-missing')
    const programs = await run('--json', 'arm', 'scan', '--port', '/dev/no-such-port', '--baud', '1000000')
    expect(JSON.parse(programs.out)).toMatchObject({ error: { code: 'bus/port-missing' } })
  })

  it('tells what is wrong with a folder that is no dataset', async () => {
    const { code, out } = await run('dataset', 'info', import.meta.dirname, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'dataset/not-a-dataset' } })
  })
})

describe('the terminal', () => {
  const program = { rootDir: '/p', plainDir: '/p', resourcesDir: '/p/resources', version: '1' }
  const io = (isJson: boolean) => {
    const out: string[] = []
    const err: string[] = []
    const made = terminalIo({
      isJson,
      program,
      dataDir: '/d',
      signal: new AbortController().signal,
      command: { name: 'x', usage: 'foresight x' },
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
    })
    return { io: made, out, err }
  }

  it('answers people with text, which is made only for them', () => {
    const people = io(false)
    people.io.answer({ a: 1 }, () => 'one')
    expect(people.out).toEqual(['one'])
    const programs = io(true)
    programs.io.answer({ a: 1 }, () => {
      throw new Error('not needed')
    })
    expect(programs.out).toEqual(['{"a":1}'])
  })

  it('keeps notes off stdout', () => {
    const programs = io(true)
    programs.io.note('working')
    expect(programs).toMatchObject({ out: [], err: ['working'] })
  })
})

describe('options', () => {
  it('are values, flags and the rest, or what is wrong', () => {
    const kinds = { port: 'value', all: 'flag' } as const
    expect(readOptions(['--port', '/dev/x', 'dir', '--all'], kinds)).toEqual({
      values: { port: '/dev/x' },
      flags: new Set(['all']),
      positionals: ['dir'],
    })
    expect(readOptions(['--speed', '1'], kinds)).toContain('--speed')
    expect(readOptions(['--port'], kinds)).toContain('--port')
  })

  it.each([
    [undefined, null],
    ['5', 5],
    ['0', 0],
  ])('read the number %s as %s', (text, expected) => {
    expect(readNumber(text, 'n', { min: 0, max: 10 })).toBe(expected)
  })

  it.each(['', ' ', 'x', '-1', '11', 'NaN', 'Infinity', '1.5'])('refuse the number %j', (text) => {
    expect(readNumber(text, 'n', { min: 0, max: 10, isInteger: true })).toContain('from 0 to 10')
  })
})

describe('opening a browser', () => {
  it('uses the system’s own opener, without a shell, and none where there is no screen', () => {
    const url = 'http://127.0.0.1:1/?token=a&b'
    expect(browserCommand(url, 'darwin', {})).toEqual({ file: 'open', args: [url] })
    expect(browserCommand(url, 'linux', { DISPLAY: ':0' })).toEqual({ file: 'xdg-open', args: [url] })
    expect(browserCommand(url, 'linux', {})).toBeNull()
    expect(browserCommand(url, 'win32', {})?.args.at(-1)).toBe(url)
  })
})
