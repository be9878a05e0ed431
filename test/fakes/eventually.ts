/** Waits for what comes by itself: as long as a busy machine may take, not the second that vitest gives it. */
import { vi } from 'vitest'

const timeoutMs = 20_000

/** @param check throws until it is so */
export const eventually = async <T>(check: () => T | Promise<T>): Promise<T> =>
  await vi.waitFor(check, { timeout: timeoutMs })
