/**
 * Where a host program reaches one simulated bus. A link carries raw bytes and knows nothing of packets; like an adapter it
 * drops what nobody is there to receive.
 */
import type { Result } from '#core/result.ts'

export interface LinkEvents {
  readonly onBytes: (bytes: Uint8Array) => void
  /** The program on the other side went away; what is on the line is void. */
  readonly onGone: () => void
}

export interface BusLink extends AsyncDisposable {
  /** What a host program opens: a socket path, a named pipe or a terminal device. */
  readonly address: string
  /** Speed of the host's port, baud. */
  readonly baud: number
  /** True while a host program has it open. */
  readonly isOpen: boolean
  send(bytes: Uint8Array): void
  /** Pulls the cable: the port is gone, and opening it fails until it is plugged in again. */
  setPlugged(isPlugged: boolean): Promise<Result<void>>
}
