/**
 * Who may come in from a browser: a token that works once is exchanged for a session cookie. Both are 256 random bits, compared by
 * hash, kept in memory only; a restart shuts everybody out.
 */
import { createHash, randomBytes } from 'node:crypto'

const maxSessions = 64

const secret = (): string => randomBytes(32).toString('base64url')
/** Looking up a hash leaks nothing about the secret through timing. */
const digest = (value: string): string => createHash('sha256').update(value).digest('base64url')

export interface Door {
  /** The token of the address shown to the user. The one before stops working when `isNew`, unless it was used already. */
  token(isNew: boolean): string
  /** The value of a new session cookie, or null when the token is not the current one. The token is used up. */
  exchange(token: string): string | null
  isSession(cookie: string | undefined): boolean
}

export function createDoor(): Door {
  let current: string | null = null
  /** Oldest first. */
  const sessions = new Set<string>()
  return {
    token: (isNew) => {
      if (current === null || isNew) current = secret()
      return current
    },
    exchange: (token) => {
      if (current === null || digest(token) !== digest(current)) return null
      current = null
      const session = secret()
      sessions.add(digest(session))
      for (const oldest of sessions) {
        if (sessions.size <= maxSessions) break
        sessions.delete(oldest)
      }
      return session
    },
    isSession: (cookie) => cookie !== undefined && sessions.has(digest(cookie)),
  }
}
