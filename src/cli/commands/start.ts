/** `foresight start`: the window where Electron is there, else the headless server, until Ctrl-C. */
import { once } from 'node:events'
import { AlreadyRunning, startHeadless, type RunningApp } from '#main/headless.ts'
import { findElectron, startElectron } from '#main/instance/electron-binary.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { openBrowser } from '../open-browser.ts'
import { readNumber, readOptions } from '../read-options.ts'

const usage = `foresight start [--headless] [--port N] [--no-open]
  --headless  serve the page even where the window could be opened
  --port N    port of the page on 127.0.0.1; without it, one that is free
  --no-open   print the address and open no browser`

async function serveUntilStopped(io: CliIo, running: RunningApp, isOpening: boolean): Promise<number> {
  io.answer({ url: running.url, port: running.port, pid: process.pid }, `Foresight is at ${running.url}`)
  if (isOpening) openBrowser(running.url, process.env)
  if (!io.signal.aborted) await once(io.signal, 'abort')
  io.note('Foresight ends: the arm is held, takes are closed. Press Ctrl-C again to end at once.')
  await running.close()
  return 0
}

async function serve(io: CliIo, port: number | null, isOpening: boolean): Promise<number> {
  try {
    const options = port === null ? {} : { port }
    const running = await startHeadless({ ...options, dataDir: io.dataDir })
    return await serveUntilStopped(io, running, isOpening)
  } catch (error) {
    if (error instanceof AlreadyRunning) {
      const { owner } = error
      if (!owner.isAnswering)
        return io.fail({
          code: 'shell/io',
          message: `${error.message}, but it does not answer`,
          data: { pid: owner.pid },
        })
      const where = owner.url === null ? 'in its window' : `at ${owner.url}`
      io.answer({ ...owner, isAlreadyRunning: true }, `Foresight runs already, ${where}`)
      return 0
    }
    if (error instanceof Error && 'code' in error)
      return io.fail({ code: 'shell/io', message: `the server cannot start: ${error.message}` })
    throw error
  }
}

export const startCommand: CliCommand = {
  name: 'start',
  summary: 'open Foresight: its window, or a page on this machine',
  usage,
  run: async (args, io) => {
    const read = readOptions(args, { headless: 'flag', port: 'value', 'no-open': 'flag' })
    if (typeof read === 'string') return io.misuse(read)
    if (read.positionals.length > 0) return io.misuse(`unexpected ${read.positionals.join(' ')}`)
    const port = readNumber(read.values['port'], 'port', { min: 0, max: 65_535, isInteger: true })
    if (typeof port === 'string') return io.misuse(port)
    if (!read.flags.has('headless')) {
      const electron = findElectron(io.rootDir)
      if (electron !== null) return await startElectron(electron, io.rootDir, io.signal)
      io.note(
        'Electron is not here (npx install-electron --no fetches it): Foresight serves its page instead.',
      )
    }
    return await serve(io, port, !read.flags.has('no-open') && process.env['CI'] === undefined)
  },
}
