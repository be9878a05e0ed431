/**
 * What a packet asks of a servo: the receiving side of the protocol, used by the simulator. Packets themselves come from
 * `FeetechDecoder`, which does not care about the direction.
 */
import type { FeetechPacket } from './feetech-decoder.ts'
import { feetechInstruction } from './feetech-packet.ts'

export type FeetechInstruction =
  | { readonly kind: 'ping'; readonly id: number }
  | { readonly kind: 'read'; readonly id: number; readonly address: number; readonly length: number }
  | { readonly kind: 'write'; readonly id: number; readonly address: number; readonly data: Uint8Array }
  | { readonly kind: 'regWrite'; readonly id: number; readonly address: number; readonly data: Uint8Array }
  | { readonly kind: 'action'; readonly id: number }
  | {
      readonly kind: 'syncRead'
      readonly ids: readonly number[]
      readonly address: number
      readonly length: number
    }
  | {
      readonly kind: 'syncWrite'
      readonly address: number
      readonly entries: readonly { readonly id: number; readonly data: Uint8Array }[]
    }

/** The instruction in a packet, or null when the code is unknown or its parameters do not have the form it needs. */
export function parseInstruction(packet: FeetechPacket): FeetechInstruction | null {
  const { id, code, params } = packet
  const [first, second] = [params[0], params[1]]
  switch (code) {
    case feetechInstruction.ping:
      return { kind: 'ping', id }
    case feetechInstruction.read:
      if (first === undefined || second === undefined || params.length !== 2) return null
      return { kind: 'read', id, address: first, length: second }
    case feetechInstruction.write:
    case feetechInstruction.regWrite: {
      if (first === undefined || params.length < 2) return null
      const kind = code === feetechInstruction.write ? 'write' : 'regWrite'
      return { kind, id, address: first, data: params.slice(1) }
    }
    case feetechInstruction.action:
      return { kind: 'action', id }
    case feetechInstruction.syncRead:
      if (first === undefined || second === undefined || params.length < 3) return null
      return { kind: 'syncRead', ids: [...params.subarray(2)], address: first, length: second }
    case feetechInstruction.syncWrite:
      if (first === undefined || second === undefined) return null
      return parseSyncWrite(first, second, params.subarray(2))
    default:
      return null
  }
}

function parseSyncWrite(address: number, size: number, rest: Uint8Array): FeetechInstruction | null {
  const stride = size + 1
  if (size === 0 || rest.length === 0 || rest.length % stride !== 0) return null
  const entries = Array.from({ length: rest.length / stride }, (_, i) => ({
    id: rest[i * stride] ?? 0,
    data: rest.slice(i * stride + 1, (i + 1) * stride),
  }))
  return { kind: 'syncWrite', address, entries }
}
