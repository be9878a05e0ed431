/** Tokens let one browser in, sessions keep it in, guesses do not. */
import { describe, expect, it } from 'vitest'
import { createDoor } from '#main/security/door.ts'

describe('the door', () => {
  it('exchanges a token once', () => {
    const door = createDoor()
    const token = door.token(false)
    const session = door.exchange(token)
    expect(session).not.toBeNull()
    expect(door.isSession(session ?? '')).toBe(true)
    expect(door.exchange(token)).toBeNull()
  })

  it('shows the same token until it is used, then another', () => {
    const door = createDoor()
    const token = door.token(false)
    expect(door.token(false)).toBe(token)
    door.exchange(token)
    expect(door.token(false)).not.toBe(token)
  })

  it('makes an unused token useless when a new one is asked for', () => {
    const door = createDoor()
    const old = door.token(false)
    const fresh = door.token(true)
    expect(door.exchange(old)).toBeNull()
    expect(door.exchange(fresh)).not.toBeNull()
  })

  it('lets nobody in with a guess, an empty token, or before a token was made', () => {
    const door = createDoor()
    expect(door.exchange('')).toBeNull()
    const token = door.token(false)
    for (const guess of ['', token.slice(0, -1), `${token}x`, token.toUpperCase()])
      expect(door.exchange(guess)).toBeNull()
    expect(door.isSession(undefined)).toBe(false)
    expect(door.isSession('')).toBe(false)
    expect(door.isSession(token)).toBe(false)
  })

  it('has secrets of 256 bits that differ', () => {
    const tokens = Array.from({ length: 50 }, () => createDoor().token(false))
    expect(new Set(tokens).size).toBe(50)
    expect(tokens.every((token) => /^[\w-]{43}$/u.test(token))).toBe(true)
  })

  it('forgets the oldest of many sessions', () => {
    const door = createDoor()
    const sessions = Array.from({ length: 65 }, () => door.exchange(door.token(false)) ?? '')
    expect(door.isSession(sessions[0])).toBe(false)
    expect(sessions.slice(1).every((session) => door.isSession(session))).toBe(true)
  })
})
