"""LeRobot judges datasets that Foresight wrote. One JSON line per check: {"title", "status", "detail"}.

judge.py load DATASET EXPECT …          every value and every picture is what our own reader says
judge.py open DATASET                   it loads and every picture decodes
judge.py resume DATASET EXPECT          LeRobot adds an episode of its own; EXPECT is completed
judge.py merge DATASET EXPECT FOLDER    merges ours with LeRobot's own recording, in both orders
judge.py delete DATASET EXPECT FOLDER   LeRobot deletes the first episode of ours
"""

import json
import shutil
import sys
import traceback
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet as parquet
from lerobot.datasets.aggregate import aggregate_datasets
from lerobot.datasets.dataset_tools import delete_episodes
from lerobot.datasets.lerobot_dataset import LeRobotDataset
from pictures import draw, identify

OWN_SOURCE = 100  # episodes that LeRobot recorded here carry this number in their pictures


def report(title, problem=None):
    line = {"title": title, "status": "failed" if problem else "passed", "detail": problem or ""}
    print(json.dumps(line), flush=True)


def check(title):
    def run(action):
        try:
            report(title, action())
        except Exception as error:  # noqa: BLE001 - any failure of LeRobot is the verdict
            traceback.print_exc()
            cause = error.__context__
            report(title, f"{type(error).__name__}: {error}" + (f" (after {cause!r})" if cause else ""))

    return run


def compare(dataset, episodes, pictures=True):
    """None, or what differs first. Every row, every column, every picture of every camera."""
    if dataset.num_episodes != len(episodes):
        return f"{dataset.num_episodes} episodes, {len(episodes)} expected"
    if len(dataset) != sum(e["length"] for e in episodes):
        return f"{len(dataset)} frames"
    cameras = dataset.meta.camera_keys
    position = 0
    for number, episode in enumerate(episodes):
        for frame in range(episode["length"]):
            item = dataset[position] if pictures else dataset.hf_dataset[position]
            for name, column in episode["columns"].items():
                width = column["width"]
                want = np.array(column["values"][frame * width : (frame + 1) * width])
                got = np.atleast_1d(item[name].numpy()).astype(np.float64)
                if got.shape != want.shape or not np.array_equal(got, want):
                    return f"episode {number} frame {frame} {name}: {got} is not {want}"
            if pictures:
                if item["task"] not in episode["tasks"]:
                    return f"episode {number} has task {item['task']!r}"
                for camera, key in enumerate(cameras):
                    shown = identify(item[key])
                    if shown != (camera, episode["source"], frame):
                        return f"episode {number} frame {frame} {key} shows {shown}"
            position += 1
    return None


def statistics_problem(dataset, episodes):
    for name in episodes[0]["columns"]:
        width = episodes[0]["columns"][name]["width"]
        values = np.concatenate([np.array(e["columns"][name]["values"]).reshape(-1, width) for e in episodes])
        stats = dataset.meta.stats[name]
        scale = 1e-6 * np.abs(values).max() + 1e-9
        bins = (values.max() - values.min()) / 1000 + 1e-9  # LeRobot's own quantiles come from 5000 bins
        for statistic, want in (
            ("min", values.min(0)),
            ("max", values.max(0)),
            ("mean", values.mean(0)),
            ("count", np.array([len(values)])),
        ):
            if not np.allclose(stats[statistic], want, atol=scale, rtol=0):
                return f"{name} {statistic}: {stats[statistic]} is not {want}"
        if not np.allclose(np.square(stats["std"]), values.var(0), atol=1e-6 * np.square(values).max() + 1e-9, rtol=1e-6):
            return f"{name} std: {stats['std']} is not {values.std(0)}"
        if name in ("episode_index", "task_index"):
            continue  # a handful of steps: no quantile of parts tells the quantile of the whole
        spread = np.sort(values, axis=0)
        for quantile in ("q01", "q10", "q50", "q90", "q99"):
            level = int(quantile[1:]) / 100
            low = spread[max(0, int(len(values) * (level - 0.08)))]
            high = spread[min(len(values) - 1, int(len(values) * (level + 0.08)) + 1)]
            if np.any(stats[quantile] < low - bins) or np.any(stats[quantile] > high + bins):
                return f"{name} {quantile}: {stats[quantile]} is outside {low}…{high}"
    for key in dataset.meta.camera_keys:
        for statistic, value in dataset.meta.stats[key].items():
            if statistic != "count" and np.shape(value) != (3, 1, 1):
                return f"{key} {statistic} has shape {np.shape(value)}"
    return None


def load(*pairs):
    for root, expect in zip(pairs[::2], pairs[1::2], strict=True):
        load_one(root, expect)


def load_one(root, expect):
    episodes = json.loads(Path(expect).read_text())["episodes"]
    name = Path(root).name
    loaded = []
    check(f"{name}: LeRobot loads it")(lambda: loaded.append(LeRobotDataset("any/name", root=root)))
    if not loaded:
        return
    check(f"{name}: every value and every picture is the one recorded")(lambda: compare(loaded[0], episodes))
    check(f"{name}: statistics")(lambda: statistics_problem(loaded[0], episodes))


def open_any(root):
    """A dataset of which nothing is known: it loads, and every picture of every camera decodes."""

    def act():
        dataset = LeRobotDataset("any/name", root=root)
        for position in range(len(dataset)):
            item = dataset[position]
            for key in dataset.meta.camera_keys:
                if list(item[key].shape[1:]) != list(dataset.meta.features[key]["shape"])[:2]:
                    return f"frame {position} {key} has shape {tuple(item[key].shape)}"
        return None

    check(f"{Path(root).name}: loads, and every frame of every camera decodes")(act)


