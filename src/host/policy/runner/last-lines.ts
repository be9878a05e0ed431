/** The last words of a process, for the reason of its death: libraries print there what no exception carries. */
import type { Readable } from 'node:stream'

const kept = 1000

export class LastLines {
  private words = ''

  follow(stream: Readable | null): void {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-kept)
    })
  }

  /** The last few lines in one. */
  text(): string {
    return this.words.trim().split('\n').slice(-3).join(' ').trim()
  }
}
