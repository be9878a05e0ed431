/** The pause between "start take" and the take: hands go back to the leader. Cancelled by the same key, by a stop, or by leaving. */
import type { App } from '../app/create-app.ts'

export const countdownMs = 3000

export class Countdown implements Disposable {
  readonly #app: Pick<App, 'timers' | 'ui'>
  #timer: Disposable | null = null

  constructor(app: Pick<App, 'timers' | 'ui'>) {
    this.#app = app
  }

  start(onZero: () => void): void {
    this.cancel()
    const { timers, ui } = this.#app
    ui.setState({ countdownEndsMs: timers.nowMs() + countdownMs })
    this.#timer = timers.after(countdownMs, () => {
      this.#timer = null
      ui.setState({ countdownEndsMs: null })
      onZero()
    })
  }

  cancel(): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = null
    if (this.#app.ui.getState().countdownEndsMs !== null) this.#app.ui.setState({ countdownEndsMs: null })
  }

  [Symbol.dispose](): void {
    this.cancel()
  }
}
