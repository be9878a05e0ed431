/** The recorder's state in the shape of the contract's stream. */
import type { RecordState, TakeSummary } from '#contract/services/record.ts'
import type { Outcome } from '#core/dataset/evidence.ts'
import type { Fault } from '#core/result.ts'
import type { ChosenDataset } from './chosen-dataset.ts'
import type { ClosedTake, CurrentTake } from './closed-take.ts'
import type { RecordingSession } from './recording-session.ts'
import type { SaveJob } from './save-queue.ts'
import { Take } from './take.ts'

export interface RecorderView {
  readonly timeUs: number
  readonly dataset: ChosenDataset | null
  readonly take: CurrentTake | null
  readonly outcome: Outcome
  readonly jobs: readonly SaveJob[]
  readonly session: RecordingSession
  readonly blocker: Fault | null
  readonly recovered: readonly ClosedTake[]
  readonly trash: number
  readonly failure: Fault | null
  readonly diskSecondsLeft: number | null
}

function summariseTake(take: CurrentTake, outcome: Outcome): TakeSummary {
  const { takeId, number, task, spec } = take.meta
  const isLive = take instanceof Take
  return {
    takeId,
    number,
    task,
    frames: take.frames,
    seconds: take.frames / spec.fps,
    outcome,
    flushedFrames: isLive ? Math.min(take.journal.flushedFrames, take.frames) : take.frames,
    repeats: isLive
      ? Object.fromEntries([...take.journal.cameras].map(([name, camera]) => [name, camera.repeats]))
      : { ...take.repeats },
  }
}

function phaseOf(dataset: ChosenDataset | null, take: CurrentTake | null): RecordState['phase'] {
  if (take !== null) return take.phase === 'recording' ? 'recording' : 'closed'
  return dataset === null ? 'none' : 'ready'
}

const plainFault = (fault: Fault | null): RecordState['blocker'] =>
  fault === null ? null : { code: fault.code, message: fault.message, data: { ...fault.data } }

export function recordState(view: RecorderView): RecordState {
  const { dataset, take } = view
  return {
    timeUs: view.timeUs,
    phase: phaseOf(dataset, take),
    dataset:
      dataset === null
        ? null
        : { dir: dataset.dir, name: dataset.name, episodes: dataset.episodes, fps: dataset.fps },
    task: dataset?.choice.task ?? '',
    operator: dataset?.choice.operator ?? '',
    goal: dataset?.choice.goal ?? null,
    take:
      take === null
        ? null
        : { ...summariseTake(take, view.outcome), t0Us: take.meta.t0Us, closedBy: plainFault(take.fault) },
    saving: view.jobs.map(({ takeId, number }) => ({ takeId, number })),
    session: view.session.list(),
    blocker: plainFault(view.blocker),
    recovered: view.recovered.map((closed) => summariseTake(closed, closed.outcome)),
    trash: view.trash,
    failure: plainFault(view.failure),
    diskSecondsLeft: view.diskSecondsLeft,
  }
}
