/**
 * The simulator's bus as a byte channel: a Unix socket or a named pipe that carries the same bytes, paced by the simulator
 * as a wire would.
 */
import { connect } from 'node:net'
import { fail, ok, type Result } from '#core/result.ts'
import type { Clock } from '#host/shared/clock.ts'
import type { ByteChannel } from './byte-channel.ts'
import { createChannelEvents } from './channel-events.ts'

/** What SO arms run at, and what the simulator paces. */
const nominalBaud = 1_000_000
/** Longest wait for the other side's goodbye. */
const farewellMs = 300

/** @returns the open channel, or `bus/port-missing` when nobody listens there */
export async function openSocketChannel(path: string, nowUs: Clock): Promise<Result<ByteChannel>> {
  const socket = connect(path)
  const error = await new Promise<Error | null>((resolve) => {
    socket.once('connect', () => resolve(null))
    socket.once('error', resolve)
  })
  if (error !== null)
    return fail('bus/port-missing', `no simulated bus answers at ${path}`, { path, reason: error.message })
  const events = createChannelEvents()
  // The simulator turns a second program away, as a serial port would: it hangs up before a byte was exchanged.
  let isHeard = false
  const gone = (): void =>
    events.close(
      isHeard
        ? { code: 'bus/closed', message: `the simulated bus ${path} is gone`, data: { path } }
        : {
            code: 'bus/port-busy',
            message: `another program uses the simulated bus ${path}`,
            data: { path },
          },
    )
  socket.on('data', (bytes) => {
    isHeard = true
    events.data(bytes, nowUs())
  })
  socket.on('error', gone)
  socket.on('close', gone)
  return ok({
    baud: nominalBaud,
    get pendingBytes() {
      return socket.writableLength
    },
    write: (bytes) => {
      if (!events.isClosed) socket.write(bytes)
    },
    onData: events.onData,
    onClose: events.onClose,
    setBaud: async () => ok(undefined),
    [Symbol.asyncDispose]: async () => {
      events.dispose()
      if (socket.closed) return
      // The other side hangs up in answer, so that the bus is free again when this resolves.
      await new Promise<void>((resolve) => {
        const impatience = setTimeout(() => socket.destroy(), farewellMs)
        socket.once('close', () => {
          clearTimeout(impatience)
          resolve()
        })
        socket.end()
      })
    },
  })
}
