/** XPolicyLab's envelope: one MessagePack map around every request and reply (XPolicyLab, client_server/ws/protocol). */
import { fail, ok, type Result } from '../../result.ts'
import { isWireMap, type WireMap, type WireValue } from './wire-value.ts'

/** Reply that belongs to each request; `close` has none. */
export const xpolicylabReplies = {
  hello: 'hello_ack',
  prepare_case: 'prepare_case_ack',
  reset: 'reset_result',
  call: 'call_result',
  infer: 'infer_result',
  trial_end: 'trial_end_ack',
  heartbeat: 'heartbeat_ack',
} as const
export type XPolicyLabRequest = keyof typeof xpolicylabReplies

export const xpolicylabErrors = [
  'invalid_frame',
  'unknown_message_type',
  'call_failed',
  'infer_failed',
  'reset_failed',
  'internal',
] as const
export type XPolicyLabError = (typeof xpolicylabErrors)[number]

/** What every reply repeats of its request. */
export interface XPolicyLabFrame {
  readonly messageType: string
  readonly messageId: string
  readonly evaluationId: string
  readonly actionCaseId: WireValue
  readonly trialId: WireValue
  readonly repeatIndex: WireValue
  readonly step: number
  readonly payload: WireMap
}

export const isXPolicyLabRequest = (type: string): type is XPolicyLabRequest =>
  Object.hasOwn(xpolicylabReplies, type)

/** Fails with `policy/remote-protocol` where a field is missing that a reply needs. */
export function readFrame(value: WireValue): Result<XPolicyLabFrame> {
  if (!isWireMap(value)) return misfit('a message that is no map')
  const messageType = value['message_type']
  const messageId = idOf(value['message_id'])
  const evaluationId = idOf(value['evaluation_id'])
  const step = value['step'] ?? 0
  const payload = value['payload'] ?? {}
  if (typeof messageType !== 'string') return misfit('no message_type')
  if (messageId === null) return misfit('no message_id')
  if (evaluationId === null) return misfit('no evaluation_id')
  if (typeof step !== 'number') return misfit('a step that is no number')
  if (!isWireMap(payload)) return misfit('a payload that is no map')
  return ok({
    messageType,
    messageId,
    evaluationId,
    actionCaseId: value['action_case_id'] ?? null,
    trialId: value['trial_id'] ?? null,
    repeatIndex: value['repeat_index'] ?? null,
    step,
    payload,
  })
}

/** @param sentAt ISO 8601 with the offset to UTC */
export const replyTo = (
  frame: XPolicyLabFrame,
  messageType: string,
  payload: WireMap,
  sentAt: string,
): WireMap => ({
  message_type: messageType,
  evaluation_id: frame.evaluationId,
  action_case_id: frame.actionCaseId,
  trial_id: frame.trialId,
  repeat_index: frame.repeatIndex,
  step: frame.step,
  sent_at: sentAt,
  message_id: frame.messageId,
  payload,
})

const idOf = (value: WireValue | undefined): string | null => {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : null
}

const misfit = (reason: string) =>
  fail('policy/remote-protocol', `not a message of XPolicyLab: ${reason}`, { reason })
