import { describe, expect, it } from 'vitest'
import { msgpackNumpyArrays } from '#core/policy/openpi/array-dialect.ts'
import { float32Array, numbersOf, uint8Array } from '#core/policy/openpi/array-values.ts'
import { decodeWire, encodeWire } from '#core/policy/openpi/wire-codec.ts'
import type { NdArray, WireMap, WireValue } from '#core/policy/openpi/wire-value.ts'
import { xpolicylabTemplate } from '#core/policy/openpi/xpolicylab-keys.ts'
import { fail, unwrap } from '#core/result.ts'
import { clientOf, FakePolicy, serveOptions } from './fake-served.ts'

const picture = uint8Array(new Uint8Array(192).fill(51), [8, 8, 3])
const observation: WireMap = {
  instruction: 'stack the bowls',
  vision: { head: { color: picture }, left: { color: picture, depth: null } },
  state: {
    left_arm_joint_state: float32Array([1], [1]),
    left_ee_joint_state: float32Array([0.5], [1]),
    right_arm_joint_state: float32Array([-1], [1]),
    right_ee_joint_state: 0.25,
  },
}

function clientFor(policy = new FakePolicy()) {
  const template = unwrap(xpolicylabTemplate(policy.contract))
  const client = clientOf(serveOptions(policy, { dialect: 'xpolicylab', template }))
  let count = 0
  const send = (message_type: string, payload: WireMap = {}, changes: Record<string, WireValue> = {}) => {
    count += 1
    return client.hear(
      encodeWire(
        { message_type, message_id: `id-${count}`, evaluation_id: 'eval', step: count, payload, ...changes },
        msgpackNumpyArrays,
      ),
    )
  }
  const last = (): WireMap =>
    unwrap(decodeWire(client.sent.at(-1) as Uint8Array, msgpackNumpyArrays)) as WireMap
  return { ...client, policy, send, last, payload: () => last()['payload'] as WireMap }
}

