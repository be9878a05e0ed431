/** The status bar's cells from measured states: what was never measured has no cell. */
import type { CaptureState } from '../capture/worker-messages.ts'
import type { ArmLive, DriveState } from '#contract/services/drive.ts'
import type { PolicyState } from '#contract/services/policy.ts'
import type { RecordState } from '#contract/services/record.ts'
import { fixed, hoursMinutes } from '../i18n/figures.ts'
import type { OperateText } from './messages.ts'

export interface StatusCell {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly note: string
  readonly isBad: boolean
  /** Only where the window is wide. */
  readonly isWide: boolean
}

export interface StatusFacts {
  readonly drive: DriveState | null
  readonly record: RecordState | null
  readonly policy: PolicyState | null
  readonly capture: CaptureState
  readonly cameras: readonly string[]
  readonly simSpeed: number | null
  readonly t: OperateText
}

/** A loop is late when p99.9 passes its budget of 1 ms (DESIGN §8). */
const lateUs = 1000

function loopCell({ drive, t }: StatusFacts): StatusCell | null {
  const loop = drive?.loop ?? null
  if (loop === null) return null
  return {
    id: 'loop',
    name: t.loop,
    value: `${fixed(loop.rateHz, 1)} Hz`,
    note: t.p999(fixed(loop.latenessP999Us / 1000, 2)),
    isBad: loop.latenessP999Us > lateUs,
    isWide: false,
  }
}

function busCell({ drive, t }: StatusFacts): StatusCell | null {
  const arms = [drive?.follower, drive?.leader].filter(
    (arm): arm is ArmLive => arm !== null && arm !== undefined,
  )
  if (arms.length === 0) return null
  const errors = arms.reduce((sum, { bus }) => sum + bus.timeouts + bus.corrupt, 0)
  const use = Math.max(...arms.map(({ bus }) => bus.utilisation))
  return {
    id: 'bus',
    name: t.bus,
    value: t.errors(errors),
    note: `${fixed(use * 100, 0)} %`,
    isBad: errors > 0,
    isWide: false,
  }
}

function cameraCell({ capture, cameras, record, t }: StatusFacts): StatusCell | null {
  const rates = cameras.map((name) => capture.cameras[name]?.fps ?? null)
  if (rates.every((rate) => rate === null)) return null
  const take = record?.phase === 'recording' ? record.take : null
  const repeats = take === null ? null : Object.values(take.repeats).reduce((sum, count) => sum + count, 0)
  return {
    id: 'cameras',
    name: t.camerasName,
    value: rates.map((rate) => (rate === null ? '–' : fixed(rate, 1))).join(' '),
    note: repeats === null ? '' : t.repeats(repeats),
    isBad: false,
    isWide: false,
  }
}

function skewCell({ capture, t }: StatusFacts): StatusCell | null {
  const skews = Object.values(capture.cameras).flatMap((camera) => camera.take?.skewMs ?? [])
  if (skews.length === 0) return null
  return {
    id: 'skew',
    name: t.skew,
    value: `${fixed(Math.max(...skews.map(Math.abs)), 0)} ms`,
    note: capture.clockUncertaintyUs === null ? '' : `± ${fixed(capture.clockUncertaintyUs / 1000, 1)}`,
    isBad: false,
    isWide: true,
  }
}

/** Below this a person would see the simulation drag. */
const slowSpeed = 0.97

function speedCell({ simSpeed, t }: StatusFacts): StatusCell | null {
  if (simSpeed === null || simSpeed >= slowSpeed) return null
  const value = `${fixed(simSpeed * 100, 0)} %`
  return { id: 'speed', name: t.simulation, value, note: t.ofRealTime, isBad: false, isWide: false }
}

/** The independent monitor of commands: silent while it has nothing to say. */
function monitorCell({ drive, t }: StatusFacts): StatusCell | null {
  const count = drive?.monitorViolations ?? 0
  if (count === 0) return null
  return { id: 'monitor', name: t.monitor, value: t.violations(count), note: '', isBad: true, isWide: false }
}

function policyCell({ drive, policy, t }: StatusFacts): StatusCell | null {
  const latency = policy?.latency ?? null
  if (drive?.policy === null || drive === null || latency === null) return null
  return {
    id: 'policy',
    name: t.policy,
    value: `${fixed(latency.p50Ms, 0)} ms`,
    note:
      policy?.residentMemoryMb === null || policy === null ? '' : `${fixed(policy.residentMemoryMb, 0)} MB`,
    isBad: false,
    isWide: false,
  }
}

function diskCell({ record, t }: StatusFacts): StatusCell | null {
  const seconds = record?.diskSecondsLeft ?? null
  if (seconds === null) return null
  const { hours, minutes } = hoursMinutes(seconds)
  return {
    id: 'disk',
    name: t.disk,
    value: t.timeLeft(hours, minutes),
    note: '',
    isBad: seconds < 900,
    isWide: false,
  }
}

export const statusCells = (facts: StatusFacts): readonly StatusCell[] =>
  [loopCell, busCell, monitorCell, speedCell, cameraCell, skewCell, policyCell, diskCell]
    .map((cell) => cell(facts))
    .filter((cell) => cell !== null)
