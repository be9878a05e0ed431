/** What goes wrong between us and a policy server, as faults that a person can act on. */
import type { IncomingMessage } from 'node:http'
import type { Fault } from '#core/result.ts'

/** Longest error text of a server that is kept; tracebacks are read from their end. */
const maxTextLength = 4000

/** The server's text frame: Python's traceback, whose last line says what happened. */
export function refusedWith(text: string, address: string): Fault {
  const kept = text.slice(-maxTextLength)
  const last = kept.trim().split('\n').at(-1)?.trim() ?? ''
  return {
    code: 'policy/remote-refused',
    message: `${address} answers with an error: ${last}`,
    data: { address, reason: last, traceback: kept },
  }
}

/** HTTP instead of a WebSocket. */
export function faultOfResponse(response: IncomingMessage, address: string): Fault {
  const status = response.statusCode ?? 0
  const isRefusal = status >= 400 && status !== 404 && status !== 426
  return {
    code: isRefusal ? 'policy/remote-refused' : 'policy/remote-protocol',
    message: `${address} answers HTTP ${status} ${response.statusMessage ?? ''}`.trim(),
    data: { address, status, reason: `HTTP ${status}` },
  }
}

/** Errors of the system come with `syscall`; the others are of the protocol. */
export function faultOfError(error: Error, address: string): Fault {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const isNetwork = 'syscall' in error || code === 'ECONNRESET' || error.message === 'socket hang up'
  return {
    code: isNetwork ? 'policy/remote-unreachable' : 'policy/remote-protocol',
    message: `${address}: ${error.message || (code ?? 'no connection')}`,
    data: { address, reason: code ?? error.message },
  }
}