NEW_API = hasattr(LeRobotDataset, "resume")  # 0.6


def h264():
    if not NEW_API:
        return {"vcodec": "h264"}
    from lerobot.configs import RGBEncoderConfig

    return {"rgb_encoder": RGBEncoderConfig(vcodec="h264")}


def reopen(root):
    return LeRobotDataset.resume("any/name", root=root, **h264()) if NEW_API else LeRobotDataset("any/name", root=root, **h264())


def own_frame(features, episode, frame, length):
    """One frame of a recording by LeRobot with the same features."""
    values = {}
    camera = 0
    for key, feature in features.items():
        shape = tuple(feature["shape"])
        if feature["dtype"] == "video":
            values[key] = draw(shape[0], shape[1], camera, OWN_SOURCE + episode, frame)
            camera += 1
        elif key not in ("timestamp", "frame_index", "episode_index", "index", "task_index"):
            value = np.full(shape, frame % 2 if feature["dtype"] == "bool" else frame)
            values[key] = value.astype(feature["dtype"])
    return values


def record_own(dataset, features, episodes, length, task):
    """Records, and gives what `compare` expects of it."""
    expected = []
    for episode in range(episodes):
        frames = [own_frame(features, episode, k, length) for k in range(length)]
        for frame in frames:
            dataset.add_frame({**frame, "task": task})
        dataset.save_episode()
        columns = {
            key: {"width": int(np.prod(frames[0][key].shape)), "values": np.stack([f[key] for f in frames]).astype(float).ravel().tolist()}
            for key in frames[0]
            if features[key]["dtype"] != "video"
        }
        expected.append({"source": OWN_SOURCE + episode, "length": length, "tasks": [task], "columns": columns})
    dataset.finalize()
    return expected


def resume(root, expect):
    document = json.loads(Path(expect).read_text())

    def act():
        dataset = reopen(root)
        document["episodes"] += record_own(dataset, dataset.meta.features, 1, 12, "Close the drawer")
        Path(expect).write_text(json.dumps(document))

    check(f"{Path(root).name}: LeRobot adds an episode to it")(act)
    for episode in document["episodes"]:
        for name in ("timestamp", "frame_index", "episode_index", "index", "task_index"):
            episode["columns"].pop(name, None)
    check(f"{Path(root).name}: with LeRobot's episode, every value and picture")(
        lambda: compare(LeRobotDataset("any/name", root=root), document["episodes"])
    )


def make_flag_extremes_numbers(root):
    """LeRobot 0.4 writes the minimum of a flag as a flag, 0.6 and we as a number; neither can merge the two."""
    for path in (root / "meta/episodes").rglob("*.parquet"):
        table = parquet.read_table(path)
        for number, field in enumerate(table.schema):
            if field.type == pyarrow.list_(pyarrow.bool_()):
                values = [None if v is None else [float(x) for x in v] for v in table.column(number).to_pylist()]
                table = table.set_column(number, field.name, pyarrow.array(values, pyarrow.list_(pyarrow.float64())))
        parquet.write_table(table, path)


def merge(root, expect, folder):
    ours = json.loads(Path(expect).read_text())["episodes"]
    for episode in ours:
        for name in ("timestamp", "frame_index", "episode_index", "index", "task_index"):
            episode["columns"].pop(name, None)
    info = json.loads((Path(root) / "meta/info.json").read_text())
    theirs_root = Path(folder) / "theirs"
    features = {k: {**v, "shape": tuple(v["shape"])} for k, v in info["features"].items() if k not in ("timestamp", "frame_index", "episode_index", "index", "task_index")}
    theirs = LeRobotDataset.create("any/theirs", fps=info["fps"], features=features, root=theirs_root, robot_type=info["robot_type"], **h264())
    expected = record_own(theirs, features, 2, 10, "Put the cube in the bin")
    # LeRobot 0.4 wants the notes about the encoder to be equal too, which no two recorders have.
    if not NEW_API:
        document = json.loads((theirs_root / "meta/info.json").read_text())
        document["features"] = info["features"]
        (theirs_root / "meta/info.json").write_text(json.dumps(document))
        make_flag_extremes_numbers(theirs_root)
    for order, names in (("ours first", ("ours", "theirs")), ("LeRobot's first", ("theirs", "ours"))):
        roots = {"ours": Path(root), "theirs": theirs_root}
        wanted = {"ours": ours, "theirs": expected}
        target = Path(folder) / f"merged-{names[0]}"

        def act(names=names, target=target, roots=roots, wanted=wanted):
            aggregate_datasets([f"any/{n}" for n in names], "any/merged", roots=[roots[n] for n in names], aggr_root=target)
            return compare(LeRobotDataset("any/merged", root=target), [e for n in names for e in wanted[n]])

        check(f"{Path(root).name}: LeRobot merges it with its own recording, {order}")(act)


def delete(root, expect, folder):
    episodes = json.loads(Path(expect).read_text())["episodes"][1:]
    for episode in episodes:
        for name in ("episode_index", "index", "task_index"):
            episode["columns"].pop(name, None)

    def act():
        target = Path(folder) / "deleted"
        shutil.rmtree(target, ignore_errors=True)
        delete_episodes(LeRobotDataset("any/name", root=root), [0], output_dir=target, repo_id="any/deleted")
        return compare(LeRobotDataset("any/deleted", root=target), episodes)

    check(f"{Path(root).name}: LeRobot deletes an episode of it")(act)


if __name__ == "__main__":
    {"load": load, "open": open_any, "resume": resume, "merge": merge, "delete": delete}[sys.argv[1]](*sys.argv[2:])
