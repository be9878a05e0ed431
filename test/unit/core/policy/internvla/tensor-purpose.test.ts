import { describe, expect, it } from 'vitest'
import { missingTensors, purposeOf } from '#core/policy/internvla/tensor-purpose.ts'

const experts = 'model.qwen3_vl_with_expert'

describe('what a tensor is for', () => {
  it.each([
    [`${experts}.und_expert.model.visual.blocks.3.attn.qkv.weight`, 'seeing'],
    ['model.internvl_with_expert.und_expert.model.vision_model.encoder.layers.0.norm1.weight', 'seeing'],
    [`${experts}.und_expert.lm_head.weight`, 'reading the instruction'],
    [`${experts}.und_expert.model.language_model.layers.0.mlp.up_proj.weight`, 'understanding'],
    [`${experts}.gen_expert.norm.weight`, 'foreseeing'],
    [`${experts}.act_expert.layers.1.mlp.up_proj.weight`, 'acting'],
    ['model.cosmos_tokenizer._enc_model.quant_conv.bias', 'the picture encoder'],
    ['model.gen_in_proj.weight', 'pictures into tokens'],
    ['model.action_time_mlp_out.bias', 'noise and time'],
    ['model.action_out_proj.bias', 'the actions'],
    ['something.else', 'a part of the model'],
  ])('%s: %s', (name, purpose) => {
    expect(purposeOf(name)).toContain(purpose)
  })
})

describe('the fault of tensors that are missing', () => {
  it('groups them by purpose, names three of each and keeps them all', () => {
    const layers = Array.from(
      { length: 5 },
      (_, layer) => `${experts}.act_expert.layers.${layer}.mlp.up_proj.weight`,
    )
    const fault = missingTensors([...layers, 'model.state_proj.bias', 'model.state_proj.bias'])
    if (fault.ok) throw new Error('no fault')
    expect(fault.error.code).toBe('policy/checkpoint-incomplete')
    expect(fault.error.message).toContain(
      `${String(layers[2])} and 2 more; for the state of the arm: model.state_proj.bias`,
    )
    expect(fault.error.data?.['missing']).toEqual([...layers, 'model.state_proj.bias'])
  })
})
