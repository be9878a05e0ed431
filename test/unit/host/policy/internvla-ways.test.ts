import { describe, expect, it } from 'vitest'
import { fail } from '#core/result.ts'
import type { Precision } from '#contract/services/policy.ts'
import type { SourceOffer } from '#host/policy/internvla/internvla-description.ts'
import { waysOf } from '#host/policy/internvla/open-internvla-policy.ts'

const offer = (precision: Precision, needsConversion = false): SourceOffer => ({
  precision,
  memoryBytes: null,
  needsConversion,
  open: async () => fail('policy/load-failed', 'never opened here'),
})
const all = (['int4', 'int8', 'fp16', 'fp32'] as const).map((precision) => offer(precision))
const names = (offers: readonly SourceOffer[]) => offers.map(({ precision }) => precision)

describe('in which form a model is computed', () => {
  it('is the exact one on a CPU, and the smaller ones only after it', () => {
    expect(names(waysOf('auto', all, 'cpu', false))).toEqual(['fp32', 'fp16', 'int8', 'int4'])
  })

  it('is half floats on a graphics card, where every matrix is read again and again', () => {
    expect(names(waysOf('auto', all, 'cuda', false))).toEqual(['fp16', 'fp32'])
    expect(names(waysOf('auto', all, 'webgpu', false))).toEqual(['fp16', 'fp32'])
  })

  it('is the exact one on a software renderer, which has no half floats', () => {
    expect(names(waysOf('auto', all, 'webgpu', true))[0]).toBe('fp32')
  })

  it('is never one that would have to be made first, unless a person asks for it', () => {
    const raw = [offer('fp32'), offer('fp16', true)]
    expect(names(waysOf('auto', raw, 'cuda', false))).toEqual(['fp32'])
    expect(names(waysOf('fp16', raw, 'cuda', false))).toEqual(['fp16'])
    expect(waysOf('int8', raw, 'cpu', false)).toEqual([])
  })
})
