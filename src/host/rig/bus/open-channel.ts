/** Where a servo bus can be reached, and the one way to open it. */
import type { Result } from '#core/result.ts'
import type { Clock } from '#host/shared/clock.ts'
import type { ByteChannel } from './byte-channel.ts'
import { openSerialPort } from './serial-port.ts'
import { openSocketChannel } from './socket-channel.ts'

export type BusAddress =
  | { readonly kind: 'serial'; readonly path: string; readonly baud: number }
  /** The simulator's socket. */
  | { readonly kind: 'socket'; readonly path: string }

export const openChannel = (address: BusAddress, nowUs: Clock): Promise<Result<ByteChannel>> =>
  address.kind === 'serial'
    ? openSerialPort(address.path, address.baud, nowUs)
    : openSocketChannel(address.path, nowUs)
