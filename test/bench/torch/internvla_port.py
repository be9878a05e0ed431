"""InternVLA-A1-3B in PyTorch, written from spec/internvla-a1.md, for timing against our graph.

The computation is the plain one of the official policy: nothing folded, padding kept, the state token in every step, the
DeepStack branch computed and dropped (spec §1.4), attention of the text stacks and of Cosmos as the spec writes it
(§1.5, §3). All three views are present. Weights are widened to float32 on reading.
"""

import math

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

EXPERTS = "model.qwen3_vl_with_expert."
VIEWS, FRAMES, TEXT, GRID, IMAGE_TOKENS, FRAME_TOKENS = 3, 2, 48, 16, 64, 16


def rms(x, weight, eps=1e-6):
    return F.rms_norm(x, (x.shape[-1],), weight, eps)


def attend(q, k, v, mask=None):
    """softmax(q·kᵀ / √width) · v, masked keys far below the others."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return torch.softmax(scores, dim=-1) @ v


def rotate(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-b, a), dim=-1) * sin


def tables(angles):
    both = torch.cat((angles, angles), dim=-1)
    return both.cos(), both.sin()


class Port(torch.nn.Module):
    def __init__(self, folder, dims):
        super().__init__()
        self.d = dims
        stored = load_file(f"{folder}/model.safetensors")
        self.w = {name: value.float() for name, value in stored.items() if value.is_floating_point()}
        self.prepare()

    def prepare(self):
        """What depends on no input: rotary tables and positions, the position table, times."""
        d = self.d
        half = d["head_dim"] // 2
        k = torch.arange(half, dtype=torch.float32)
        self.omega = (1.0 / d["rope_theta"] ** (2 * k / d["head_dim"])).bfloat16().float()
        _, heights, widths = d["mrope_section"]
        self.axes = torch.tensor(
            [1 if i % 3 == 1 and i < 3 * heights else 2 if i % 3 == 2 and i < 3 * widths else 0 for i in range(half)]
        )
        order = torch.arange(GRID * GRID).reshape(GRID // 2, 2, GRID // 2, 2).permute(0, 2, 1, 3).flatten()
        rows, columns = order // GRID, order % GRID
        quarter = d["vit_hidden"] // d["vit_heads"] // 4
        inv = (1.0 / 10000 ** (2 * torch.arange(quarter) / (2 * quarter))).bfloat16().float()
        angles = torch.cat((rows[:, None] * inv, columns[:, None] * inv), dim=-1)
        self.vision_rope = tables(angles)
        self.position_grid = self.interpolated(rows, columns)
        t, self.times = torch.tensor(1.0), []
        dt = torch.tensor(-1.0 / d["num_steps"])
        while t >= -dt / 2:
            self.times.append(t.item())
            t = t + dt
        self.dt = dt.item()
        self.time_rows = [self.time_embedding(t) for t in self.times]

    def interpolated(self, rows, columns):
        table = self.w[f"{EXPERTS}und_expert.model.visual.pos_embed.weight"]
        side = math.isqrt(self.d["vit_pos"])
        places = torch.linspace(0, side - 1, GRID)
        low = places.floor().long()
        high = (low + 1).clamp(max=side - 1)
        share = places - low
        at = lambda r, c: table[r * side + c]
        y, x = share[rows][:, None], share[columns][:, None]
        upper = (1 - x) * at(low[rows], low[columns]) + x * at(low[rows], high[columns])
        lower = (1 - x) * at(high[rows], low[columns]) + x * at(high[rows], high[columns])
        return (1 - y) * upper + y * lower

    def time_embedding(self, t):
        f = torch.linspace(0, 1, self.d["exp_hidden"] // 2, dtype=torch.float64)
        angle = 2 * math.pi * t / (0.004 * 1000.0**f)
        return torch.cat((angle.sin(), angle.cos())).float()

    def lin(self, x, name):
        return F.linear(x, self.w[f"{name}.weight"], self.w.get(f"{name}.bias"))

    # Vision tower

    def vision(self, images):
        d, at = self.d, f"{EXPERTS}und_expert.model.visual"
        big = F.interpolate(images, (256, 256), mode="bicubic", antialias=True, align_corners=False)
        pixels = (big - 0.5) / 0.5
        cut = pixels.reshape(VIEWS, 3, 8, 2, 16, 8, 2, 16).permute(0, 2, 5, 3, 6, 1, 4, 7)
        patches = cut.reshape(VIEWS * 256, 3, 1, 16, 16).expand(-1, -1, 2, -1, -1)
        kernel = self.w[f"{at}.patch_embed.proj.weight"]
        x = F.linear(patches.reshape(VIEWS * 256, -1), kernel.flatten(1), self.w[f"{at}.patch_embed.proj.bias"])
        x = x.reshape(VIEWS, 256, -1) + self.position_grid
        self.dropped = []
        for i in range(d["vit_depth"]):
            x = self.vision_block(x, f"{at}.blocks.{i}")
            if i in d["vit_deepstack"]:
                self.dropped.append(self.deepstack(x, f"{at}.deepstack_merger_list.{d['vit_deepstack'].index(i)}"))
        x = self.layer_norm(x, f"{at}.merger.norm").reshape(VIEWS * IMAGE_TOKENS, -1)
        return self.lin(F.gelu(self.lin(x, f"{at}.merger.linear_fc1")), f"{at}.merger.linear_fc2")

    def deepstack(self, x, at):
        """What the official tower returns besides its tokens and nobody reads."""
        wide = self.layer_norm(x.reshape(VIEWS * IMAGE_TOKENS, -1), f"{at}.norm")
        return self.lin(F.gelu(self.lin(wide, f"{at}.linear_fc1")), f"{at}.linear_fc2")

    def layer_norm(self, x, name, eps=1e-6):
        return F.layer_norm(x, (x.shape[-1],), self.w[f"{name}.weight"], self.w[f"{name}.bias"], eps)

    def vision_block(self, x, at):
        heads = self.d["vit_heads"]
        joined = self.lin(self.layer_norm(x, f"{at}.norm1"), f"{at}.attn.qkv")
        q, k, v = joined.reshape(VIEWS, 256, 3, heads, -1).permute(2, 0, 3, 1, 4)
        q, k = rotate(q, *self.vision_rope), rotate(k, *self.vision_rope)
        seen = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape)
        x = x + self.lin(seen, f"{at}.attn.proj")
        inner = F.gelu(self.lin(self.layer_norm(x, f"{at}.norm2"), f"{at}.mlp.linear_fc1"), approximate="tanh")
        return x + self.lin(inner, f"{at}.mlp.linear_fc2")

    # Text stacks

    def stack(self, x, path, rope, cache, mask):
        """Keys of every layer, those of the cache before them; and the normalised output."""
        d, joined = self.d, []
        for i in range(d["layers"]):
            at = f"{path}.layers.{i}"
            h = rms(x, self.w[f"{at}.input_layernorm.weight"])
            part = lambda name, heads: self.lin(h, f"{at}.self_attn.{name}_proj").reshape(-1, heads, d["head_dim"])
            q = rms(part("q", d["heads"]), self.w[f"{at}.self_attn.q_norm.weight"]).transpose(0, 1)
            k = rms(part("k", d["kv_heads"]), self.w[f"{at}.self_attn.k_norm.weight"]).transpose(0, 1)
            v = part("v", d["kv_heads"]).transpose(0, 1)
            q, k = rotate(q, *rope), rotate(k, *rope)
            if cache is not None:
                k, v = torch.cat((cache[i][0], k), dim=1), torch.cat((cache[i][1], v), dim=1)
            joined.append((k, v))
            times = d["heads"] // d["kv_heads"]
            wide = lambda y: y.repeat_interleave(times, dim=0)[None]
            seen = attend(q[None], wide(k), wide(v), mask)[0]
            x = x + self.lin(seen.transpose(0, 1).flatten(1), f"{at}.self_attn.o_proj")
            r = rms(x, self.w[f"{at}.post_attention_layernorm.weight"])
            inner = F.silu(self.lin(r, f"{at}.mlp.gate_proj")) * self.lin(r, f"{at}.mlp.up_proj")
            x = x + self.lin(inner, f"{at}.mlp.down_proj")
        return joined, rms(x, self.w[f"{path}.norm.weight"])

    def text_rope(self, positions):
        return tables(positions[:, None].float() * self.omega)

    # Cosmos

    def conv(self, x, name, **options):
        return F.conv2d(x, self.w[f"{name}.weight"], self.w[f"{name}.bias"], **options)

    def norm_silu(self, x, name):
        return F.silu(F.group_norm(x, 32, self.w[f"{name}.weight"], self.w[f"{name}.bias"], 1e-6))

    def residual(self, x, at):
        h = self.conv(self.norm_silu(x, f"{at}.norm1"), f"{at}.conv1", padding=1)
        h = self.conv(self.norm_silu(h, f"{at}.norm2"), f"{at}.conv2", padding=1)
        kept = self.conv(x, f"{at}.nin_shortcut") if f"{at}.nin_shortcut.weight" in self.w else x
        return kept + h

    def haar(self, x):
        a, b = x[..., 0::2, 0::2], x[..., 0::2, 1::2]
        c, d = x[..., 1::2, 0::2], x[..., 1::2, 1::2]
        return torch.cat((a + b + c + d, a + b - c - d, a - b + c - d, a - b - c + d), dim=1) / 4

    def encode(self, images):
        at = "model.cosmos._enc_model.encoder"
        big = F.interpolate(images, (256, 256), mode="bilinear", align_corners=False)
        x = self.conv(self.haar(self.haar(2 * big - 1)), f"{at}.conv_in", padding=1)
        for level in range(3):
            for index in range(self.d["cosmos_res_blocks"]):
                x = self.residual(x, f"{at}.down.{level}.block.{index}")
            if level == 0:
                x = self.conv(F.pad(x, (0, 1, 0, 1)), f"{at}.down.0.downsample.conv", stride=2)
        x = self.residual(x, f"{at}.mid.block_1")
        name = f"{at}.mid.attn_1"
        h = F.group_norm(x, 32, self.w[f"{name}.norm.weight"], self.w[f"{name}.norm.bias"], 1e-6)
        q, k, v = (self.conv(h, f"{name}.{part}").flatten(2).transpose(1, 2)[:, None] for part in "qkv")
        seen = attend(q, k, v)[:, 0].transpose(1, 2).reshape(x.shape)
        x = self.residual(x + self.conv(seen, f"{name}.proj_out"), f"{at}.mid.block_2")
        x = self.conv(self.norm_silu(x, f"{at}.norm_out"), f"{at}.conv_out", padding=1)
        return self.conv(x, "model.cosmos._enc_model.quant_conv")

    # The policy

    def prefix(self, images, ids):
        embedding = self.w[f"{EXPERTS}und_expert.lm_head.weight"]
        rows = self.vision(images[:, 1]).reshape(VIEWS, IMAGE_TOKENS, -1)
        marks = lambda name: embedding[self.d[name]].expand(VIEWS, 1, -1)
        views = torch.cat((marks("vision_start_token_id"), rows, marks("vision_end_token_id")), dim=1)
        return torch.cat((views.flatten(0, 1), embedding[ids]), dim=0)

    def positions(self, text_tokens):
        """Axes time, height, width of the prefix; and the first position after it."""
        inside = torch.arange(IMAGE_TOKENS)
        columns, p = [], 0
        for _ in range(VIEWS):
            columns.append(torch.full((3, 1), p))
            columns.append(torch.stack((torch.zeros_like(inside), inside // 8, inside % 8)) + p + 1)
            columns.append(torch.full((3, 1), p + 9))
            p += 10
        columns.append((torch.arange(text_tokens) + p).expand(3, -1))
        columns.append(torch.ones(3, TEXT - text_tokens, dtype=torch.long))
        return torch.cat(columns, dim=1), p + text_tokens

    def forward(self, images, ids, state, noise, prefix_rope, middle_rope, suffix_rope, valid):
        d = self.d
        embeds = self.prefix(images, ids)
        allow = valid[:, None] & valid[None]
        # A row that sees nothing would be NaN in some kernels; nobody reads it.
        allow = allow | ~valid[:, None]
        cache, _ = self.stack(embeds, f"{EXPERTS}und_expert.model.language_model", prefix_rope, None, allow)

        latents = self.encode(images.flatten(0, 1))
        tokens = self.conv(self.conv(latents, "model.cosmos_in_proj"), "model.downsample_conv", stride=8)
        middle = tokens.permute(0, 2, 3, 1).reshape(-1, d["exp_hidden"])
        after = torch.cat((valid, torch.ones(len(middle), dtype=torch.bool)))
        mask = after.expand(len(middle), -1)
        cache, _ = self.stack(middle, f"{EXPERTS}gen_expert", middle_rope, cache, mask)

        length = d["chunk"] + 1
        own = torch.ones(length, length, dtype=torch.bool)
        own[0, 1:] = False
        mask = torch.cat((after.expand(length, -1), own), dim=1)
        x, state_row = noise, self.lin(state, "model.state_proj")
        for row in self.time_rows:
            u = torch.cat((self.lin(x, "model.action_in_proj"), row.expand(d["chunk"], -1)), dim=1)
            u = self.lin(F.silu(self.lin(u, "model.action_time_mlp_in")), "model.action_time_mlp_out")
            suffix = torch.cat((state_row, u), dim=0)
            _, hidden = self.stack(suffix, f"{EXPERTS}act_expert", suffix_rope, cache, mask)
            x = x + self.dt * self.lin(hidden[1:], "model.action_out_proj")
        return x

    def call(self, images, ids, text_tokens, state, noise):
        """Arguments of `forward`: positions, angles and masks of a call."""
        axes, start = self.positions(text_tokens)
        angles = axes[self.axes].T.float() * self.omega
        middle = torch.arange(VIEWS * FRAMES * FRAME_TOKENS) + start
        suffix = torch.arange(self.d["chunk"] + 1) + start + len(middle)
        valid = torch.ones(axes.shape[1], dtype=torch.bool)
        valid[len(valid) - TEXT + text_tokens :] = False
        return (
            images, ids, state, noise, tables(angles), self.text_rope(middle), self.text_rope(suffix), valid,
        )
