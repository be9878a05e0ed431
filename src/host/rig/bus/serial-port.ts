/**
 * The one place that touches the `serialport` package, whose types do not survive its dependencies: a port as a byte
 * channel, 8N1, opened for this process alone. Every failure of an open port counts as its end, because after an error
 * nobody knows which bytes were lost; whoever wants it back opens it again.
 */
import { SerialPort } from 'serialport'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { Clock } from '#host/shared/clock.ts'
import type { ByteChannel } from './byte-channel.ts'
import { createChannelEvents } from './channel-events.ts'
import { claimPort } from './port-claim.ts'

/** What is used of a serial port, typed by us. */
interface RawPort {
  readonly writableLength: number
  open(callback: (error: Error | null) => void): void
  close(callback: (error: Error | null) => void): void
  update(options: { baudRate: number }, callback: (error: Error | null) => void): void
  write(bytes: Uint8Array): boolean
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown
  on(event: 'error' | 'close', listener: (error: Error | null | undefined) => void): unknown
}

/** A port as the system lists it. */
export interface SerialPortEntry {
  readonly path: string
  readonly manufacturer?: string | undefined
  readonly serialNumber?: string | undefined
  readonly pnpId?: string | undefined
  readonly vendorId?: string | undefined
  readonly productId?: string | undefined
}

/** All serial ports the package finds. Rejects on Linux without udevadm. */
export const listSerialPorts = (): Promise<readonly SerialPortEntry[]> => SerialPort.list()

/** @returns the open port, or `bus/port-missing`, `bus/port-denied`, `bus/port-busy` with what to do about it */
export async function openSerialPort(path: string, baud: number, nowUs: Clock): Promise<Result<ByteChannel>> {
  const claim = await claimPort(path)
  if (!claim.ok) return claim
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false, lock: true }) as RawPort
  const error = await new Promise<Error | null>((resolve) => port.open(resolve))
  if (error !== null) {
    await claim.value[Symbol.asyncDispose]()
    return { ok: false, error: openFault(path, error, process.platform) }
  }
  return ok(channelOf(port, path, baud, nowUs, claim.value))
}

/** Why a port did not open, and what the person in front of it can do. */
export function openFault(path: string, error: Error, platform: NodeJS.Platform): Fault {
  const text = error.message
  const data = { path, reason: text }
  if (
    /no such file|cannot find|file not found|ENOENT|ENXIO|ENODEV|not a tty|inappropriate ioctl/iu.test(text)
  )
    return { code: 'bus/port-missing', message: `there is no serial port ${path}: is it plugged in?`, data }
  if (/busy|cannot lock|EBUSY|EAGAIN|temporarily unavailable/iu.test(text))
    return { code: 'bus/port-busy', message: `another program has ${path} open: close it first`, data }
  if (/permission|access|EACCES|EPERM/iu.test(text)) {
    // Windows answers "access denied" for a port that somebody else has open.
    if (platform === 'win32')
      return { code: 'bus/port-busy', message: `another program has ${path} open: close it first`, data }
    const remedy =
      platform === 'linux'
        ? 'add yourself to the group dialout (sudo usermod -aG dialout $USER) and log in again, or install resources/linux/60-foresight.rules'
        : 'give your user read and write access to it'
    return { code: 'bus/port-denied', message: `no permission to open ${path}: ${remedy}`, data }
  }
  return { code: 'bus/port-missing', message: `${path} cannot be opened: ${text}`, data }
}

function channelOf(
  port: RawPort,
  path: string,
  baud: number,
  nowUs: Clock,
  claim: AsyncDisposable,
): ByteChannel {
  const events = createChannelEvents()
  let rate = baud
  const gone = (error: Error | null | undefined): void =>
    events.close({
      code: 'bus/closed',
      message: `${path} is gone: ${error?.message ?? 'unplugged'}`,
      data: { path },
    })
  port.on('data', (bytes) => events.data(bytes, nowUs()))
  port.on('error', gone)
  port.on('close', gone)
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    events.dispose()
    await new Promise((resolve) => port.close(resolve))
    await claim[Symbol.asyncDispose]()
  }
  // The lock goes with the device: after an unplug another process may have the port as soon as it is back.
  events.onClose(() => void (closing ??= close()))
  return {
    get baud() {
      return rate
    },
    get pendingBytes() {
      return port.writableLength
    },
    write: (bytes) => {
      if (!events.isClosed) port.write(bytes)
    },
    onData: events.onData,
    onClose: events.onClose,
    setBaud: async (next) => {
      const error = await new Promise<Error | null>((resolve) => port.update({ baudRate: next }, resolve))
      if (error !== null)
        return fail('bus/out-of-range', `${path} cannot run at ${next} baud: ${error.message}`, {
          baud: next,
        })
      rate = next
      return ok(undefined)
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  }
}
