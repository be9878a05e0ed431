/**
 * Small pictures of episodes for lists: first and last, of one camera. Made one episode at a time, the one asked for
 * last first, because that is what is on screen now; kept for a few screens' worth.
 */
import { firstTrack, type TrackClient } from '../video/episode-tracks.ts'
import type { EpisodeDetails } from './episode-details.ts'

export interface Thumbnails {
  readonly first: ImageBitmap
  readonly last: ImageBitmap
}

const widthPx = 160
const kept = 120

interface Wanted {
  readonly key: string
  readonly dir: string
  readonly episodeIndex: number
}

const keyOf = (dir: string, episodeIndex: number): string => `${episodeIndex} ${dir}`

export class ThumbnailShelf {
  readonly #details: Pick<EpisodeDetails, 'get'>
  readonly #library: () => TrackClient | null
  /** Null: it was tried and has none. */
  readonly #shelf = new Map<string, Thumbnails | null>()
  readonly #listeners = new Set<() => void>()
  #queue: Wanted[] = []
  #isWorking = false
  #generation = 0

  constructor(details: Pick<EpisodeDetails, 'get'>, library: () => TrackClient | null) {
    this.#details = details
    this.#library = library
  }

  /** Grows when all pictures were let go. */
  get generation(): number {
    return this.#generation
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What is there now. */
  peek(dir: string, episodeIndex: number): Thumbnails | null {
    return this.#shelf.get(keyOf(dir, episodeIndex)) ?? null
  }

  /** Asks for an episode's pictures; the returned call takes the wish back. */
  want(dir: string, episodeIndex: number): () => void {
    const wanted: Wanted = { key: keyOf(dir, episodeIndex), dir, episodeIndex }
    if (this.#shelf.has(wanted.key)) return () => undefined
    this.#queue.push(wanted)
    void this.#work()
    return () => {
      this.#queue = this.#queue.filter((other) => other !== wanted)
    }
  }

  /** Numbers may mean other episodes now. */
  forget(): void {
    this.#generation += 1
    for (const pictures of this.#shelf.values()) close(pictures)
    this.#shelf.clear()
    this.#tell()
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return
    this.#isWorking = true
    for (let wanted = this.#queue.pop(); wanted !== undefined; wanted = this.#queue.pop()) {
      if (this.#shelf.has(wanted.key)) continue
      const generation = this.#generation
      const pictures = await this.#make(wanted).catch(() => null)
      if (generation !== this.#generation) close(pictures)
      else this.#keep(wanted.key, pictures)
    }
    this.#isWorking = false
  }

  async #make({ dir, episodeIndex }: Wanted): Promise<Thumbnails | null> {
    const detail = await this.#details.get(dir, episodeIndex)
    const client = this.#library()
    if (detail === null || client === null) return null
    using pictures = firstTrack(detail, dir, client)
    if (pictures === null) return null
    const first = await pictures.firstPicture(widthPx)
    if (!first.ok) return null
    const last = await pictures.lastPicture(widthPx)
    return { first: first.value, last: last.ok ? last.value : first.value }
  }

  #keep(key: string, pictures: Thumbnails | null): void {
    this.#shelf.set(key, pictures)
    for (const [oldest, old] of this.#shelf) {
      if (this.#shelf.size <= kept) break
      this.#shelf.delete(oldest)
      close(old)
    }
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function close(pictures: Thumbnails | null): void {
  pictures?.first.close()
  pictures?.last.close()
}
