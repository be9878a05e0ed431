/**
 * Which servos are on a port, at which speed: for ports whose servos are unknown, new or set wrongly. It only asks; nothing
 * is written to a servo.
 */
import { feetechBaudRates, modelByNumber } from '#core/bus/feetech-models.ts'
import { broadcastId, encodePing, maxServoId } from '#core/bus/feetech-packet.ts'
import { ok, type Result } from '#core/result.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import { processBusClock, type BusClock } from '../bus/bus-clock.ts'
import { isChannelEnd, type ByteChannel } from '../bus/byte-channel.ts'
import { FeetechBus } from '../bus/feetech-bus.ts'
import { openSerialPort } from '../bus/serial-port.ts'
import { ServoAccess } from '../bus/servo-access.ts'

export interface ScanOptions {
  /** Speeds to try, in this order; by default all that the servos know, 76800 included. */
  readonly bauds?: readonly number[]
  /** Ids asked one by one besides those that answer a broadcast; 0…20 by default. */
  readonly ids?: readonly number[]
  /** Go on to further speeds after one at which servos answered. */
  readonly isExhaustive?: boolean
  /** Reported before each speed. */
  readonly onBaud?: (baud: number) => void
  readonly signal?: AbortSignal
}

export interface ServoFound {
  readonly id: number
  /** LeRobot's model name, or `unknown`. */
  readonly model: string
  readonly modelNumber: number
  readonly firmware: string
  readonly baud: number
}

export interface ScanReport {
  readonly servos: readonly ServoFound[]
  /** Speeds at which something answered that could not be read: several servos with one id answer at once. */
  readonly garbledBauds: readonly number[]
}

const defaultIds = Array.from({ length: 21 }, (_, id) => id)
/** A servo answers within its return delay and the adapter's latency; absent ids cost this much each. */
const askTimeoutUs = 8000
/** Answers to a broadcast come one after another. */
const broadcastUs = 60_000
const everyId = Array.from({ length: maxServoId + 1 }, (_, id) => id)

/** @returns what answers on the port, or why it cannot be opened (`bus/port-…`) or was lost (`bus/closed`) */
export async function scanPort(path: string, options: ScanOptions = {}): Promise<Result<ScanReport>> {
  const bauds = options.bauds ?? feetechBaudRates
  const clock = processBusClock(machineClockUs)
  const channel = await openSerialPort(path, bauds[0] ?? feetechBaudRates[0], clock.nowUs)
  return channel.ok ? await scanChannel(channel.value, clock, options) : channel
}

/** `scanPort` on an open channel, which it closes. */
export async function scanChannel(
  channel: ByteChannel,
  clock: BusClock,
  options: ScanOptions = {},
): Promise<Result<ScanReport>> {
  const servos: ServoFound[] = []
  const garbledBauds: number[] = []
  await using bus = new FeetechBus(channel, clock)
  for (const baud of options.bauds ?? feetechBaudRates) {
    if (options.signal?.aborted === true) break
    options.onBaud?.(baud)
    const set = await channel.setBaud(baud)
    // An adapter that cannot run at a speed has no servo at it.
    if (!set.ok) continue
    const found = await scanSpeed(bus, clock, baud, options)
    if (!found.ok) return found
    servos.push(...found.value.servos)
    if (found.value.isGarbled) garbledBauds.push(baud)
    if (servos.length > 0 && options.isExhaustive !== true) break
  }
  return ok({ servos, garbledBauds })
}

async function scanSpeed(
  bus: FeetechBus,
  clock: BusClock,
  baud: number,
  options: ScanOptions,
): Promise<Result<{ readonly servos: readonly ServoFound[]; readonly isGarbled: boolean }>> {
  const broadcast = { bytes: encodePing(broadcastId), ids: everyId, answerLength: 0 }
  const heard = await bus.exchange(broadcast, clock.nowUs() + broadcastUs)
  if (!heard.ok) return heard
  const access = new ServoAccess(bus, clock)
  const candidates = new Set([...heard.value.answers.keys(), ...(options.ids ?? defaultIds)])
  const servos: ServoFound[] = []
  let isGarbled = heard.value.corrupt > 0
  for (const id of [...candidates].sort((a, b) => a - b)) {
    if (options.signal?.aborted === true) break
    // An absent id is ruled out in two short tries; one that was heard in the broadcast gets the usual patience.
    const isHeard = heard.value.answers.has(id)
    const reply = await access.ping(id, isHeard ? {} : { attempts: 2, timeoutUs: askTimeoutUs })
    if (!reply.ok && isChannelEnd(reply.error)) return reply
    if (!reply.ok) {
      isGarbled ||= reply.error.code === 'bus/corrupt'
      continue
    }
    const servo = await identify(access, id, baud)
    if (servo.ok) servos.push(servo.value)
    else if (isChannelEnd(servo.error)) return servo
    else isGarbled ||= servo.error.code === 'bus/corrupt'
  }
  return ok({ servos, isGarbled })
}

async function identify(access: ServoAccess, id: number, baud: number): Promise<Result<ServoFound>> {
  const number = await access.read(id, 'Model_Number')
  if (!number.ok) return number
  const major = await access.read(id, 'Firmware_Major_Version')
  if (!major.ok) return major
  const minor = await access.read(id, 'Firmware_Minor_Version')
  if (!minor.ok) return minor
  return ok({
    id,
    model: modelByNumber(number.value)?.name ?? 'unknown',
    modelNumber: number.value,
    firmware: `${major.value}.${minor.value}`,
    baud,
  })
}
