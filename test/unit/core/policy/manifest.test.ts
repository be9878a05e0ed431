import { describe, expect, it } from 'vitest'
import { analyticReachManifest } from '#core/policy/analytic-reach.ts'
import { contractOf, parseManifest } from '#core/policy/manifest.ts'

const problemsOf = (change: Record<string, unknown>): string => {
  const result = parseManifest(JSON.stringify({ ...analyticReachManifest, ...change }))
  return result.ok ? '' : `${result.error.code}: ${result.error.message}`
}

const withCamera = {
  cameras: [{ name: 'front', width: 4, height: 2 }],
  inputs: [
    ...analyticReachManifest.inputs,
    { source: 'observation.images.front', tensor: 'image', shape: [1, 3, 2, 4] },
  ],
}

describe('a policy manifest', () => {
  it('is read whole, and gives the contract without the tensors', () => {
    const result = parseManifest(JSON.stringify(analyticReachManifest))
    expect(result).toEqual({ ok: true, value: analyticReachManifest })
    expect(contractOf(analyticReachManifest)).toMatchObject({
      robotType: 'so_follower',
      fps: 30,
      chunkLength: 50,
      extras: [{ name: 'sim.red_cube_m', shape: [3] }],
    })
  })

  it('may name cameras when their pictures have a tensor of that size', () => {
    expect(problemsOf(withCamera)).toBe('')
    expect(problemsOf({ ...withCamera, cameras: [{ name: 'front', width: 8, height: 2 }] })).toContain(
      'observation.images.front has 48 numbers, its tensor 24',
    )
  })

  it('refuses tensors in another order of axes, which would be filled with the wrong numbers', () => {
    const picture = (shape: readonly number[]) => ({
      ...withCamera,
      inputs: [
        ...analyticReachManifest.inputs,
        { source: 'observation.images.front', tensor: 'image', shape },
      ],
    })
    expect(problemsOf(picture([1, 2, 4, 3]))).toContain(
      'observation.images.front comes as [3, 2, 4], its tensor is [1, 2, 4, 3]',
    )
    expect(problemsOf(picture([1, 3, 4, 2]))).toContain('its tensor is [1, 3, 4, 2]')
    expect(problemsOf(picture([1, 1, 3, 2, 4]))).toBe('')
    expect(problemsOf({ output: { ...analyticReachManifest.output, shape: [1, 6, 50] } })).toContain(
      'output: a chunk is [50, 6], the tensor [1, 6, 50]',
    )
    expect(problemsOf({ output: { ...analyticReachManifest.output, shape: [300] } })).toBe('')
  })

  it.each([
    ['it is no JSON', () => parseManifest('{'), 'not JSON'],
    ['it is a list', () => parseManifest('[]'), 'manifest: Invalid input'],
  ])('is refused when %s', (_, parse, text) => {
    const result = parse()
    expect(result).toMatchObject({ ok: false, error: { code: 'policy/bad-manifest' } })
    expect(!result.ok && result.error.message).toContain(text)
  })

  it.each([
    ['another format', { format: 'foresight-policy/9' }, 'format'],
    ['an unknown kind', { kind: 'pickle' }, 'kind'],
    ['a unit nobody knows', { state: [{ name: 'a.pos', unit: 'gradians' }] }, 'state.0.unit'],
    ['a model outside its folder', { model: '../policy.onnx' }, 'model'],
    ['a model that is no ONNX file', { model: 'policy.pt' }, 'model'],
    ['a misspelt key', { fbs: 30 }, 'fbs'],
    ['a rate of zero', { fps: 0 }, 'fps'],
    ['an input without a place in the contract', { extras: [] }, 'sim.red_cube_m is no part of the contract'],
    [
      'an extra without a tensor',
      { inputs: analyticReachManifest.inputs.slice(0, 1) },
      'sim.red_cube_m is given 0 times',
    ],
    [
      'a state of another size',
      { state: analyticReachManifest.state.slice(0, 5) },
      'has 5 numbers, its tensor 6',
    ],
    ['a chunk of another size', { chunkLength: 49 }, 'a chunk has 294 numbers, the tensor 300'],
    [
      'a joint named twice',
      { action: analyticReachManifest.action.map(() => ({ name: 'a.pos', unit: 'degrees' })) },
      'action: a name is used twice',
    ],
  ])('with %s is refused, and the message says where', (_, change, text) => {
    const problem = problemsOf(change)
    expect(problem).toContain('policy/bad-manifest')
    expect(problem).toContain(text)
  })
})
