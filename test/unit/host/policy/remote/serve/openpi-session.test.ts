import { describe, expect, it } from 'vitest'
import { openpiArrays } from '#core/policy/openpi/array-dialect.ts'
import { float32Array, float64Array, numbersOf, uint8Array } from '#core/policy/openpi/array-values.ts'
import { declarationOf } from '#core/policy/openpi/declaration.ts'
import { decodeWire, encodeWire } from '#core/policy/openpi/wire-codec.ts'
import { NdArray, NpScalar, type WireMap, type WireValue } from '#core/policy/openpi/wire-value.ts'
import { fail, unwrap } from '#core/result.ts'
import { clientOf, FakePolicy, serveOptions } from './fake-served.ts'

const wire = (value: WireValue): Uint8Array => encodeWire(value, openpiArrays)
const mapOf = (message: Uint8Array | string | undefined): WireMap =>
  unwrap(decodeWire(message as Uint8Array, openpiArrays)) as WireMap

/** Everything of one shade. */
const picture = (shade: number, width = 8, height = 8): NdArray =>
  uint8Array(new Uint8Array(3 * width * height).fill(shade), [height, width, 3])

const observation = (changes: Record<string, WireValue> = {}): WireMap => ({
  'observation/images/head': picture(51),
  'observation/images/left': picture(102),
  'observation/state': float64Array([0.1, 0.2, 0.3, 0.4], [4]),
  prompt: 'fold the shirt',
  ...changes,
})

function clientFor(policy = new FakePolicy(), changes = {}) {
  const client = clientOf(serveOptions(policy, changes))
  const ask = async (map: WireMap) => {
    const fault = await client.hear(wire(map))
    return { fault, answer: client.sent.at(-1) }
  }
  return { ...client, policy, ask }
}

describe('a client of openpi', () => {
  it('is greeted with the contract and the keys of the observation', () => {
    const { sent, policy } = clientFor()
    const declared = declarationOf(mapOf(sent[0]))
    expect(declared).toMatchObject({ name: 'fake', historyTicks: 3, contract: policy.contract })
    expect(declared?.observation.pictureSide).toBeNull()
  })

  it('gets a chunk, how long it took, and from the second on how long the last one took in all', async () => {
    const { ask } = clientFor()
    const first = mapOf((await ask(observation())).answer)
    const actions = first['actions'] as NdArray
    expect(actions.shape).toEqual([2, 4])
    expect([...unwrap(numbersOf(actions))]).toEqual([
      ...Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.2, 0.4, 0.6, 0.8),
    ])
    expect(first['server_timing']).toEqual({ infer_ms: 5 })
    const second = mapOf((await ask(observation())).answer)
    expect(second['server_timing']).toMatchObject({
      infer_ms: 5,
      prev_total_ms: expect.any(Number) as number,
    })
  })

  it('shows pictures of any size, channels last or first, bytes or floats', async () => {
    const { ask, policy } = clientFor()
    await ask(
      observation({
        'observation/images/head': picture(51, 16, 16),
        'observation/images/left': float32Array(new Float32Array(3 * 5 * 5).fill(0.4), [3, 5, 5]),
      }),
    )
    const [seen] = policy.seen
    expect(seen?.pictures['head']?.planes).toHaveLength(48)
    expect(seen?.pictures['head']?.planes[0]).toBeCloseTo(0.2, 6)
    // 255 · 0.4 is 101.99 in float32; openpi's policies truncate it.
    expect(seen?.pictures['left']?.planes[0]).toBeCloseTo(102 / 255, 2)
    expect(seen).toMatchObject({ task: 'fold the shirt', guide: null, seed: null })
  })

  it('leaves a slot empty by saying None', async () => {
    const { ask, policy } = clientFor()
    await ask(observation({ 'observation/images/left': null }))
    expect(Object.keys(policy.seen[0]?.pictures ?? {})).toEqual(['head'])
  })

  it('hands instructions over as bytes and as numpy strings too', async () => {
    const { ask, policy } = clientFor()
    await ask(observation({ prompt: new TextEncoder().encode('抓取') }))
    await ask(observation({ prompt: new NdArray('|S4', [], new TextEncoder().encode('go\0\0')) }))
    expect(policy.seen.map(({ task }) => task)).toEqual(['抓取', 'go'])
  })

  it('is refused with a text whose last line says why, and the connection closed as openpi closes it', async () => {
    const { ask, closes } = clientFor()
    const { fault, answer } = await ask({ prompt: 'go' })
    expect(fault?.code).toBe('policy/wrong-shape')
    expect(String(answer).trim().split('\n').at(-1)).toBe(
      'policy/wrong-shape: the observation has no observation/images/head, only prompt',
    )
    expect(closes).toEqual([[1011, 'Internal server error. Traceback included in previous frame.']])
  })

  it.each([
    [
      'a state of five numbers',
      { 'observation/state': float64Array([1, 2, 3, 4, 5], [5]) },
      'policy/wrong-shape',
    ],
    [
      'a state that is not finite',
      { 'observation/state': float64Array([1, 2, Infinity, 4], [4]) },
      'policy/not-finite',
    ],
    ['a state that is text', { 'observation/state': 'zero' }, 'policy/wrong-shape'],
    ['a picture that is text', { 'observation/images/head': 'jpeg' }, 'policy/wrong-shape'],
    [
      'a compressed picture',
      { 'observation/images/head': uint8Array(new Uint8Array(9), [9]) },
      'policy/wrong-shape',
    ],
    [
      'a grey picture',
      { 'observation/images/head': uint8Array(new Uint8Array(64), [8, 8, 1]) },
      'policy/wrong-shape',
    ],
    [
      'an empty picture',
      { 'observation/images/head': uint8Array(new Uint8Array(0), [0, 8, 3]) },
      'policy/wrong-shape',
    ],
    [
      'a picture of floats up to 255',
      { 'observation/images/head': float32Array(new Float32Array(192).fill(200), [8, 8, 3]) },
      'policy/wrong-shape',
    ],
    [
      'a picture around zero',
      { 'observation/images/head': float32Array(new Float32Array(192).fill(-0.5), [8, 8, 3]) },
      'policy/wrong-shape',
    ],
    [
      'a picture that is not finite',
      { 'observation/images/head': float32Array(new Float32Array(192).fill(Number.NaN), [8, 8, 3]) },
      'policy/not-finite',
    ],
    ['an instruction that is a number', { prompt: 5 }, 'policy/wrong-shape'],
    ['a count of ticks that is text', { step: 'first' }, 'policy/wrong-shape'],
  ])('%s is refused', async (_what, changes, code) => {
    const { ask, policy } = clientFor()
    expect((await ask(observation(changes as Record<string, WireValue>))).fault?.code).toBe(code)
    expect(policy.seen).toHaveLength(0)
  })

  it('is told what the policy itself fails with', async () => {
    const policy = new FakePolicy()
    policy.next = () => Promise.resolve(fail('policy/not-finite', 'elbow is NaN'))
    const { ask } = clientFor(policy)
    const { answer } = await ask(observation())
    expect(answer).toContain('policy/not-finite: elbow is NaN')
  })

  it('that sends a text, a list or noise is refused', async () => {
    for (const message of ['hello', wire([1]), Uint8Array.of(0xc1)]) {
      const client = clientOf(serveOptions(new FakePolicy()))
      expect((await client.hear(message))?.code).toBe('policy/remote-protocol')
    }
  })

  it('that is gone meanwhile gets nothing sent', async () => {
    const policy = new FakePolicy()
    const { ask, gone, sent } = clientFor(policy)
    policy.next = (question) => {
      gone.abort()
      return Promise.resolve(fail('policy/timeout', `at ${question.timeUs}`))
    }
    await ask(observation())
    expect(sent).toHaveLength(1)
  })

  it('is given the seed of its chunk, which reproduces it', async () => {
    const { ask } = clientFor(new FakePolicy(), { seed: 7 })
    expect(mapOf((await ask(observation())).answer)['seed']).toBe(7)
  })
})

