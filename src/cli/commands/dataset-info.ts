/** `foresight dataset info`: what a LeRobot dataset holds, read as the library host reads it. */
import { resolve } from 'node:path'
import type { DatasetSummary, EpisodeSummary } from '#contract/services/library.ts'
import { DatasetStore } from '#host/library/dataset-store.ts'
import type { CliCommand } from '../command.ts'
import { readOptions } from '../read-options.ts'

function text(set: DatasetSummary, episodes: readonly EpisodeSummary[]): string {
  const outcomes = new Map<string, number>()
  for (const { outcome } of episodes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  return [
    `${set.name}  ${set.dir}`,
    `robot ${set.robotType ?? 'unknown'}, ${set.fps} fps, ${(set.sizeBytes / 1e6).toFixed(1)} MB`,
    `${set.episodes} episodes, ${set.frames} frames: ${[...outcomes].map(([name, count]) => `${count} ${name}`).join(', ')}`,
    `cameras ${set.cameras.join(', ') || 'none'}`,
    ...set.tasks.map((task) => `task ${task}`),
    ...(set.readOnly === null ? [] : [`episodes cannot be deleted here: ${set.readOnly.message}`]),
  ].join('\n')
}

export const datasetInfoCommand: CliCommand = {
  name: 'dataset info',
  summary: 'tell what a LeRobot dataset holds',
  usage: `foresight dataset info DIR [--json]
  DIR  folder of a LeRobot v3.0 dataset (the one with meta/info.json)`,
  run: async (args, io) => {
    const read = readOptions(args, {})
    if (typeof read === 'string') return io.misuse(read)
    const [named, ...more] = read.positionals
    if (named === undefined || more.length > 0) return io.misuse('one folder is needed')
    const dir = resolve(named)
    const store = new DatasetStore(io.dataDir)
    const summary = await store.open(dir)
    if (!summary.ok) return io.fail(summary.error)
    const episodes = await store.episodes(dir)
    if (!episodes.ok) return io.fail(episodes.error)
    io.answer({ ...summary.value, episodeList: episodes.value }, () => text(summary.value, episodes.value))
    return 0
  },
}
