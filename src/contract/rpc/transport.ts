/** The two-method seam under the contract. Messages arrive in order, whole, or not at all. */
export interface Transport {
  post(message: unknown): void
  /** One listener at a time; messages before it is set are kept. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once when the other end is gone. Called at once when it already is. */
  onClose(listener: () => void): void
  close(): void
}
