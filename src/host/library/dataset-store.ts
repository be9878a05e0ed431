/**
 * The datasets that the program knows: those under its data folder and those opened from elsewhere. Reads what is asked
 * for and no more; every edit is one transaction, and bumps the revision.
 */
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { DatasetSummary, EpisodeDetail, EpisodeSummary } from '#contract/services/library.ts'
import type { Outcome } from '#core/dataset/evidence.ts'
import { fillTemplate, videosFolder } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { errnoOf, ioFault } from '../shared/dataset/io-fault.ts'
import { warmStats } from '../shared/dataset/episode-stats.ts'
import { openDataset } from '../shared/dataset/open-dataset.ts'
import { type DatasetContents, type EpisodeEntry, readDataset } from '../shared/dataset/read-dataset.ts'
import { setEpisodeOutcome } from '../shared/dataset/set-outcome.ts'
import { warmData } from '../shared/dataset/stage-renumbered-data.ts'
import { ContentsCache } from './contents-cache.ts'
import { cameraName, summariseDataset, summariseEpisode, summariseFault } from './dataset-summary.ts'
import { deleteEpisode } from './delete-episode.ts'
import { readEpisodeRows } from './episode-rows.ts'
import { EpisodeStills, stillsOf } from './episode-stills.ts'
import { undoDelete } from './undo-delete.ts'

export class DatasetStore {
  readonly #home: string
  readonly #opened = new Set<string>()
  readonly #listeners = new Set<() => void>()
  readonly #cache = new ContentsCache()
  readonly #stills = new EpisodeStills()
  #revision = 0

  /** `dataDir`: the program's data folder; its datasets are in `datasets/`. */
  constructor(dataDir: string) {
    this.#home = join(dataDir, 'datasets')
  }

  /** Counts changes of datasets, by this store and from outside. */
  get revision(): number {
    return this.#revision
  }

