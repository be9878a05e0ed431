/** Two transports joined in memory, in order, asynchronously, for tests and for services in the same process. */
import type { Transport } from '../rpc/transport.ts'

/** What every transport shares: messages kept until somebody listens, and one close that is told once. */
export class Mailbox {
  #listener: ((message: unknown) => void) | null = null
  #kept: unknown[] = []
  #onClose: (() => void)[] = []
  #isClosed = false

  get isClosed(): boolean {
    return this.#isClosed
  }

  deliver(message: unknown): void {
    if (this.#isClosed) return
    if (this.#listener === null) this.#kept.push(message)
    else this.#listener(message)
  }

  listen(listener: (message: unknown) => void): void {
    this.#listener = listener
    for (const message of this.#kept.splice(0)) listener(message)
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) listener()
    else this.#onClose.push(listener)
  }

  closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const listener of this.#onClose.splice(0)) listener()
  }
}

export function memoryPair(): readonly [Transport, Transport] {
  const boxes = [new Mailbox(), new Mailbox()] as const
  const end = (mine: Mailbox, theirs: Mailbox): Transport => ({
    post: (message) => {
      if (mine.isClosed) return
      queueMicrotask(() => theirs.deliver(message))
    },
    onMessage: (listener) => mine.listen(listener),
    onClose: (listener) => mine.onClose(listener),
    close: () => {
      queueMicrotask(() => theirs.closed())
      mine.closed()
    },
  })
  return [end(boxes[0], boxes[1]), end(boxes[1], boxes[0])]
}
