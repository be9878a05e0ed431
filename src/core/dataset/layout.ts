/**
 * Where the files of a LeRobot v3.0 dataset are (spec/lerobot.md §1.1). Paths are relative to the dataset's folder and
 * use `/`. Invariant: slots are handed out in an order in which sorting the paths as text sorts the episodes.
 */

/** A numbered file: `chunk-CCC/file-FFF`. */
export interface FileSlot {
  readonly chunkIndex: number
  readonly fileIndex: number
}

export const firstSlot: FileSlot = { chunkIndex: 0, fileIndex: 0 }

/** LeRobot's default number of files per chunk folder. */
export const defaultChunksSize = 1000

export const infoPath = 'meta/info.json'
export const statsPath = 'meta/stats.json'
export const tasksPath = 'meta/tasks.parquet'
export const foresightPath = 'meta/foresight.json'
export const episodesFolder = 'meta/episodes'
export const dataFolder = 'data'
export const videosFolder = 'videos'
/** Our own files inside a dataset: the transaction in progress, its staging area and the lock. LeRobot does not look here. */
export const privateFolder = '.foresight'
export const trashFolder = '.trash'

export const dataTemplate = 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet'
export const videoTemplate = 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4'

const pad3 = (n: number): string => String(n).padStart(3, '0')

/** The slot after `slot`: the next file, or the first file of the next chunk once the chunk is full. */
export function nextSlot(slot: FileSlot, chunksSize: number = defaultChunksSize): FileSlot {
  return slot.fileIndex >= chunksSize - 1
    ? { chunkIndex: slot.chunkIndex + 1, fileIndex: 0 }
    : { chunkIndex: slot.chunkIndex, fileIndex: slot.fileIndex + 1 }
}

/** Orders slots as their paths sort. */
export function compareSlots(a: FileSlot, b: FileSlot): number {
  return a.chunkIndex - b.chunkIndex || a.fileIndex - b.fileIndex
}

export function episodesPath(slot: FileSlot): string {
  return `${episodesFolder}/chunk-${pad3(slot.chunkIndex)}/file-${pad3(slot.fileIndex)}.parquet`
}

/** Fills a path template of info.json, e.g. `{chunk_index:03d}`; unknown placeholders stay as they are. */
export function fillTemplate(template: string, slot: FileSlot, videoKey = ''): string {
  const values: Readonly<Record<string, number | string>> = {
    chunk_index: slot.chunkIndex,
    file_index: slot.fileIndex,
    episode_chunk: slot.chunkIndex,
    video_key: videoKey,
  }
  return template.replace(/\{(\w+)(?::0?(\d+)d)?\}/g, (whole, name: string, width: string | undefined) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? String(value).padStart(Number(width ?? 0), '0') : value
  })
}

/** The slot that a path names, whatever folder it is in; null when the path has no slot. */
export function slotOfPath(path: string): FileSlot | null {
  const match = /chunk-(\d+)\/file-(\d+)\.\w+$/.exec(path)
  return match === null ? null : { chunkIndex: Number(match[1]), fileIndex: Number(match[2]) }
}