  /** A dataset changed, here or by another process such as the recorder. */
  changed(): void {
    this.#revision += 1
    for (const listener of this.#listeners) listener()
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** All known datasets, each with the reason when it does not open. */
  async datasets(): Promise<DatasetSummary[]> {
    const names = await readdir(this.#home, { withFileTypes: true }).catch(() => [])
    const own = names
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((e) => join(this.#home, e.name))
    const summaries: DatasetSummary[] = []
    for (const root of [...own.sort(), ...this.#opened]) summaries.push(await this.#summary(root))
    return summaries
  }

  async #summary(root: string): Promise<DatasetSummary> {
    const contents = await this.#contents(root)
    return contents.ok ? await summariseDataset(contents.value) : summariseFault(root, contents.error)
  }

  /** Opens a folder anywhere. Codes of `readInfo`, `dataset/damaged`. */
  async open(dir: string): Promise<Result<DatasetSummary>> {
    if (!isAbsolute(dir)) return fail('dataset/not-found', `${dir} is no absolute path`, { path: dir })
    const root = resolve(dir)
    const contents = await this.#contents(root)
    if (!contents.ok) return contents
    if (!isInside(this.#home, root)) this.#opened.add(root)
    return ok(await summariseDataset(contents.value))
  }

  close(dir: string): void {
    this.#opened.delete(resolve(dir))
  }

  /** Only folders that were opened or are ours can be read, so that a page cannot read any file it likes. */
  async #contents(root: string): Promise<Result<DatasetContents>> {
    return await this.#cache.get(root, async () => openDataset(root))
  }

  /** Inside an edit, which holds the lock and has recovered: known contents are checked to be true still. */
  readonly #readCached = async (root: string): Promise<Result<DatasetContents>> =>
    await this.#cache.get(root, async () => readDataset(root))

  async #known(dir: string): Promise<Result<DatasetContents>> {
    const root = resolve(dir)
    const isKnown = this.#opened.has(root) || (isInside(this.#home, root) && root !== this.#home)
    return isKnown
      ? await this.#contents(root)
      : fail('dataset/not-found', `${dir} is not open`, { path: dir })
  }

  async episodes(dir: string): Promise<Result<EpisodeSummary[]>> {
    const contents = await this.#known(dir)
    if (!contents.ok) return contents
    const { episodes, info, root } = contents.value
    void warmStats(root).then(() => warmData(root, info.dataPath, episodes))
    return ok(episodes.map((episode) => summariseEpisode(episode, info.fps)))
  }

  async #episode(
    dir: string,
    episodeIndex: number,
  ): Promise<Result<{ readonly contents: DatasetContents; readonly episode: EpisodeEntry }>> {
    const contents = await this.#known(dir)
    if (!contents.ok) return contents
    const episode = contents.value.episodes[episodeIndex]
    if (episode === undefined)
      return fail('dataset/not-found', `there is no episode ${episodeIndex}`, { path: dir })
    return ok({ contents: contents.value, episode })
  }

  /** Rows and where the pictures are. Codes `dataset/not-found`, `dataset/damaged`. */
  async episode(dir: string, episodeIndex: number): Promise<Result<EpisodeDetail>> {
    const found = await this.#episode(dir, episodeIndex)
    if (!found.ok) return found
    const { contents, episode } = found.value
    const { root, info } = contents
    const columns = await readEpisodeRows(contents, episode)
    if (!columns.ok) return columns
    const videos: EpisodeDetail['videos'] = []
    for (const [key, span] of Object.entries(episode.videos)) {
      const file = fillTemplate(info.videoPath ?? '', span.slot, key)
      const found = await stat(join(root, file)).catch(() => null)
      videos.push({
        camera: cameraName(key),
        file,
        sizeBytes: found?.size ?? null,
        fromSeconds: span.fromTimestamp,
        toSeconds: span.toTimestamp,
      })
    }
    const summary = summariseEpisode(episode, info.fps)
    const stills = stillsOf(contents, episode)
    return ok({ summary, fps: info.fps, columns: columns.value, videos, stills })
  }

  /** A picture that lies in a row. Codes of `EpisodeStills`, and `dataset/not-found` without such an episode. */
  async readPicture(
    dir: string,
    episodeIndex: number,
    camera: string,
    frame: number,
  ): Promise<Result<Uint8Array<ArrayBuffer>>> {
    const found = await this.#episode(dir, episodeIndex)
    if (!found.ok) return found
    const { contents, episode } = found.value
    return this.#stills.read(contents, episode, camera, frame)
  }

  /**
   * Bytes `offset`…`offset + length` of a video file, fewer at its end. Code `dataset/not-found` for anything but a file
   * below the dataset's videos, however the path is written or linked.
   */
  async readBytes(
    dir: string,
    file: string,
    offset: number,
    length: number,
  ): Promise<Result<Uint8Array<ArrayBuffer>>> {
    const contents = await this.#known(dir)
    if (!contents.ok) return contents
    const outside = fail('dataset/not-found', `${file} is no video file of the dataset`, { path: file })
    try {
      const videos = await realpath(join(contents.value.root, videosFolder))
      const path = await realpath(resolve(contents.value.root, file))
      if (!isInside(videos, path) || offset < 0 || length < 0) return outside
      await using handle = await open(path, 'r')
      const bytes = new Uint8Array(length)
      let at = 0
      while (at < length) {
        const { bytesRead } = await handle.read(bytes, at, length - at, offset + at)
        if (bytesRead === 0) break
        at += bytesRead
      }
      return ok(bytes.subarray(0, at))
    } catch (error) {
      return errnoOf(error) === 'ENOENT' ? outside : { ok: false, error: ioFault(error, file, 'dataset') }
    }
  }

  /** Codes of `setEpisodeOutcome`. */
  async setOutcome(dir: string, episodeIndex: number, outcome: Outcome): Promise<Result<void>> {
    return await this.#edit(dir, async (root) => setEpisodeOutcome(root, { episodeIndex }, outcome))
  }

  /** Codes of `deleteEpisode`. */
  async deleteEpisode(dir: string, episodeIndex: number): Promise<Result<void>> {
    return await this.#edit(dir, async (root) => deleteEpisode(root, episodeIndex, this.#readCached))
  }

  /** Where the episode is again; null when the trash is empty. Codes of `undoDelete`. */
  async undoDelete(dir: string): Promise<Result<number | null>> {
    return await this.#edit(dir, async (root) => undoDelete(root, this.#readCached))
  }

  async #edit<T>(dir: string, edit: (root: string) => Promise<Result<T>>): Promise<Result<T>> {
    const known = await this.#known(dir)
    if (!known.ok) return known
    const done = await edit(known.value.root)
    if (done.ok) {
      this.#cache.forget(known.value.root)
      this.changed()
    }
    return done
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
