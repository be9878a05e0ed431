/** What the reference data cannot show: our folds and additions equal the plain form, and an incomplete checkpoint is told from a complete one. */
import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { indexCheckpoint } from '#core/onnx/checkpoint-index.ts'
import type { SafetensorsEntry } from '#core/onnx/safetensors-header.ts'
import { eulerTimes } from '#core/policy/internvla/flow-time.ts'
import { emitModel, type EmitOptions } from '#core/policy/internvla/emit-model.ts'
import { cacheNames } from '#core/policy/internvla/policy-graph.ts'
import { positionGrid } from '#core/policy/internvla/qwen-folds.ts'
import { isFullRoom, roomOf } from '#core/policy/internvla/sequence-room.ts'
import { guidanceStrength, rowWeights } from '#core/policy/internvla/rtc.ts'
import { visionAngles } from '#core/policy/internvla/patch-grid.ts'
import { largestDifference, loadGolden } from './golden.ts'
import { emitTiny, loadCase, openModel, openTiny, type TinyCase } from './tiny-model.ts'

const tensor = (data: Iterable<number>, shape: readonly number[]): Tensor =>
  new Tensor('float32', Float32Array.from(data), shape)

const only = (feeds: Record<string, Tensor>, names: readonly string[]): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(feeds).filter(([name]) => names.includes(name)))

const tiny3b = openTiny('tiny-3b')

