/** One client of the policy server, whatever dialect it speaks. */
import type { Fault } from '#core/result.ts'

export interface SessionSocket {
  send(message: Uint8Array | string): void
  close(code: number, reason: string): void
}

export interface Session {
  /** Called once, when the client is connected. */
  greet(): void
  /**
   * One message after the other.
   * @param signal aborts when the client is gone
   * @returns what the client was refused with, for the server's own log; null when it was answered
   */
  hear(message: Uint8Array | string, signal: AbortSignal): Promise<Fault | null>
}
