/**
 * Pictures that lie in the rows of a dataset (LeRobot's dtype `image`), as they are stored: a PNG or JPEG file each. Parquet
 * gives a column by whole row groups, so the last ones looked at are remembered; LeRobot writes one for each episode.
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { EpisodeDetail } from '#contract/services/library.ts'
import { fillTemplate } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { ParquetFile } from '../shared/dataset/parquet-file.ts'
import type { DatasetContents, EpisodeEntry } from '../shared/dataset/read-dataset.ts'
import { cameraName } from './dataset-summary.ts'
import { firstRow } from './episode-rows.ts'

type Picture = Uint8Array<ArrayBuffer>

interface Group {
  readonly pictures: readonly (Picture | null)[]
  readonly sizeBytes: number
}

const keptBytes = 256 * 1024 * 1024

/** Cameras of a dataset whose pictures lie in its rows. */
export const stillsOf = ({ info }: DatasetContents, { length }: EpisodeEntry): EpisodeDetail['stills'] =>
  Object.entries(info.features)
    .filter(([, { dtype }]) => dtype === 'image')
    .map(([key]) => ({ camera: cameraName(key), frames: length }))

export class EpisodeStills {
  /** In the order of use, oldest first. */
  readonly #groups = new Map<string, Group>()

  /**
   * The picture of a frame. Codes `dataset/not-found` (no such camera or frame, or the row names a file elsewhere),
   * `dataset/damaged`, `dataset/io`.
   */
  async read(
    contents: DatasetContents,
    episode: EpisodeEntry,
    camera: string,
    frame: number,
  ): Promise<Result<Picture>> {
    const { root, info } = contents
    const features = Object.entries(info.features)
    const key = features.find(([name, { dtype }]) => dtype === 'image' && cameraName(name) === camera)?.[0]
    if (key === undefined || frame >= episode.length)
      return fail('dataset/not-found', `there is no picture of ${camera} for frame ${frame}`, {
        camera,
        frame,
      })
    const path = fillTemplate(info.dataPath, episode.data)
    const opened = await ParquetFile.open(join(root, path))
    if (!opened.ok) return opened
    await using file = opened.value
    let row = firstRow(contents, episode) + frame
    let group = 0
    for (; row >= (file.rowGroups[group] ?? Infinity); group += 1) row -= file.rowGroups[group] ?? 0
    const pictures = await this.#group(join(root, path), file, key, group)
    if (!pictures.ok) return pictures
    const picture = pictures.value[row]
    return picture === undefined || picture === null
      ? fail('dataset/not-found', `${path} holds no picture of ${camera} for frame ${frame}`, { path, frame })
      : ok(picture)
  }

  async #group(
    path: string,
    file: ParquetFile,
    key: string,
    group: number,
  ): Promise<Result<Group['pictures']>> {
    const { ino, size, mtimeMs } = await stat(path)
    const name = `${group} ${key} ${ino} ${size} ${mtimeMs} ${path}`
    const found = this.#groups.get(name)
    this.#groups.delete(name)
    if (found !== undefined) {
      this.#groups.set(name, found)
      return ok(found.pictures)
    }
    const read = await file.readGroup(key, group)
    if (!read.ok) return read
    const pictures = read.value.map(pictureIn)
    const sizeBytes = pictures.reduce((sum, picture) => sum + (picture?.byteLength ?? 0), 0)
    this.#groups.set(name, { pictures, sizeBytes })
    this.#giveUpOld()
    return ok(pictures)
  }

  #giveUpOld(): void {
    let sum = 0
    for (const [name, { sizeBytes }] of [...this.#groups].toReversed()) {
      sum += sizeBytes
      if (sum > keptBytes && this.#groups.size > 1) this.#groups.delete(name)
    }
  }
}

/** A cell is `{bytes, path}`; without bytes the picture is a file somewhere, which datasets on the Hub never have. */
function pictureIn(cell: unknown): Picture | null {
  const bytes: unknown = typeof cell === 'object' && cell !== null && 'bytes' in cell ? cell.bytes : null
  return bytes instanceof Uint8Array ? new Uint8Array(bytes) : null
}
