"""What the policy of make-echo-policy.ts answers, computed by numpy; and how checks are told to check.mjs."""
import json

import numpy as np

CHUNK, WIDTH = 5, 4


told = set()


def check(title, is_right, detail=""):
    """A check that is met again and again is told once, unless it fails."""
    if is_right and title in told:
        return
    told.add(title)
    print(json.dumps({"title": title, "status": "passed" if is_right else "failed", "detail": "" if is_right else str(detail)}))


def pictures(seed):
    generator = np.random.default_rng(seed)
    return generator.integers(0, 256, (10, 12, 3), dtype=np.uint8), generator.integers(0, 256, (8, 8, 3), dtype=np.uint8)


def expected(state, head, wrist):
    row = np.asarray(state, dtype=np.float64)
    for picture in (head, wrist):
        planes = picture.transpose(2, 0, 1).astype(np.float64).ravel() / 255
        weights = np.sin(np.outer(np.arange(planes.size), np.arange(1, WIDTH + 1))) / planes.size
        row = row + planes @ weights
    return row[None] + 0.01 * np.arange(CHUNK)[:, None]


def distance(actions, state, head, wrist):
    return float(np.abs(np.asarray(actions, dtype=np.float64) - expected(state, head, wrist)).max())
