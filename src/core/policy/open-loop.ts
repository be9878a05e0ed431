/**
 * Open-loop evaluation: a policy is asked along a recorded episode what it would do, and its chunks are laid beside what
 * was recorded. Nothing moves. The policy always sees the recording, never the result of its own actions.
 *
 * Every frame is compared once, with the newest chunk that covers it; with a stride of one chunk length that is what
 * upstream's notebook does (spec/internvla-a1.md §7.4 "Acceptance"). Squared errors are averaged over frames and channels
 * alike, so 14 joints at 1.29e-5 and 2 grippers at 8.6e-5 make 2.2e-5 in all, as upstream counts. Units are the policy's.
 */
import { fail, ok, type Result } from '../result.ts'

/** Frames between the two pictures that InternVLA-A1 sees of a view, and to the moment it foresees (spec/internvla-a1.md §1.1, §1.10). */
export const historyFrames = 15
export const foresightFrames = 15

/** First frames of the chunks to ask for: 0, stride, 2·stride … below `frames`. */
export const chunkStarts = (frames: number, stride: number): readonly number[] =>
  Array.from({ length: Math.ceil(frames / Math.max(1, stride)) }, (_, index) => index * Math.max(1, stride))

export interface Recording {
  readonly frames: number
  /** Channels of the action. */
  readonly width: number
  /** Row-major [frames, width], the policy's order and units; NaN where nothing was recorded. */
  readonly actions: Float64Array
  /** By channel. */
  readonly isGripper: readonly boolean[]
}

/** Mean squared and mean absolute error; null where nothing could be compared. */
export interface OpenLoopScore {
  /** Frames of which at least one channel was compared. */
  readonly frames: number
  readonly mse: number | null
  readonly mseJoints: number | null
  readonly mseGripper: number | null
  readonly mae: number | null
  readonly mseByChannel: readonly (number | null)[]
}

export class OpenLoop {
  readonly recording: Recording
  /** Row-major [frames, width]; NaN where no chunk came yet. */
  readonly predicted: Float64Array
  readonly #startOf: Int32Array

  constructor(recording: Recording) {
    this.recording = recording
    this.predicted = new Float64Array(recording.frames * recording.width).fill(Number.NaN)
    this.#startOf = new Int32Array(recording.frames).fill(-1)
  }

  /**
   * Lays a chunk down: row k stands for frame `start` + k. Where an older chunk lies, the newer one wins, whatever the order
   * of arrival. Fails with `policy/wrong-shape` or `policy/not-finite`, and then changes nothing.
   */
  add(start: number, actions: ArrayLike<number>, length: number, width: number): Result<void> {
    const { frames, width: wanted } = this.recording
    if (width !== wanted || actions.length < length * width)
      return fail('policy/wrong-shape', `a chunk of ${length} × ${width}, recorded are ${wanted} channels`, {
        expected: wanted,
        actual: width,
      })
    for (let at = 0; at < length * width; at += 1)
      if (!Number.isFinite(actions[at] ?? Number.NaN))
        return fail('policy/not-finite', `the chunk for frame ${start} is not finite`, { frame: start })
    for (let row = 0; row < length && start + row < frames; row += 1) {
      const frame = start + row
      if ((this.#startOf[frame] ?? frames) > start) continue
      this.#startOf[frame] = start
      for (let channel = 0; channel < width; channel += 1)
        this.predicted[frame * width + channel] = actions[row * width + channel] ?? Number.NaN
    }
    return ok(undefined)
  }

  /** First frame of the chunk that a frame's prediction comes from; null where there is none. */
  startOf(frame: number): number | null {
    const start = this.#startOf[frame] ?? -1
    return start < 0 ? null : start
  }

  score(): OpenLoopScore {
    const { frames, width, actions, isGripper } = this.recording
    const squares = new Float64Array(width)
    const counts = new Float64Array(width)
    let [absolute, compared] = [0, 0]
    for (let frame = 0; frame < frames; frame += 1) {
      let isCompared = false
      for (let channel = 0; channel < width; channel += 1) {
        const at = frame * width + channel
        const error = (this.predicted[at] ?? Number.NaN) - (actions[at] ?? Number.NaN)
        if (!Number.isFinite(error)) continue
        squares[channel] = (squares[channel] ?? 0) + error * error
        counts[channel] = (counts[channel] ?? 0) + 1
        absolute += Math.abs(error)
        isCompared = true
      }
      if (isCompared) compared += 1
    }
    const mean = (of: (channel: number) => boolean): number | null => {
      let [sum, count] = [0, 0]
      for (let channel = 0; channel < width; channel += 1)
        if (of(channel)) {
          sum += squares[channel] ?? 0
          count += counts[channel] ?? 0
        }
      return count === 0 ? null : sum / count
    }
    const total = counts.reduce((sum, count) => sum + count, 0)
    return {
      frames: compared,
      mse: mean(() => true),
      mseJoints: mean((channel) => isGripper[channel] !== true),
      mseGripper: mean((channel) => isGripper[channel] === true),
      mae: total === 0 ? null : absolute / total,
      mseByChannel: Array.from({ length: width }, (_, channel) => mean((other) => other === channel)),
    }
  }
}