describe.each([tiny3b, openTiny('tiny-2b')])('$name', (tiny) => {
  const { chunk, max_action_dim: width } = tiny.model.trunk.dims

  let hoisted: InferenceSession
  let plain: InferenceSession
  let given: TinyCase
  beforeAll(async () => {
    hoisted = await openModel(await emitTiny(tiny))
    plain = await openModel(await emitTiny(tiny, { isStateHoisted: false, isTraced: true }))
    given = await loadCase(tiny, 'two-views')
  })
  afterAll(async () => {
    await hoisted.release()
    await plain.release()
  })

  const actionsOf = async (
    session: InferenceSession,
    changes: Record<string, Tensor> = {},
  ): Promise<Float32Array> => {
    const { actions } = await session.run({ ...given.feeds, ...changes })
    return Float32Array.from(actions?.data as Float32Array)
  }

  describe('the state token’s keys, computed once', () => {
    it('give the actions of the plain form, and those of the official code', async () => {
      const golden = given.expected.get('actions.normalized').data
      expect(largestDifference(await actionsOf(hoisted), await actionsOf(plain))).toBeLessThan(1e-6)
      expect(largestDifference(await actionsOf(hoisted), golden)).toBeLessThan(2e-5)
    })
  })

  describe('the dialect of DirectML', () => {
    it('names none of the operators that DirectML lacks, and gives the same actions', async () => {
      const emitted = await emitTiny(tiny, { dialect: 'directml' })
      const text = Buffer.from(emitted.model).toString('latin1')
      for (const op of ['RMSNormalization', 'RotaryEmbedding', '\x22\x09Attention'])
        expect(text).not.toContain(op)
      expect(text).toContain('MultiHeadAttention')
      const session = await openModel(emitted)
      try {
        expect(largestDifference(await actionsOf(session), await actionsOf(hoisted))).toBeLessThan(1e-5)
      } finally {
        await session.release()
      }
    })
  })

  describe('real-time chunking', () => {
    const target = Float32Array.from({ length: chunk * width }, (_, index) => Math.sin(index))

    it('with all weights 0 is the plain sampler, whatever the target', async () => {
      const guided = await actionsOf(hoisted, { rtc_target: tensor(target, [chunk, width]) })
      expect(guided).toEqual(await actionsOf(hoisted))
    })

    it('draws weighted rows to the target and leaves the rest to the policy', async () => {
      const weights = rowWeights(chunk, 2, 4, 'linear')
      const guided = await actionsOf(hoisted, {
        rtc_target: tensor(target, [chunk, width]),
        rtc_weight: tensor(weights, [chunk, 1]),
      })
      const free = await actionsOf(hoisted)
      const distance = (from: Float32Array, row: number): number =>
        largestDifference(
          from.subarray(row * width, (row + 1) * width),
          target.subarray(row * width, (row + 1) * width),
        )
      expect(distance(guided, 0)).toBeLessThan(0.2 * distance(free, 0))
      expect(distance(guided, 1)).toBeLessThan(0.2 * distance(free, 1))
    })

    it('does in the graph what the formula says, step by step', async () => {
      const weights = rowWeights(chunk, 1, 4, 'exp')
      const outputs = await plain.run({
        ...given.feeds,
        rtc_target: tensor(target, [chunk, width]),
        rtc_weight: tensor(weights, [chunk, 1]),
      })
      const x = outputs['steps.x']?.data as Float32Array
      const v = outputs['steps.v']?.data as Float32Array
      const size = chunk * width
      const next = (step: number): Float32Array =>
        step === 9
          ? (outputs['actions']?.data as Float32Array)
          : x.subarray((step + 1) * size, (step + 2) * size)
      for (const [step, t] of eulerTimes(10).entries()) {
        const expected = Float32Array.from({ length: size }, (_, index) => {
          const [xt, vt] = [x[step * size + index] ?? 0, v[step * size + index] ?? 0]
          const error = ((target[index] ?? 0) - (xt - t * vt)) * (weights[Math.floor(index / width)] ?? 0)
          return xt - 0.1 * (vt - guidanceStrength(t) * error)
        })
        expect(largestDifference(next(step), expected)).toBeLessThan(1e-5)
      }
    })
  })

  describe('a missing view', () => {
    it('does not touch the actions, whatever its pixels and its padding text', async () => {
      const images = Float32Array.from(given.feeds['images']?.data as Float32Array)
      images.fill(0.3, (images.length / 3) * 2)
      const text = Float32Array.from(given.feeds['text_rows']?.data as Float32Array)
      text.fill(7, text.length - tiny.model.trunk.dims.und_hidden)
      const changed = await actionsOf(hoisted, {
        images: tensor(images, given.feeds['images']?.dims ?? []),
        text_rows: tensor(text, given.feeds['text_rows']?.dims ?? []),
      })
      expect(largestDifference(changed, await actionsOf(hoisted))).toBeLessThan(1e-6)
    })
  })

  describe('padding, taken out of the graph', () => {
    it('changes no action: neither a missing view’s tokens nor those after the instruction', async () => {
      const golden = given.expected.get('actions.normalized').data
      const { viewMask, textTokens } = given
      const room = roomOf(viewMask.lastIndexOf(true) + 1, textTokens)
      expect([room.views, isFullRoom(room)]).toEqual([2, false])
      const short = await openModel(await emitTiny(tiny, { room }))
      const { actions } = await short.run((await loadCase(tiny, 'two-views', room)).feeds)
      await short.release()
      expect(largestDifference(actions?.data as Float32Array, await actionsOf(hoisted))).toBeLessThan(1e-6)
      expect(largestDifference(actions?.data as Float32Array, golden)).toBeLessThan(2e-5)
    })

    it('changes no predicted picture of a view that is there', async () => {
      const room = roomOf(2, given.textTokens)
      const pictures = async (options: Partial<EmitOptions>, feeds: Record<string, Tensor>) => {
        const session = await openModel(await emitTiny(tiny, { ...options, hasForesight: true }))
        const { gen_hidden: hidden } = await session.run(feeds)
        await session.release()
        const decoder = await openModel(await emitTiny(tiny, { ...options, part: 'foresight' }))
        const { 'foresight.images': images } = await decoder.run({ hidden: hidden as Tensor })
        await decoder.release()
        return images as Tensor
      }
      const short = await pictures({ room }, (await loadCase(tiny, 'two-views', room)).feeds)
      const whole = await pictures({}, given.feeds)
      expect(short.dims).toEqual([2, 3, 256, 256])
      const shown = (whole.data as Float32Array).subarray(0, short.data.length)
      expect(largestDifference(short.data as Float32Array, shown)).toBeLessThan(1e-4)
    })
  })

  describe('the graph in two parts', () => {
    it('gives the actions of the whole, bit for bit or to rounding', async () => {
      const perceive = await openModel(await emitTiny(tiny, { part: 'perceive' }))
      const seen = await perceive.run(only(given.feeds, perceive.inputNames))
      await perceive.release()
      const act = await openModel(await emitTiny(tiny, { part: 'act' }))
      const { actions } = await act.run({ ...only(given.feeds, act.inputNames), ...seen })
      await act.release()
      expect(Object.keys(seen)).toContain(cacheNames(tiny.model.trunk.dims.layers - 1).v)
      expect(largestDifference(actions?.data as Float32Array, await actionsOf(hoisted))).toBeLessThan(1e-6)
    })
  })

  describe('predicted pictures', () => {
    it('are the same from a session of their own', async () => {
      const whole = await openModel(await emitTiny(tiny, { hasForesight: true }))
      const { gen_hidden: hidden } = await whole.run(given.feeds)
      await whole.release()
      if (hidden === undefined) throw new Error('no hidden')
      const decoder = await openModel(await emitTiny(tiny, { part: 'foresight' }))
      const pictures = await decoder.run({ hidden })
      await decoder.release()
      const traced = await openModel(await emitTiny(tiny, { hasForesight: true, isTraced: true }))
      const together = await traced.run(given.feeds)
      await traced.release()
      for (const name of ['foresight.latents', 'foresight.images']) {
        const [alone, joined] = [pictures[name]?.data, together[name]?.data]
        expect(largestDifference(alone as Float32Array, joined as Float32Array)).toBeLessThan(1e-5)
      }
    })
  })
})

