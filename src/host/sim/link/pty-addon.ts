/** Loads `native/pty`, or says why it cannot be: the addon is optional and nothing else depends on it. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fail, ok, type Result } from '#core/result.ts'

/** The master side of a pseudo-terminal; see native/pty/README.md. */
export interface Pty {
  readonly path: string
  readonly baud: number
  watch(onData: (bytes: Uint8Array | null) => void): void
  isHungUp(): boolean
  write(bytes: Uint8Array): number
  close(): void
}

export interface PtyAddon {
  readonly Pty: new () => Pty
}

/** @param addonDir the folder `native/pty`. Fails with `sim/pty-unavailable` and the reason that the build left. */
export function loadPtyAddon(
  addonDir: string,
  platform: NodeJS.Platform = process.platform,
): Result<PtyAddon> {
  if (platform === 'win32')
    return fail('sim/pty-unavailable', 'Windows has no pseudo-terminals for serial ports')
  const binary = join(addonDir, 'build', 'Release', 'pty.node')
  const note = join(addonDir, 'build', 'unavailable.txt')
  if (!existsSync(binary)) {
    const reason = existsSync(note)
      ? readFileSync(note, 'utf8').trim()
      : 'it was never built; run `npm run install`'
    return fail('sim/pty-unavailable', `the addon ${addonDir} is not built: ${reason}`)
  }
  try {
    return ok(createRequire(import.meta.url)(binary) as PtyAddon)
  } catch (error) {
    return fail('sim/pty-unavailable', `the addon ${binary} does not load: ${String(error)}`)
  }
}
