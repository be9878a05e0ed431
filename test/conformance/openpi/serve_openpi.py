"""
An openpi server: its protocol on top of openpi-client's own BasePolicy and packer (the server class itself is not on PyPI).
Serves the echo policy under LIBERO's keys; what arrives is checked against openpi's own image tools. Prints its port, then checks.
"""
import sys
import time
import traceback

import numpy as np
from echo import CHUNK, WIDTH, check
from openpi_client import base_policy, image_tools, msgpack_numpy
import websockets.sync.server

# The picture that ask-server.ts shows: sample i of [48, 64, 3] is i·7 mod 251.
picture = (np.arange(48 * 64 * 3) * 7 % 251).astype(np.uint8).reshape(48, 64, 3)


class Policy(base_policy.BasePolicy):
    asked = 0

    def infer(self, obs):
        self.asked += 1
        if self.asked > 2:  # the first two warm up with neutral input
            shown = obs["observation/image"]
            wanted = image_tools.resize_with_pad(picture, 224, 224)
            check("our pictures are byte for byte those of openpi's image tools", np.array_equal(shown, wanted), shown.shape)
            check("our state is float32 of the contract's order",
                  obs["observation/state"].dtype == np.float32
                  and np.array_equal(obs["observation/state"], np.float32([0.1, 0.2, 0.3, 0.4])), obs["observation/state"])
            check("our prompt is a text", obs["prompt"] == "put the bowl 在盘子上", obs["prompt"])
        if self.asked == 4:
            raise ValueError("no such bowl")
        return {"actions": obs["observation/state"] + np.arange(CHUNK)[:, None] / 100.0, "state": obs["observation/state"]}


policy = Policy()
assert WIDTH == 4


def handle(socket):
    packer = msgpack_numpy.Packer()
    check("our key comes in openpi's header", socket.request.headers["Authorization"] == "Api-Key sesame")
    socket.send(packer.pack({"reset_pose": [0, -1.5]}))
    while True:
        observation = msgpack_numpy.unpackb(socket.recv())
        start = time.monotonic()
        try:
            action = policy.infer(observation)
        except Exception:
            socket.send(traceback.format_exc())
            socket.close(1011, "Internal server error. Traceback included in previous frame.")
            raise
        action["server_timing"] = {"infer_ms": (time.monotonic() - start) * 1000}
        socket.send(packer.pack(action))


def quiet(socket):
    try:
        handle(socket)
    except Exception:
        pass


with websockets.sync.server.serve(quiet, "127.0.0.1", 0, compression=None, max_size=None) as server:
    print(f"port {server.socket.getsockname()[1]}", flush=True)
    sys.stdout.reconfigure(line_buffering=True)
    server.serve_forever()
