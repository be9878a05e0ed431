/** ONNX Runtime's refusals in the middle of the work, as faults: a stand-in breaks when it is told to. */
import { describe, expect, it, vi } from 'vitest'
import { openOrtSession } from '#host/policy/runner/ort-session.ts'
import type { SessionRequest } from '#host/policy/runner/protocol.ts'

const runtime = vi.hoisted(() => ({ answer: (): Record<string, unknown> => ({}) }))

vi.mock('onnxruntime-node', () => ({
  Tensor: Object,
  InferenceSession: {
    create: () =>
      Promise.resolve({
        inputMetadata: [],
        outputMetadata: [],
        run: () => Promise.resolve().then(() => runtime.answer()),
        release: () => Promise.resolve(),
      }),
  },
}))

const request = (provider: SessionRequest['provider']): SessionRequest => ({
  model: new Uint8Array(1),
  folder: null,
  sidecars: [],
  provider,
  threads: 1,
  hasPrepacking: true,
  keep: [],
})

describe('a provider that fails half-way', () => {
  it('is named with the runtime’s own reason, and asked again as if nothing had been', async () => {
    const session = await openOrtSession(request('webgpu'))
    if (!session.ok) throw new Error(session.error.message)
    runtime.answer = () => {
      throw new Error('Device lost: out of memory')
    }
    expect(await session.value.run({}, null)).toMatchObject({
      ok: false,
      error: {
        code: 'policy/provider-failed',
        message: 'ONNX Runtime on webgpu: Device lost: out of memory',
        data: { provider: 'webgpu' },
      },
    })
    runtime.answer = () => ({})
    expect(await session.value.run({}, null)).toEqual({ ok: true, value: {} })
  })

  it('on the CPU is the graph’s fault, not the provider’s: there is no other to choose', async () => {
    const session = await openOrtSession(request('cpu'))
    if (!session.ok) throw new Error(session.error.message)
    runtime.answer = () => {
      throw new Error('bad allocation')
    }
    expect(await session.value.run({}, null)).toMatchObject({ error: { code: 'policy/load-failed' } })
  })
})
