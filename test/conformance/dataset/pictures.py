"""Pictures that say which one they are: 20 grey blocks along the top, most significant first (camera 3 bits, episode 7, frame 10)."""

import numpy as np

BITS = 20
STRIP = 8


def block_edges(width: int) -> np.ndarray:
    return np.round(np.linspace(0, width, BITS + 1)).astype(int)


def draw(height: int, width: int, camera: int, episode: int, frame: int) -> np.ndarray:
    shade = np.linspace(40, 200, width, dtype=np.float32)[None, :, None]
    tint = np.array([1.0, 0.8 - 0.1 * camera, 0.6], dtype=np.float32)
    image = np.broadcast_to(shade * tint, (height, width, 3)).astype(np.uint8).copy()
    code = camera << 17 | episode << 10 | frame
    edges = block_edges(width)
    for bit in range(BITS):
        image[:STRIP, edges[bit] : edges[bit + 1]] = 255 * (code >> (BITS - 1 - bit) & 1)
    return image


def identify(chw) -> tuple[int, int, int]:
    """(camera, episode, frame) of a decoded picture, float 0…1, channels first."""
    strip = chw[:, STRIP // 2 - 1 : STRIP // 2 + 1].mean(dim=(0, 1)).numpy()
    edges = block_edges(chw.shape[2])
    code = 0
    for bit in range(BITS):
        code = code << 1 | int(strip[(edges[bit] + edges[bit + 1]) // 2] > 0.5)
    return code >> 17, code >> 10 & 127, code & 1023