describe('tables of the vision tower', () => {
  const units = loadGolden('units/expected.safetensors')

  it('are the official position grid and angles', () => {
    const table = Float32Array.from(units.get('vit.pos_table_probe_weights').data)
    expect(
      largestDifference(positionGrid(table, 2304, 3, 16, 2), units.get('vit.pos_table_probe_16x16').data),
    ).toBeLessThan(1e-5)
    expect(
      largestDifference(visionAngles(16, 2, 64, false), units.get('vit.rope_angles_16x16').data),
    ).toBeLessThan(1e-6)
    expect(
      largestDifference(visionAngles(16, 2, 64, true), units.get('vit_bf16.rope_angles_16x16').data),
    ).toBeLessThan(1e-6)
  })
})

describe('what the graph uses of a checkpoint', () => {
  const emitWith = async (
    change: (tensors: Map<string, SafetensorsEntry>) => unknown,
    options: Partial<EmitOptions> = {},
  ) => {
    const tensors = new Map<string, SafetensorsEntry>(tiny3b.checkpoint.tensors)
    change(tensors)
    const { tied } = tiny3b.model.trunk.modules
    const index = indexCheckpoint(new Map([['m.safetensors', { tensors, metadata: new Map() }]]), tied)
    if (!index.ok) throw new Error(index.error.message)
    return emitModel(tiny3b.model, await tiny3b.folds(), index.value, { part: 'mono', ...options })
  }

  it('leaves out what the official policy computes and drops, and the decoder unless it is wanted', async () => {
    const lean = (await emitTiny(tiny3b)).used
    expect([...lean].filter((name) => name.includes('deepstack'))).toEqual([])
    expect([...lean].filter((name) => name.includes('_dec_model'))).toEqual([])
    const full = (await emitTiny(tiny3b, { part: 'foresight' })).used
    expect([...full].some((name) => name.includes('_dec_model'))).toBe(true)
  })

  it('names every tensor that is missing, not only the first', async () => {
    const verdict = await emitWith((tensors) => {
      for (const name of tensors.keys())
        if (name.includes('gen_expert.layers.1.self_attn')) tensors.delete(name)
      tensors.delete('model.state_proj.bias')
    })
    expect(verdict).toMatchObject({ ok: false, error: { code: 'policy/checkpoint-incomplete' } })
    const missing = verdict.ok ? [] : verdict.error.data?.['missing']
    expect(missing).toContain('model.state_proj.bias')
    expect(missing).toContain('model.qwen3_vl_with_expert.gen_expert.layers.1.self_attn.k_proj.weight')
  })

  it('shows what there is of a checkpoint without a picture decoder and without what nobody reads', async () => {
    const spare =
      /_dec_model|upsample_conv|cosmos_out|und_expert\.model\.language_model\.norm|language_model\.layers\.1\.(?:mlp|post)/u
    const watched = { isTraced: true, hasForesight: true }
    const verdict = await emitWith((tensors) => {
      for (const name of tensors.keys()) if (spare.test(name)) tensors.delete(name)
    }, watched)
    const names = (model: Uint8Array): string => Buffer.from(model).toString('latin1')
    expect(verdict.ok && names(verdict.value.model)).toContain('prefix.layer.0.out')
    expect(verdict.ok && names(verdict.value.model)).not.toMatch(/foresight\.images|prefix\.hidden/u)
    expect(names((await emitTiny(tiny3b, watched)).model)).toMatch(/foresight\.images/u)
  })

  it('looks for the word embeddings too, which no graph refers to', async () => {
    const head = 'model.qwen3_vl_with_expert.und_expert.lm_head.weight'
    const gone = await emitWith((tensors) => tensors.delete(head))
    expect(gone).toMatchObject({ ok: false, error: { code: 'policy/checkpoint-incomplete' } })
    const narrow = await emitWith((tensors) => {
      const entry = tensors.get(head)
      if (entry !== undefined) tensors.set(head, { ...entry, shape: [832, 32] })
    })
    expect(!narrow.ok && narrow.error.message).toContain(
      'embed_tokens.weight is BF16 [832, 32], not a float of [416, 64]',
    )
  })

  it('refuses a tensor of another shape or of integers', async () => {
    for (const change of [{ shape: [31] }, { dtype: 'I32' as const }]) {
      const verdict = await emitWith((tensors) => {
        const entry = tensors.get('model.state_proj.bias')
        if (entry !== undefined) tensors.set('model.state_proj.bias', { ...entry, ...change })
      })
      expect(verdict).toMatchObject({ ok: false, error: { code: 'policy/checkpoint-damaged' } })
      expect(!verdict.ok && verdict.error.message).toContain('model.state_proj.bias')
    }
  })
})
