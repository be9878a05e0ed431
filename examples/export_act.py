"""
Exports a trained LeRobot ACT policy as a folder that Foresight loads: policy.onnx with the normalisation inside, and manifest.json.

    python examples/export_act.py --checkpoint outputs/train/act/checkpoints/last/pretrained_model \
        --dataset ~/.cache/huggingface/lerobot/me/my_dataset --out ~/.foresight/policies/my-act

Runs where LeRobot runs (made with lerobot 0.4.4 and torch 2.13, which also wants `pip install onnx onnxscript`). The dataset is
the one it was trained on: its meta/info.json names the joints, the rate and the robot. See docs/onnx-policies.md.
"""
import argparse
import json
from pathlib import Path

import torch
from lerobot.configs.types import FeatureType
from lerobot.policies.act.modeling_act import ACTPolicy
from lerobot.processor import PolicyProcessorPipeline
from lerobot.processor.converters import policy_action_to_transition, transition_to_policy_action


class Affine(torch.nn.Module):
    """Every normalisation of LeRobot is affine, so its answers to 0 and 1 are all there is to know of it."""

    def __init__(self, zero: torch.Tensor, one: torch.Tensor):
        super().__init__()
        self.register_buffer("offset", zero)
        self.register_buffer("scale", one - zero)

    def forward(self, x):
        return x * self.scale + self.offset


class Exported(torch.nn.Module):
    """Raw state and pictures 0…1 in, a chunk of raw actions out."""

    def __init__(self, policy, before, after):
        super().__init__()
        self.policy = policy
        self.keys = list(policy.config.input_features)
        shapes = {key: policy.config.input_features[key].shape for key in self.keys}
        answers = [before({key: torch.full(shape, float(value)) for key, shape in shapes.items()}) for value in (0, 1)]
        self.before = torch.nn.ModuleList(Affine(answers[0][key], answers[1][key]) for key in self.keys)
        width = policy.config.action_feature.shape[0]
        self.after = Affine(after(torch.zeros(1, 1, width)), after(torch.ones(1, 1, width)))

    def forward(self, *inputs):
        batch = {key: affine(x) for key, affine, x in zip(self.keys, self.before, inputs)}
        return self.after(self.policy.predict_action_chunk(batch))


def unit_of(name, arguments):
    return arguments.gripper_unit if "gripper" in name else arguments.joint_unit


def channels(info, key, arguments):
    names = info["features"][key]["names"]
    if not isinstance(names, list):
        raise SystemExit(f"meta/info.json does not name the numbers of {key}")
    return [{"name": name, "unit": unit_of(name, arguments)} for name in names]


def manifest_of(policy, info, arguments):
    config = policy.config
    inputs, cameras = [], []
    for key, feature in config.input_features.items():
        if feature.type is FeatureType.VISUAL:
            _, height, width = feature.shape
            cameras.append({"name": key.removeprefix("observation.images."), "width": width, "height": height})
        elif key != "observation.state":
            raise SystemExit(f"the policy wants {key}, which no rig has")
        inputs.append({"source": key, "tensor": key, "shape": [1, *feature.shape]})
    action = channels(info, "action", arguments)
    return {
        "format": "foresight-policy/1",
        "name": arguments.name or arguments.out.name,
        "kind": "onnx",
        "description": f"ACT of LeRobot, {config.vision_backbone}, chunks of {config.chunk_size}",
        "learned": True,
        "model": "policy.onnx",
        "robotType": info.get("robot_type"),
        "cameras": cameras,
        "state": channels(info, "observation.state", arguments),
        "action": action,
        "fps": info["fps"],
        "chunkLength": config.chunk_size,
        "extras": [],
        "inputs": inputs,
        "output": {"tensor": "action", "shape": [1, config.chunk_size, len(action)]},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True, help="the folder pretrained_model")
    parser.add_argument("--dataset", type=Path, required=True, help="the LeRobot dataset it was trained on")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--name", help="shown in lists; the folder's name without it")
    parser.add_argument("--joint-unit", default="degrees", choices=["degrees", "range_m100_100", "radians"])
    parser.add_argument("--gripper-unit", default="range_0_100", choices=["range_0_100", "range_0_1"])
    arguments = parser.parse_args()

    policy = ACTPolicy.from_pretrained(arguments.checkpoint).to("cpu").eval()
    overrides = {"device_processor": {"device": "cpu"}}
    before = PolicyProcessorPipeline.from_pretrained(
        arguments.checkpoint, config_filename="policy_preprocessor.json", overrides=overrides
    )
    after = PolicyProcessorPipeline.from_pretrained(
        arguments.checkpoint,
        config_filename="policy_postprocessor.json",
        to_transition=policy_action_to_transition,
        to_output=transition_to_policy_action,
    )
    info = json.loads((arguments.dataset / "meta" / "info.json").read_text())
    manifest = manifest_of(policy, info, arguments)
    with torch.no_grad():
        exported = Exported(policy, before, after).eval()
        example = tuple(torch.rand(1, *feature.shape) for feature in policy.config.input_features.values())
        arguments.out.mkdir(parents=True, exist_ok=True)
        torch.onnx.export(
            exported,
            example,
            str(arguments.out / "policy.onnx"),
            input_names=exported.keys,
            output_names=["action"],
            opset_version=18,
            dynamo=True,
            external_data=False,
        )
    (arguments.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{arguments.out}: {len(manifest['cameras'])} cameras, chunks of {manifest['chunkLength']}")


if __name__ == "__main__":
    main()
