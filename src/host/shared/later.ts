/** A timer that can be taken back; injected, so that tests hold the clock. */
export type Later = (callback: () => void, delayMs: number) => Disposable

export const systemLater: Later = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs)
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
