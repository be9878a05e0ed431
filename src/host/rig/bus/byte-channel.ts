/**
 * Bytes to and from one servo bus, whatever carries them: a serial port, or the simulator's socket. A channel is open from
 * its creation until `onClose` has fired or it was disposed; it never buffers across an interruption.
 */
import type { Fault, Result } from '#core/result.ts'

export interface ByteChannel extends AsyncDisposable {
  /** Bits per second on the wire, ten per byte. Nominal where nothing serial is behind it. */
  readonly baud: number
  /** Bytes accepted by `write` and not yet taken by the system. Large means that the other side has stopped reading. */
  readonly pendingBytes: number
  /** Sends in order. Never blocks and never throws: a failure shows as `onClose`. */
  write(bytes: Uint8Array): void
  /** `timeUs` is the machine-monotonic time at which this process got the bytes. */
  onData(listener: (bytes: Uint8Array, timeUs: number) => void): Disposable
  /** Called once, also when registered after the fact, unless the channel was disposed. */
  onClose(listener: (fault: Fault) => void): Disposable
  /** Changes the speed; without effect where nothing serial is behind it. */
  setBaud(baud: number): Promise<Result<void>>
}

/** True for the faults with which a channel ends: no retry helps, the port has to be opened again. */
export const isChannelEnd = (fault: Fault): boolean =>
  fault.code === 'bus/closed' || fault.code === 'bus/port-busy'
