import { describe, expect, it } from 'vitest'
import type { ProviderName, ProviderStatus } from '#contract/services/policy.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'

const all: readonly ProviderName[] = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml']

function deskWhere(working: readonly ProviderName[], env: NodeJS.ProcessEnv = {}) {
  const tried: ProviderName[] = []
  const desk = new ProviderDesk(
    [],
    async (name): Promise<ProviderStatus> => {
      tried.push(name)
      return {
        name,
        status: working.includes(name) ? 'works' : 'missing',
        why: 'refused',
        detail: `of ${name}`,
      }
    },
    env,
  )
  return { desk, tried }
}

describe('choosing an execution provider', () => {
  it('takes the best one that works', async () => {
    expect(await deskWhere(['cpu', 'webgpu', 'cuda']).desk.choose('auto', all)).toEqual({
      ok: true,
      value: 'cuda',
    })
    expect(await deskWhere(['cpu', 'webgpu']).desk.choose('auto', all)).toMatchObject({ value: 'webgpu' })
    expect(await deskWhere([]).desk.choose('auto', all)).toMatchObject({ value: 'cpu' })
  })

  it('takes only what the policy has a graph for', async () => {
    const { desk, tried } = deskWhere(all)
    expect(await desk.choose('auto', ['cpu', 'webgpu'])).toMatchObject({ value: 'webgpu' })
    expect(tried).toEqual(['webgpu'])
    expect(await desk.choose('cuda', ['cpu'])).toMatchObject({
      ok: false,
      error: { code: 'policy/provider-unavailable' },
    })
  })

  it('never takes a software renderer unasked, but does when asked', async () => {
    const { desk } = deskWhere(all, { VK_ICD_FILENAMES: '/x/vk_swiftshader_icd.json' })
    expect(await desk.choose('auto', ['cpu', 'webgpu'])).toMatchObject({ value: 'cpu' })
    expect(await desk.choose('webgpu', all)).toMatchObject({ value: 'webgpu' })
  })

  it('says why the one asked for cannot be had, and takes no other instead', async () => {
    expect(await deskWhere(['cpu']).desk.choose('cuda', all)).toMatchObject({
      ok: false,
      error: { code: 'policy/provider-unavailable', data: { provider: 'cuda', detail: 'of cuda' } },
    })
  })

  it('tries each once, and again when asked afresh', async () => {
    const { desk, tried } = deskWhere(['cpu'])
    await desk.statuses(false)
    await desk.statuses(false)
    expect(tried).toEqual(all)
    await desk.statuses(true)
    expect(tried).toHaveLength(10)
  })
})
