/** What was checked before the first motion, from measured states only. An item that cannot be judged yet is left out. */
import type { CaptureState } from '../../capture/worker-messages.ts'
import type { DriveState, ArmLive } from '#contract/services/drive.ts'
import type { RecordState } from '#contract/services/record.ts'
import type { RigState } from '#contract/services/rig.ts'
import { faultText } from '../../i18n/faults.ts'
import { fixed, hoursMinutes } from '../../i18n/figures.ts'
import type { Language } from '../../i18n/define-messages.ts'
import type { OperateText } from '../messages.ts'
import type { Verdict } from './fact.tsx'

export interface ReadinessItem {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly verdict: Verdict
}

export interface ReadinessFacts {
  readonly drive: DriveState
  readonly rig: RigState
  readonly record: RecordState | null
  readonly cameras: CaptureState['cameras']
}

function armItem(
  id: 'follower' | 'leader',
  arm: ArmLive | null,
  facts: ReadinessFacts,
  language: Language,
  t: OperateText,
): ReadinessItem | null {
  const state = facts.rig.arms.find((candidate) => candidate.role === id)
  if (state === undefined) return null
  const name = id === 'follower' ? t.followerAnswers : t.leaderAnswers
  if (state.fault !== null)
    return { id, name, value: faultText(state.fault.code, language).what, verdict: 'bad' }
  if (arm === null || arm.servos.length === 0) return null
  const answering = arm.servos.filter((servo) => !servo.isStale)
  const lowest = Math.min(...answering.map((servo) => servo.voltageV))
  return {
    id,
    name,
    value: t.servosAt(answering.length, Number.isFinite(lowest) ? fixed(lowest, 1) : '–'),
    verdict: answering.length === arm.servos.length ? 'ok' : 'bad',
  }
}

function calibrationItem(rig: RigState, t: OperateText): ReadinessItem | null {
  if (rig.arms.length === 0) return null
  const known = rig.arms.filter((arm) => arm.calibrationHash !== null)
  return {
    id: 'calibration',
    name: t.calibration,
    value: t.countOf(known.length, rig.arms.length),
    verdict: known.length === rig.arms.length ? 'ok' : 'warn',
  }
}

function cameraItem(facts: ReadinessFacts, t: OperateText): ReadinessItem | null {
  const wanted = facts.rig.rig?.cameras ?? []
  const live = wanted.filter((camera) => facts.cameras[camera.name]?.status === 'live')
  if (wanted.length === 0 || Object.keys(facts.cameras).length === 0) return null
  return {
    id: 'cameras',
    name: t.camerasLive,
    value: t.countOf(live.length, wanted.length),
    verdict: live.length === wanted.length ? 'ok' : 'warn',
  }
}

function recordItems(
  record: RecordState | null,
  language: Language,
  t: OperateText,
): readonly ReadinessItem[] {
  if (record === null) return []
  const items: ReadinessItem[] = []
  const mismatch = record.blocker
  if (record.dataset !== null)
    items.push({
      id: 'dataset',
      name: t.datasetFits,
      value: mismatch === null ? record.dataset.name : faultText(mismatch.code, language).what,
      verdict: mismatch === null ? 'ok' : 'warn',
    })
  if (record.diskSecondsLeft !== null) {
    const { hours, minutes } = hoursMinutes(record.diskSecondsLeft)
    items.push({
      id: 'disk',
      name: t.disk,
      value: t.timeLeft(hours, minutes),
      verdict: record.diskSecondsLeft > 900 ? 'ok' : 'warn',
    })
  }
  return items
}

export function readiness(
  facts: ReadinessFacts,
  language: Language,
  t: OperateText,
): readonly ReadinessItem[] {
  return [
    armItem('follower', facts.drive.follower, facts, language, t),
    armItem('leader', facts.drive.leader, facts, language, t),
    calibrationItem(facts.rig, t),
    cameraItem(facts, t),
    ...recordItems(facts.record, language, t),
  ].filter((item) => item !== null)
}
