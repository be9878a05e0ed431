"""A tiny ACT policy of LeRobot with random weights, saved as training saves it, and what it answers to three observations."""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from lerobot.configs.types import FeatureType, NormalizationMode, PolicyFeature
from lerobot.policies.act.configuration_act import ACTConfig
from lerobot.policies.act.modeling_act import ACTPolicy
from lerobot.policies.act.processor_act import make_act_pre_post_processors

checkpoint, dataset, cases = (Path(argument) for argument in sys.argv[1:4])
torch.manual_seed(4)
names = ["shoulder_pan.pos", "shoulder_lift.pos", "elbow_flex.pos", "wrist_flex.pos", "wrist_roll.pos", "gripper.pos"]
width, chunk = len(names), 8
cameras = {"front": (3, 96, 128), "wrist": (3, 96, 128)}
config = ACTConfig(
    input_features={
        "observation.state": PolicyFeature(FeatureType.STATE, (width,)),
        **{f"observation.images.{name}": PolicyFeature(FeatureType.VISUAL, shape) for name, shape in cameras.items()},
    },
    output_features={"action": PolicyFeature(FeatureType.ACTION, (width,))},
    normalization_mapping={
        "VISUAL": NormalizationMode.MEAN_STD,
        "STATE": NormalizationMode.MIN_MAX if "--min-max" in sys.argv else NormalizationMode.MEAN_STD,
        "ACTION": NormalizationMode.MIN_MAX if "--min-max" in sys.argv else NormalizationMode.MEAN_STD,
    },
    chunk_size=chunk,
    n_action_steps=chunk,
    dim_model=32,
    n_heads=4,
    dim_feedforward=64,
    n_encoder_layers=2,
    n_vae_encoder_layers=1,
    latent_dim=8,
    pretrained_backbone_weights=None,
    device="cpu",
)
policy = ACTPolicy(config).eval()
with torch.no_grad():
    for parameter in policy.parameters():
        parameter.add_(0.02 * torch.randn_like(parameter))


def statistics(shape, scale):
    mean = scale * torch.randn(shape)
    spread = scale * (0.5 + torch.rand(shape))
    return {"mean": mean, "std": spread, "min": mean - 2 * spread, "max": mean + 2 * spread}


picture_statistics = {"mean": torch.tensor([0.48, 0.45, 0.41]).reshape(3, 1, 1), "std": torch.tensor([0.23, 0.22, 0.24]).reshape(3, 1, 1)}
stats = {
    "observation.state": statistics((width,), 20.0),
    "action": statistics((width,), 10.0),
    **{f"observation.images.{name}": picture_statistics for name in cameras},
}
before, after = make_act_pre_post_processors(config, stats)
for thing in (policy, before, after):
    thing.save_pretrained(checkpoint)

(dataset / "meta").mkdir(parents=True, exist_ok=True)
vector = {"dtype": "float32", "shape": [width], "names": names}
info = {"fps": 30, "robot_type": "so_follower", "features": {"action": vector, "observation.state": vector}}
(dataset / "meta" / "info.json").write_text(json.dumps(info))

generator = np.random.default_rng(7)
told = []
for _ in range(3):
    state = generator.uniform(-40, 40, width).astype(np.float32)
    pictures = {name: generator.integers(0, 256, (h, w, 3), dtype=np.uint8) for name, (_, h, w) in cameras.items()}
    batch = {"observation.state": torch.from_numpy(state)}
    for name, picture in pictures.items():
        batch[f"observation.images.{name}"] = torch.from_numpy(picture).permute(2, 0, 1).float() / 255
    with torch.no_grad():
        actions = after(policy.predict_action_chunk(before(batch)))[0]
    told.append(
        {
            "state": state.tolist(),
            "pictures": {name: picture.tobytes().hex() for name, picture in pictures.items()},
            "actions": actions.flatten().tolist(),
        }
    )
cases.write_text(json.dumps({"width": 128, "height": 96, "cases": told}))
