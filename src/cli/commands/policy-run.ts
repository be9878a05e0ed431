/** `foresight policy run`: a policy over a recorded episode, its chunks beside what was recorded. Nothing moves. */
import { resolve } from 'node:path'
import type { OpenLoopScore } from '#core/policy/open-loop.ts'
import { ok } from '#core/result.ts'
import { summariseTimes } from '#host/policy/latency-window.ts'
import type { CliCommand } from '../command.ts'
import { readEpisodeRecording } from '../policy/episode-recording.ts'
import { findPolicy } from '../policy/find-policy.ts'
import { openNamedPolicy } from '../policy/open-named-policy.ts'
import { readChunkNote } from '../policy/read-chunk-note.ts'
import { runOpenLoop } from '../policy/run-open-loop.ts'
import { readNumber, readOptions, type Arguments } from '../read-options.ts'
import { ffmpegPath, readFrames, type FrameRange } from '../video/ffmpeg-frames.ts'
import { readStills, type StillRange } from '../video/still-frames.ts'
import { settingsChanges } from './policy-bench.ts'

export const policyRunCommand: CliCommand = {
  name: 'policy run',
  summary: 'run a policy over a recorded episode and compare (open loop; nothing moves)',
  usage: [
    'foresight policy run POLICY --dataset DIR --episode N [OPTIONS] [--json]',
    '',
    'POLICY            an id from `foresight policy list`, or a folder of a policy',
    '--dataset DIR     a LeRobot v3.0 dataset',
    '--episode N       number of the episode',
    '--stride N        frames between two chunks (one chunk)',
    '--chunk ID        only this chunk, as it was asked for while the episode was recorded (meta/foresight-chunks)',
    '--task TEXT       instruction instead of the recorded one',
    '--camera A=B      camera B of the dataset for the policy’s A, nothing after = leaves the slot empty; commas between several',
    '--provider P, --precision P, --seed N   instead of what is chosen for the policy',
  ].join('\n'),
  run: async (args, io) => {
    const read = readOptions(args, optionKinds)
    if (typeof read === 'string') return io.misuse(read)
    const asked = readRun(read)
    if (typeof asked === 'string') return io.misuse(asked)
    const found = await findPolicy(asked.policy, io)
    if (!found.ok) return io.fail(found.error)
    const opened = await openNamedPolicy(found.value, io, { ...asked.changes, hasForesight: false })
    if (!opened.ok) return io.fail(opened.error)
    await using policy = opened.value.policy
    const settings = {
      ...opened.value.settings,
      cameras: { ...opened.value.settings.cameras, ...asked.cameras },
      seed: asked.seed ?? opened.value.settings.seed,
    }
    const recording = await readEpisodeRecording(
      asked.dataset,
      asked.episode,
      policy.contract,
      settings.joints,
    )
    if (!recording.ok) return io.fail(recording.error)
    const { cameras, task, takeId } = recording.value
    const again = asked.chunk === null ? ok(null) : await readChunkNote(asked.dataset, takeId, asked.chunk)
    if (!again.ok) return io.fail(again.error)
    const answer = await runOpenLoop({
      policy,
      settings,
      recording: recording.value,
      task: asked.task ?? task,
      again: again.value,
      stride: asked.stride ?? policy.contract.chunkLength,
      openCamera: (camera) => picturesOf(cameras[camera] ?? missingRange, ffmpegPath(process.env)),
      onChunk: (done, total) => io.note(`chunk ${done} of ${total}`),
      signal: io.signal,
    })
    if (!answer.ok) return io.fail(answer.error)
    const { loop, inferMs } = answer.value
    const score = loop.score()
    const channels = policy.contract.action.map(({ name }) => name)
    const value = {
      id: found.value.id,
      provider: policy.provider,
      precision: policy.precision,
      dataset: asked.dataset,
      episode: asked.episode,
      score,
      channels,
      inferMs: summariseTimes(inferMs),
      predicted: matrix(loop.predicted, channels.length),
      recorded: matrix(loop.recording.actions, channels.length),
    }
    io.answer(value, () => scoreText(score, channels))
    return 0
  },
}

const optionKinds = {
  dataset: 'value',
  episode: 'value',
  stride: 'value',
  chunk: 'value',
  task: 'value',
  camera: 'value',
  provider: 'value',
  precision: 'value',
  seed: 'value',
} as const

const picturesOf = (range: FrameRange | StillRange, decoder: string) =>
  'pictures' in range ? readStills(range, decoder) : readFrames(range, decoder)

/** Only for cameras that were checked to be there. */
const missingRange = { path: '', fromS: 0, toS: 0, fps: 1, width: 1, height: 1 }

interface RunArguments {
  readonly policy: string
  readonly dataset: string
  readonly episode: number
  readonly stride: number | null
  readonly chunk: number | null
  readonly seed: number | null
  readonly task: string | null
  readonly cameras: Readonly<Record<string, string | null>>
  readonly changes: Exclude<ReturnType<typeof settingsChanges>, string>
}

function readRun({ values, positionals }: Arguments): RunArguments | string {
  const [policy, ...rest] = positionals
  const { dataset } = values
  if (policy === undefined) return 'which policy?'
  if (rest.length > 0) return `unexpected ${rest.join(' ')}`
  if (dataset === undefined) return 'which dataset? --dataset DIR'
  const whole = (name: string, min: number) =>
    readNumber(values[name], name, { min, max: Number.MAX_SAFE_INTEGER, isInteger: true })
  const [episode, stride, seed] = [whole('episode', 0), whole('stride', 1), whole('seed', 0)]
  const chunk = whole('chunk', 0)
  for (const number of [episode, stride, seed, chunk]) if (typeof number === 'string') return number
  if (typeof episode !== 'number') return 'which episode? --episode N'
  const changes = settingsChanges(values)
  if (typeof changes === 'string') return changes
  const cameras = readCameras(values['camera'])
  if (typeof cameras === 'string') return cameras
  return {
    policy,
    dataset: resolve(dataset),
    episode,
    stride: typeof stride === 'number' ? stride : null,
    chunk: typeof chunk === 'number' ? chunk : null,
    seed: typeof seed === 'number' ? seed : null,
    task: values['task'] ?? null,
    cameras,
    changes,
  }
}

function readCameras(text: string | undefined): Readonly<Record<string, string | null>> | string {
  const cameras: Record<string, string | null> = {}
  for (const part of (text ?? '').split(',').filter((pair) => pair !== '')) {
    const at = part.indexOf('=')
    if (at < 1) return `--camera ${part}: write POLICY_CAMERA=DATASET_CAMERA`
    cameras[part.slice(0, at)] = part.slice(at + 1) || null
  }
  return cameras
}

/** Rows, null where nothing was predicted or recorded: JSON has no NaN. */
const matrix = (values: Float64Array, width: number): (number | null)[][] =>
  Array.from({ length: values.length / width }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width), (value) =>
      Number.isFinite(value) ? value : null,
    ),
  )

const scoreText = (score: OpenLoopScore, channels: readonly string[]): string => {
  const figure = (value: number | null): string => (value === null ? '–' : value.toExponential(3))
  return [
    `${score.frames} frames: MSE ${figure(score.mse)}, joints ${figure(score.mseJoints)}, grippers ${figure(score.mseGripper)}, MAE ${figure(score.mae)}`,
    ...score.mseByChannel.map((value, index) => `${(channels[index] ?? '').padEnd(24)} ${figure(value)}`),
  ].join('\n')
}
