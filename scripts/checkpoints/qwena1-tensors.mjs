/** Names, shapes and dtypes of an InternVLA-A1-3B checkpoint (spec/internvla-a1.md §1.12, §3), for random-weight test checkpoints. */

/** @typedef {{ dtype: 'F32' | 'BF16' | 'I64', shape: number[], kind: 'matrix' | 'norm' | 'bias' | 'head' | 'constant' }} Spec */

/** Sizes as in `dims.json` of the reference data. */
export function* qwena1Tensors(d) {
  const experts = 'model.qwen3_vl_with_expert'
  const visual = `${experts}.und_expert.model.visual`
  const big = (shape) => ({ dtype: 'BF16', shape, kind: 'matrix' })
  const norm = (size, dtype = 'F32') => ({ dtype, shape: [size], kind: 'norm' })
  const bias = (size, dtype = 'BF16') => ({ dtype, shape: [size], kind: 'bias' })
  const pair = function* (name, out, rest, dtype = 'BF16') {
    yield [`${name}.weight`, { dtype, shape: [out, ...rest], kind: dtype === 'F32' ? 'head' : 'matrix' }]
    yield [`${name}.bias`, bias(out, dtype)]
  }
  yield* pair(`${visual}.patch_embed.proj`, d.vit_hidden, [3, 2, d.vit_patch, d.vit_patch])
  yield [`${visual}.pos_embed.weight`, big([d.vit_pos, d.vit_hidden])]
  for (let i = 0; i < d.vit_depth; i++) {
    const at = `${visual}.blocks.${i}`
    for (const name of ['norm1', 'norm2']) {
      yield [`${at}.${name}.weight`, norm(d.vit_hidden, 'BF16')]
      yield [`${at}.${name}.bias`, bias(d.vit_hidden)]
    }
    yield* pair(`${at}.attn.qkv`, 3 * d.vit_hidden, [d.vit_hidden])
    yield* pair(`${at}.attn.proj`, d.vit_hidden, [d.vit_hidden])
    yield* pair(`${at}.mlp.linear_fc1`, d.vit_inter, [d.vit_hidden])
    yield* pair(`${at}.mlp.linear_fc2`, d.vit_hidden, [d.vit_inter])
  }
  const wide = d.vit_hidden * d.vit_merge ** 2
  yield [`${visual}.merger.norm.weight`, norm(d.vit_hidden, 'BF16')]
  yield [`${visual}.merger.norm.bias`, bias(d.vit_hidden)]
  yield* pair(`${visual}.merger.linear_fc1`, wide, [wide])
  yield* pair(`${visual}.merger.linear_fc2`, d.und_hidden, [wide])
  for (let j = 0; j < 3; j++) {
    const at = `${visual}.deepstack_merger_list.${j}`
    yield [`${at}.norm.weight`, norm(wide, 'BF16')]
    yield [`${at}.norm.bias`, bias(wide)]
    yield* pair(`${at}.linear_fc1`, wide, [wide])
    yield* pair(`${at}.linear_fc2`, d.und_hidden, [wide])
  }
  yield [`${experts}.und_expert.lm_head.weight`, big([d.vocab, d.und_hidden])]
  const stack = function* (path, hidden, inter) {
    for (let i = 0; i < d.layers; i++) {
      const at = `${path}.layers.${i}`
      const q = d.heads * d.head_dim
      const kv = d.kv_heads * d.head_dim
      yield [`${at}.self_attn.q_proj.weight`, big([q, hidden])]
      yield [`${at}.self_attn.k_proj.weight`, big([kv, hidden])]
      yield [`${at}.self_attn.v_proj.weight`, big([kv, hidden])]
      yield [`${at}.self_attn.o_proj.weight`, big([hidden, q])]
      yield [`${at}.self_attn.q_norm.weight`, norm(d.head_dim, 'BF16')]
      yield [`${at}.self_attn.k_norm.weight`, norm(d.head_dim, 'BF16')]
      yield [`${at}.mlp.gate_proj.weight`, big([inter, hidden])]
      yield [`${at}.mlp.up_proj.weight`, big([inter, hidden])]
      yield [`${at}.mlp.down_proj.weight`, big([hidden, inter])]
      yield [`${at}.input_layernorm.weight`, norm(hidden)]
      yield [`${at}.post_attention_layernorm.weight`, norm(hidden)]
    }
  }
  yield* stack(`${experts}.und_expert.model.language_model`, d.und_hidden, d.und_inter)
  yield [`${experts}.und_expert.model.language_model.norm.weight`, norm(d.und_hidden)]
  for (const expert of ['gen_expert', 'act_expert']) {
    yield* stack(`${experts}.${expert}`, d.exp_hidden, d.exp_inter)
    yield [`${experts}.${expert}.norm.weight`, norm(d.exp_hidden, 'BF16')]
  }
  yield* pair('model.cosmos_in_proj', d.exp_hidden, [d.cosmos_latent, 1, 1], 'F32')
  for (const name of ['downsample_conv', 'upsample_conv']) {
    yield [
      `model.${name}.weight`,
      { dtype: 'F32', shape: [d.exp_hidden, d.exp_hidden, 8, 8], kind: 'matrix' },
    ]
    yield [`model.${name}.bias`, bias(d.exp_hidden, 'F32')]
  }
  yield ['model.cosmos_out_layer_norm.weight', norm(d.exp_hidden)]
  yield ['model.cosmos_out_layer_norm.bias', bias(d.exp_hidden, 'F32')]
  yield* pair('model.cosmos_out_proj', d.cosmos_latent, [d.exp_hidden], 'F32')
  yield* pair('model.state_proj', d.exp_hidden, [d.max_state_dim], 'F32')
  yield* pair('model.action_in_proj', d.exp_hidden, [d.max_action_dim], 'F32')
  yield* pair('model.action_time_mlp_in', d.exp_hidden, [2 * d.exp_hidden], 'F32')
  yield* pair('model.action_time_mlp_out', d.exp_hidden, [d.exp_hidden], 'F32')
  yield* pair('model.action_out_proj', d.max_action_dim, [d.exp_hidden], 'F32')
  yield* cosmosTensors(d)
}

