/** A policy asked along a recorded episode what it would do; nothing moves. */
import { chunkStarts, OpenLoop } from '#core/policy/open-loop.ts'
import type { RgbPicture } from '#core/policy/pad-resize.ts'
import type { Channel } from '#core/policy/policy-contract.ts'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import type { ChunkGuide, PolicySettings } from '#contract/services/policy.ts'
import type { Policy } from '#host/policy/policy.ts'
import { predictOnce } from '#host/policy/predict.ts'
import type { NotedChunk } from './read-chunk-note.ts'
import { framePairs, type CameraFrames, type FramePair } from './episode-frames.ts'
import type { EpisodeRecording } from './episode-recording.ts'

export interface OpenLoopOptions {
  readonly policy: Policy
  readonly settings: Pick<PolicySettings, 'cameras' | 'seed'>
  readonly recording: EpisodeRecording
  readonly task: string
  /** Frames between two chunks. */
  readonly stride: number
  readonly openCamera: (camera: string) => CameraFrames
  /** One chunk of the episode as it was asked for then, instead of all; null for none. */
  readonly again: NotedChunk | null
  readonly onChunk: (done: number, total: number) => void
  readonly signal: AbortSignal
}

export interface OpenLoopAnswer {
  readonly loop: OpenLoop
  readonly inferMs: readonly number[]
}

const isGripper = ({ name, unit }: Channel): boolean =>
  unit === 'range_0_100' || unit === 'range_0_1' || /gripper|effector/u.test(name)

/** Fails with `policy/contract-mismatch` (another rate, no such camera), `contract/cancelled`, or as video and policy do. */
export async function runOpenLoop(options: OpenLoopOptions): Promise<Result<OpenLoopAnswer>> {
  const { policy, recording, stride } = options
  const { contract, pictureNeed } = policy
  if (recording.fps !== contract.fps)
    return fail(
      'policy/contract-mismatch',
      `recorded at ${recording.fps} fps, the policy has ${contract.fps}`,
      {
        recorded: recording.fps,
        expected: contract.fps,
      },
    )
  const cameras: Result<Record<string, string>> = pictureNeed === null ? ok({}) : camerasOf(options)
  if (!cameras.ok) return cameras
  const loop = new OpenLoop({
    frames: recording.frames,
    width: contract.action.length,
    actions: recording.actions,
    isGripper: contract.action.map(isGripper),
  })
  const { again } = options
  const starts = new Set(again === null ? chunkStarts(recording.frames, stride) : [again.frame])
  const inferMs: number[] = []
  const streams = Object.fromEntries(
    Object.entries(cameras.value).map(([name, camera]) => [name, options.openCamera(camera)] as const),
  )
  try {
    for await (const pair of framePairs(streams, recording.frames, pictureNeed?.historyTicks ?? 0)) {
      if (!starts.has(pair.frame)) continue
      if (options.signal.aborted) return fail('contract/cancelled', `given up at frame ${pair.frame}`)
      const took = await askAt(options, pair, loop)
      if (!took.ok) return took
      inferMs.push(took.value)
      options.onChunk(inferMs.length, starts.size)
    }
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, error: error.fault }
    throw error
  }
  return ok({ loop, inferMs })
}

/** Camera of the dataset for each slot that is not left empty. */
function camerasOf({ policy, settings, recording }: OpenLoopOptions): Result<Record<string, string>> {
  const chosen: Record<string, string> = {}
  for (const { name } of policy.contract.cameras) {
    const camera = settings.cameras[name]
    if (camera === null) continue
    const wanted = camera ?? name
    if (recording.cameras[wanted] === undefined) {
      const there = Object.keys(recording.cameras).join(', ') || 'none'
      const message = `the episode has no camera ${wanted}, only ${there}: name one with --camera ${name}=CAMERA, or leave the slot empty with --camera ${name}=`
      return fail('policy/contract-mismatch', message, { camera: wanted })
    }
    chosen[name] = wanted
  }
  return ok(chosen)
}

async function askAt(
  { policy, settings, recording, task, again }: OpenLoopOptions,
  { frame, present, past }: FramePair,
  loop: OpenLoop,
): Promise<Result<number>> {
  const width = policy.contract.state.length
  const answer = await predictOnce(
    policy,
    {
      policyId: '',
      state: Float32Array.from(
        again?.question.state ?? recording.states.subarray(frame * width, (frame + 1) * width),
      ),
      extras: again === null ? {} : extrasOf(again),
      past: messages(past),
      present: messages(present),
      task: again?.question.task ?? task,
      seed: again?.seed ?? settings.seed ?? 0,
      hasForesight: false,
      guide: again === null ? null : guideOf(again),
    },
    Math.round((frame / recording.fps) * 1e6),
  )
  if (!answer.ok) return answer
  const { actions, length, width: columns, stagesMs } = answer.value
  const added = loop.add(frame, actions, length, columns)
  return added.ok ? ok(Object.values(stagesMs).reduce((sum, ms) => sum + ms, 0)) : added
}

function guideOf({ question: { guide } }: NotedChunk): ChunkGuide | null {
  return guide === null ? null : { ...guide, leftOver: Float32Array.from(guide.leftOver) }
}

function extrasOf({ question: { extras } }: NotedChunk): Record<string, Float32Array<ArrayBuffer>> {
  return Object.fromEntries(Object.entries(extras).map(([name, value]) => [name, Float32Array.from(value)]))
}

const messages = (pictures: Readonly<Record<string, RgbPicture>>) =>
  Object.entries(pictures).map(([camera, { width, height, data }]) => ({
    camera,
    timeUs: Number.NaN,
    width,
    height,
    rgb: new Uint8Array(data),
  }))
