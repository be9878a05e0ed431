/** How a page in a window asks its preload for a way to main, and how the preload asks main: names only, so that neither end guesses. */

/** `window.postMessage` between page and preload: the page sends `request`, the preload answers `port` with one MessagePort. */
export const portMessages = { request: 'foresight:request-port', port: 'foresight:port' } as const

/** The only Electron IPC channel of the program, both ways: asked with nothing, answered with one MessagePort. */
export const portChannel = 'foresight:page-port'
