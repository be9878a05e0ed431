"""An InternVLA-A1 checkpoint behind `foresight serve-policy`: port, and the file with what it answers without a server."""
import json
import sys

import numpy as np
from echo import check
from openpi_client import websocket_client_policy

port = int(sys.argv[1])
told = json.load(open(sys.argv[2]))
wanted = np.asarray(told["actions"]).reshape(told["length"], told["width"])


def picture(slot, offset):
    return ((np.arange(48 * 64 * 3) * 7 + slot * 13 + offset) % 251).astype(np.uint8).reshape(48, 64, 3)


def observation(shown, **more):
    pictures = {f"observation/images/{name}": shown(slot) for slot, name in enumerate(told["cameras"])}
    return {**pictures, "observation/state": np.asarray(told["state"]), "prompt": "abc", **more}


def past(slot):
    return picture(slot, 100)


def present(slot):
    return picture(slot, 0)


def far(answer):
    return float(np.abs(answer["actions"] - wanted).max())


client = websocket_client_policy.WebsocketClientPolicy("127.0.0.1", port)
declared = client.get_server_metadata()["foresight"]
check("an InternVLA checkpoint says that it looks 15 ticks back", declared["historyTicks"] == 15, declared["historyTicks"])
pair = client.infer(observation(lambda slot: np.stack([past(slot), present(slot)])))
check("asked with pairs it answers as without a server", far(pair) < 1e-6, far(pair))
check("the seed of the noise comes with the chunk", pair.get("seed") == 11, pair.get("seed"))

client.infer({"reset": True})
client.infer(observation(past, step=0))
client.infer(observation(lambda slot: picture(slot, 200), step=10))
later = client.infer(observation(present, step=16))
check("asked by the client's own ticks it finds the same past picture", far(later) < 1e-6, far(later))

first = client.infer(observation(present, reset=True))
same = client.infer(observation(lambda slot: np.stack([present(slot)] * 2)))
check("after a reset the present stands for the past", np.array_equal(first["actions"], same["actions"]))
check("the past picture matters", far(first) > 1e-6, far(first))

slots = observation(present, reset=True)
slots[f"observation/images/{told['cameras'][1]}"] = None
check("a view may be missing", np.isfinite(client.infer(slots)["actions"]).all())
