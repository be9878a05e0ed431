/** Whether a frame is our page: the top frame of a window, showing our own origin. Anything else gets nothing (spec/engineering.md §2.2, 17). */
import type { WebFrameMain } from 'electron'
import { appOrigin } from './app-scheme.ts'

export const isOurUrl = (url: string): boolean => url === appOrigin || url.startsWith(`${appOrigin}/`)

/** `null` is a frame that is already gone. */
export const isTrustedFrame = (frame: Pick<WebFrameMain, 'parent' | 'url'> | null): boolean =>
  frame !== null && frame.parent === null && isOurUrl(frame.url)
