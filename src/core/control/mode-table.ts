/**
 * The explicit table of transitions: mode × event → next mode, with the guards that must pass. What is not listed is
 * refused; what maps to its own mode is allowed and changes nothing. Every mode leads to `eStop`; from `eStop` power comes back into `holding` only.
 */
import type { Mode } from './mode.ts'
import type { ModeEvent } from './mode-events.ts'

export const guardNames = [
  'followerConnected',
  'followerHealthy',
  'poseInRange',
  'leaderReady',
  'torqueOn',
  'policyReady',
  'parkKnown',
] as const
export type GuardName = (typeof guardNames)[number]

export interface Transition {
  readonly to: Mode
  /** The mode that follows by itself once `to` has done its work (come to rest, powered up). */
  readonly after?: Mode
  readonly guards?: readonly GuardName[]
}

type Row = Readonly<Partial<Record<ModeEvent, Transition>>>

const canPower: readonly GuardName[] = ['followerConnected', 'followerHealthy', 'poseInRange']
const canGive: readonly GuardName[] = ['torqueOn', 'followerHealthy', 'policyReady']

const always: Row = { eStop: { to: 'eStop' } }

/** What every moving mode shares: it can be stopped, held and faulted. */
const moving: Row = {
  ...always,
  stop: { to: 'slowStop', after: 'holding' },
  hold: { to: 'slowStop', after: 'holding' },
  reactSlowStop: { to: 'slowStop', after: 'holding' },
  reactHold: { to: 'slowStop', after: 'holding' },
  reactFault: { to: 'fault' },
  takeOverBlind: { to: 'slowStop', after: 'holding' },
}

export const modeTable: Readonly<Record<Mode, Row>> = {
  idle: {
    ...always,
    stop: { to: 'idle' },
    engageCold: { to: 'holding', after: 'matching', guards: [...canPower, 'leaderReady'] },
    powerUp: { to: 'holding', guards: canPower },
    powerOff: { to: 'idle' },
  },
  holding: {
    ...always,
    stop: { to: 'holding', after: 'holding' },
    hold: { to: 'holding', after: 'holding' },
    engageCold: { to: 'holding', after: 'matching', guards: [...canPower, 'leaderReady'] },
    engage: { to: 'matching', guards: ['torqueOn', 'followerHealthy', 'leaderReady'] },
    powerUp: { to: 'holding', guards: canPower },
    takeOverAligned: { to: 'teleop', guards: ['torqueOn', 'followerHealthy', 'leaderReady'] },
    takeOverMisaligned: { to: 'matching', guards: ['torqueOn', 'followerHealthy', 'leaderReady'] },
    takeOverBlind: { to: 'holding', guards: ['leaderReady'] },
    giveToPolicy: { to: 'blend', guards: canGive },
    park: { to: 'matching', guards: ['torqueOn', 'followerHealthy', 'parkKnown'] },
    powerOff: { to: 'idle', guards: ['followerConnected'] },
    powered: { to: 'holding' },
    powerFailed: { to: 'fault' },
    reactSlowStop: { to: 'holding', after: 'holding' },
    reactHold: { to: 'holding', after: 'holding' },
    reactFault: { to: 'fault' },
  },
  matching: {
    ...moving,
    engage: { to: 'matching' },
    takeOverAligned: { to: 'teleop', guards: ['leaderReady'] },
    takeOverMisaligned: { to: 'matching' },
    aligned: { to: 'teleop' },
    parked: { to: 'holding' },
  },
  teleop: {
    ...moving,
    engage: { to: 'teleop' },
    takeOverAligned: { to: 'teleop' },
    takeOverMisaligned: { to: 'teleop' },
    giveToPolicy: { to: 'blend', guards: canGive },
  },
  policy: {
    ...moving,
    giveToPolicy: { to: 'policy' },
    takeOverAligned: { to: 'teleop', guards: ['leaderReady'] },
    takeOverMisaligned: { to: 'slowStop', after: 'matching', guards: ['leaderReady'] },
  },
  blend: {
    ...moving,
    giveToPolicy: { to: 'blend' },
    takeOverAligned: { to: 'teleop', guards: ['leaderReady'] },
    takeOverMisaligned: { to: 'slowStop', after: 'matching', guards: ['leaderReady'] },
    blended: { to: 'policy' },
  },
  slowStop: {
    ...always,
    stop: { to: 'slowStop', after: 'holding' },
    hold: { to: 'slowStop', after: 'holding' },
    reactSlowStop: { to: 'slowStop', after: 'holding' },
    reactHold: { to: 'slowStop', after: 'holding' },
    reactFault: { to: 'fault' },
    atRest: { to: 'holding' },
  },
  fault: {
    ...always,
    stop: { to: 'fault' },
    hold: { to: 'fault' },
    recover: { to: 'holding', guards: canPower },
    linkReturned: { to: 'holding' },
    powerOff: { to: 'idle', guards: ['followerConnected'] },
    reactFault: { to: 'fault' },
  },
  eStop: {
    ...always,
    stop: { to: 'eStop' },
    recover: { to: 'holding', guards: canPower },
    powerOff: { to: 'idle' },
  },
}