function* cosmosTensors(d) {
  const conv = function* (name, out, from, kernel) {
    yield [`${name}.weight`, { dtype: 'BF16', shape: [out, from, kernel, kernel], kind: 'matrix' }]
    yield [`${name}.bias`, { dtype: 'BF16', shape: [out], kind: 'bias' }]
  }
  const norm = function* (name, size) {
    yield [`${name}.weight`, { dtype: 'BF16', shape: [size], kind: 'norm' }]
    yield [`${name}.bias`, { dtype: 'BF16', shape: [size], kind: 'bias' }]
  }
  const residual = function* (name, from, out) {
    yield* norm(`${name}.norm1`, from)
    yield* conv(`${name}.conv1`, out, from, 3)
    yield* norm(`${name}.norm2`, out)
    yield* conv(`${name}.conv2`, out, out, 3)
    if (from !== out) yield* conv(`${name}.nin_shortcut`, out, from, 1)
  }
  const middle = function* (name, size) {
    yield* residual(`${name}.block_1`, size, size)
    yield* norm(`${name}.attn_1.norm`, size)
    for (const part of ['q', 'k', 'v', 'proj_out']) yield* conv(`${name}.attn_1.${part}`, size, size, 1)
    yield* residual(`${name}.block_2`, size, size)
  }
  const widths = d.cosmos_mult.map((multiple) => d.cosmos_channels * multiple)
  const widest = widths.at(-1)
  const encoder = 'model.cosmos._enc_model'
  yield* conv(`${encoder}.encoder.conv_in`, d.cosmos_channels, 48, 3)
  let width = d.cosmos_channels
  for (const [level, out] of widths.entries()) {
    for (let block = 0; block < d.cosmos_res_blocks; block++) {
      yield* residual(`${encoder}.encoder.down.${level}.block.${block}`, width, out)
      width = out
    }
    if (level === 0) yield* conv(`${encoder}.encoder.down.0.downsample.conv`, out, out, 3)
  }
  yield* middle(`${encoder}.encoder.mid`, widest)
  yield* norm(`${encoder}.encoder.norm_out`, widest)
  yield* conv(`${encoder}.encoder.conv_out`, d.cosmos_latent, widest, 3)
  yield* conv(`${encoder}.quant_conv`, d.cosmos_latent, d.cosmos_latent, 1)
  yield [`${encoder}.encoder.patcher._arange`, { dtype: 'I64', shape: [2], kind: 'constant' }]
  yield [`${encoder}.encoder.patcher.wavelets`, { dtype: 'BF16', shape: [2], kind: 'norm' }]
  const decoder = 'model.cosmos._dec_model'
  yield* conv(`${decoder}.post_quant_conv`, d.cosmos_latent, d.cosmos_latent, 1)
  yield* conv(`${decoder}.decoder.conv_in`, widest, d.cosmos_latent, 3)
  yield* middle(`${decoder}.decoder.mid`, widest)
  width = widest
  for (let level = widths.length - 1; level >= 0; level--) {
    for (let block = 0; block <= d.cosmos_res_blocks; block++) {
      yield* residual(`${decoder}.decoder.up.${level}.block.${block}`, width, widths[level])
      width = widths[level]
    }
    if (level === widths.length - 1)
      yield* conv(`${decoder}.decoder.up.${level}.upsample.conv`, width, width, 3)
  }
  yield* norm(`${decoder}.decoder.norm_out`, width)
  yield* conv(`${decoder}.decoder.conv_out`, 48, width, 3)
}
