/** Rows and video places of episodes, read once and kept for the few that are looked at. */
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { Services } from '../app/services.ts'

type Library = Pick<Services['library'], 'episode'>

const kept = 8

export class EpisodeDetails {
  readonly #library: () => Library | null
  /** In the order of use, oldest first. */
  readonly #known = new Map<string, Promise<EpisodeDetail | null>>()

  constructor(library: () => Library | null) {
    this.#library = library
  }

  /** Null without a connection. Rejects with the library's fault; a failed reading is not kept. */
  get(dir: string, episodeIndex: number): Promise<EpisodeDetail | null> {
    const key = `${episodeIndex} ${dir}`
    const known = this.#known.get(key)
    if (known !== undefined) {
      this.#known.delete(key)
      this.#known.set(key, known)
      return known
    }
    const reading = this.#read(dir, episodeIndex)
    this.#known.set(key, reading)
    reading.catch(() => {
      if (this.#known.get(key) === reading) this.#known.delete(key)
    })
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= kept) break
      this.#known.delete(oldest)
    }
    return reading
  }

  async #read(dir: string, episodeIndex: number): Promise<EpisodeDetail | null> {
    const library = this.#library()
    return library === null ? null : library.episode({ dir, episodeIndex })
  }

  /** Something changed on disk: numbers may mean other episodes now. */
  forget(): void {
    this.#known.clear()
  }
}