describe('a client of XPolicyLab', () => {
  it('speaks first, and every reply repeats what its request was about', async () => {
    const { sent, send, last } = clientFor()
    expect(sent).toHaveLength(0)
    await send('hello', {}, { trial_id: 'trial', action_case_id: 'case', repeat_index: 2 })
    expect(last()).toMatchObject({
      message_type: 'hello_ack',
      message_id: 'id-1',
      evaluation_id: 'eval',
      trial_id: 'trial',
      action_case_id: 'case',
      repeat_index: 2,
      step: 1,
      sent_at: expect.stringMatching(/\+00:00$/) as string,
      payload: { ok: true, server: 'foresight' },
    })
  })

  it('begins a new episode with reset in an observation; alone it is answered without actions', async () => {
    const { send, last, payload, policy } = clientFor()
    await send('infer', { observation })
    expect(await send('infer', { observation: { reset: true } })).toBeNull()
    expect(last()['message_type']).toBe('infer_result')
    expect(payload()['actions']).toEqual([])
    expect(await send('infer', { observation: { ...observation, reset: true } })).toBeNull()
    expect(payload()['actions']).toHaveLength(2)
    expect(policy.seen).toHaveLength(2)
    expect(await send('call', { func_name: 'update_obs', obs: { reset: true } })).toBeNull()
    expect((await send('call', { func_name: 'get_action' }))?.code).toBe('policy/not-ready')
  })

  it('gets actions as one map a tick, under XPolicyLab’s names', async () => {
    const { send, last, payload, policy } = clientFor()
    expect(await send('infer', { observation })).toBeNull()
    expect(last()['message_type']).toBe('infer_result')
    const actions = payload()['actions'] as WireMap[]
    expect(actions).toHaveLength(2)
    expect(Object.keys(actions[0] ?? {})).toEqual([
      'left_arm_joint_state',
      'left_ee_joint_state',
      'right_arm_joint_state',
      'right_ee_joint_state',
    ])
    expect([...unwrap(numbersOf(actions[1]?.['right_arm_joint_state'] as NdArray))]).toEqual([-2])
    expect([...(policy.seen[0]?.state ?? [])]).toEqual([1, 0.5, -1, 0.25])
    expect(policy.seen[0]?.task).toBe('stack the bowls')
    expect(typeof payload()['latency_ms']).toBe('number')
  })

  it('may show and ask in calls of their own', async () => {
    const { send, last, payload, policy } = clientFor()
    await send('call', { func_name: 'update_obs', obs: observation })
    expect(last()).toMatchObject({ message_type: 'call_result', payload: { ok: true } })
    expect(policy.seen).toHaveLength(0)
    await send('call', { func_name: 'get_action', obs: null })
    expect(payload()['result']).toHaveLength(2)
    await send('call', { func_name: 'reset' })
    await send('call', { func_name: 'get_action' })
    expect(last()).toMatchObject({
      message_type: 'error',
      payload: { code: 'call_failed', details: { foresight_code: 'policy/not-ready' } },
    })
  })

  it('may run several environments at once, each with a history of its own', async () => {
    const { send, payload, policy } = clientFor()
    const at = (env_idx: number, shade: number): WireMap => ({
      ...observation,
      env_idx,
      vision: {
        head: { color: uint8Array(new Uint8Array(192).fill(shade), [8, 8, 3]) },
        left: { color: picture },
      },
    })
    await send('call', { func_name: 'update_obs_batch', obs: [at(0, 10), at(4, 20)] })
    await send('call', { func_name: 'get_action_batch' })
    expect(payload()['result']).toHaveLength(2)
    await send('call', { func_name: 'update_obs_batch', obs: [at(4, 30)] })
    await send('call', { func_name: 'get_action_batch' })
    expect(payload()['result']).toHaveLength(1)
    const shades = policy.seen.map(({ pictures, past }) =>
      [pictures, past].map((views) => Math.round(255 * (views['head']?.planes[0] ?? -1))),
    )
    expect(shades).toEqual([
      [10, 10],
      [20, 20],
      [30, 20],
    ])
  })

  it('has the rest of its life acknowledged', async () => {
    const { send, last, closes } = clientFor()
    for (const [request, reply] of [
      ['prepare_case', 'prepare_case_ack'],
      ['reset', 'reset_result'],
      ['trial_end', 'trial_end_ack'],
      ['heartbeat', 'heartbeat_ack'],
    ] as const) {
      await send(request)
      expect(last()).toMatchObject({ message_type: reply, payload: { ok: true } })
    }
    await send('close')
    expect(closes).toEqual([[1000, '']])
  })

  it('hears of errors under the id of its request, and stays connected', async () => {
    const policy = new FakePolicy()
    policy.next = () => Promise.resolve(fail('policy/not-finite', 'NaN'))
    const { send, last, closes } = clientFor(policy)
    await send('infer', { observation })
    expect(last()).toMatchObject({
      message_type: 'error',
      message_id: 'id-1',
      payload: { code: 'infer_failed', message: 'policy/not-finite: NaN' },
    })
    await send('infer', {})
    expect(last()).toMatchObject({ payload: { code: 'infer_failed' } })
    await send('dance')
    expect(last()).toMatchObject({ payload: { code: 'unknown_message_type' } })
    expect(closes).toEqual([])
  })

  it.each([
    ['a text', 'hello'],
    ['noise', Uint8Array.of(0xc1)],
    ['a list', encodeWire([], msgpackNumpyArrays)],
    ['no id', encodeWire({ message_type: 'hello', evaluation_id: 'e' }, msgpackNumpyArrays)],
    ['no evaluation', encodeWire({ message_type: 'hello', message_id: 'm' }, msgpackNumpyArrays)],
    ['no type', encodeWire({ message_id: 'm', evaluation_id: 'e' }, msgpackNumpyArrays)],
    [
      'a payload that is no map',
      encodeWire(
        { message_type: 'hello', message_id: 'm', evaluation_id: 'e', payload: 1 },
        msgpackNumpyArrays,
      ),
    ],
    [
      'a step that is no number',
      encodeWire(
        { message_type: 'hello', message_id: 'm', evaluation_id: 'e', step: 'x' },
        msgpackNumpyArrays,
      ),
    ],
  ])('that sends %s gets no reply, since none could be told apart', async (_what, message) => {
    const client = clientFor()
    expect((await client.hear(message))?.code).toBe('policy/remote-protocol')
    expect(client.sent).toHaveLength(0)
  })
})