describe('the history of a client’s views', () => {
  const headsOf = (policy: FakePolicy): [number, number][] =>
    policy.seen.map(({ pictures, past }) => [
      Math.round(255 * (pictures['head']?.planes[0] ?? -1)),
      Math.round(255 * (past['head']?.planes[0] ?? -1)),
    ])
  const show = (shade: number, changes: Record<string, WireValue> = {}): WireMap =>
    observation({ 'observation/images/head': picture(shade), ...changes })

  it('looks three observations back, or to the oldest', async () => {
    const { ask, policy } = clientFor()
    for (const shade of [10, 20, 30, 40, 50]) await ask(show(shade))
    expect(headsOf(policy)).toEqual([
      [10, 10],
      [20, 10],
      [30, 10],
      [40, 10],
      [50, 20],
    ])
  })

  it('counts each observation as several ticks where it is told to', async () => {
    const { ask, policy } = clientFor(new FakePolicy(), { ticksPerQuestion: 2 })
    for (const shade of [10, 20, 30, 40]) await ask(show(shade))
    expect(headsOf(policy).map(([, past]) => past)).toEqual([10, 10, 10, 20])
  })

  it('follows the client’s own count of ticks', async () => {
    const { ask, policy } = clientFor()
    for (const [shade, step] of [
      [10, 0],
      [20, 10],
      [30, 12],
      [40, new NpScalar('<i8', 13)],
    ] as const)
      await ask(show(shade, { step }))
    expect(headsOf(policy).map(([, past]) => past)).toEqual([10, 10, 10, 20])
  })

  it('begins anew with reset, with an endpoint, and with a count that goes back', async () => {
    const { ask, policy, sent } = clientFor()
    await ask(show(10))
    await ask(show(20, { reset: true }))
    await ask({ endpoint: 'reset' })
    expect(sent.at(-1)).toBe('reset successful')
    await ask(show(30, { endpoint: 'infer', step: 5 }))
    await ask(show(40, { step: 0 }))
    await ask({ reset: true })
    expect(mapOf(sent.at(-1))).toMatchObject({ reset: true, actions: { shape: [0, 4] } })
    await ask(show(50))
    expect(headsOf(policy).map(([, past]) => past)).toEqual([10, 20, 30, 40, 50])
  })

  it('takes the past picture that comes with the present one', async () => {
    const { ask, policy } = clientFor()
    const pair = new Uint8Array(2 * 192)
    pair.fill(11, 0, 192)
    pair.fill(22, 192)
    await ask(show(1, { 'observation/images/head': uint8Array(pair, [2, 8, 8, 3]) }))
    expect(headsOf(policy)).toEqual([[22, 11]])
  })

  it('is each client’s own', async () => {
    const policy = new FakePolicy()
    const options = serveOptions(policy)
    const [one, two] = [clientOf(options), clientOf(options)]
    await one.hear(wire(show(10)))
    await two.hear(wire(show(20)))
    await one.hear(wire(show(30)))
    expect(headsOf(policy)).toEqual([
      [10, 10],
      [20, 20],
      [30, 10],
    ])
  })

  it('is empty for a policy that looks at the present alone', async () => {
    const { ask, policy } = clientFor(new FakePolicy(0))
    await ask(show(10))
    expect(policy.seen[0]?.past).toEqual({})
  })
})
