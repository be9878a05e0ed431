"""The real openpi client asks `foresight serve-policy`: port and token of it are given."""
import sys
import urllib.request

import numpy as np
from echo import CHUNK, WIDTH, check, distance, pictures
from openpi_client import action_chunk_broker, websocket_client_policy
from websockets.exceptions import InvalidStatus

port, token = int(sys.argv[1]), sys.argv[2]


def connect(key=token):
    return websocket_client_policy.WebsocketClientPolicy("127.0.0.1", port, api_key=key)


with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
    check("/healthz answers as openpi's does", answer.status == 200 and answer.read() == b"OK\n")
try:
    connect("wrong")
    check("a wrong key is refused", False, "it was let in")
except InvalidStatus as error:
    check("a wrong key is refused", error.response.status_code == 401, error)

client = connect()
declared = client.get_server_metadata().get("foresight", {})
check("the metadata say what the policy needs", declared.get("contract", {}).get("chunkLength") == CHUNK, declared)
state = np.array([0.1, 0.2, -0.3, 0.4])
head, wrist = pictures(1)
observation = {
    "observation/images/head": head,
    "observation/images/wrist": wrist,
    "observation/state": state,
    "prompt": "abc",
}
worst = 0.0
for seed in range(5):
    head, wrist = pictures(seed)
    state = np.random.default_rng(seed).uniform(0, 0.5, WIDTH).astype([np.float32, np.float64][seed % 2])
    variants = [
        {"observation/images/head": head, "observation/images/wrist": wrist},
        {"observation/images/head": head.transpose(2, 0, 1), "observation/images/wrist": np.asfortranarray(wrist)},
    ]
    for images in variants:
        answer = client.infer({**observation, **images, "observation/state": state})
        worst = max(worst, distance(answer["actions"], state, head, wrist))
check("actions are those of the policy, whatever the layout of what was sent", worst < 1e-6, worst)
check("the chunk is float32 of the declared shape", answer["actions"].shape == (CHUNK, WIDTH) and answer["actions"].dtype == np.float32)
timing = answer["server_timing"]
check("the server tells its times", isinstance(timing["infer_ms"], float) and timing["prev_total_ms"] > 0, timing)

broker = action_chunk_broker.ActionChunkBroker(client, action_horizon=CHUNK)
rows = [broker.infer(observation)["actions"] for _ in range(CHUNK)]
head, wrist = pictures(1)
check("openpi's chunk broker plays the chunk row by row",
      distance(rows, observation["observation/state"], head, wrist) < 1e-6, rows)

for mark in (True, np.bool_(True)):
    answer = client.infer({"reset": mark})
    check(f"a reset alone, {type(mark).__name__}, is answered by no rows of actions, and its times",
          answer["actions"].shape == (0, WIDTH) and answer["server_timing"]["infer_ms"] == 0, answer)
check("after it the policy answers as before", distance(client.infer(observation)["actions"], observation["observation/state"], head, wrist) < 1e-6)

other = connect()
both = [one.infer(observation)["actions"] for one in (client, other, client)]
check("two clients are answered in turn", all(np.array_equal(both[0], one) for one in both))
try:
    client.infer({"prompt": "abc"})
    check("a missing key is an error with a text", False, "it was answered")
except RuntimeError as error:
    check("a missing key is an error with a text", "policy/wrong-shape" in str(error) and "observation/images/head" in str(error), error)
check("the other client is still answered", np.array_equal(other.infer(observation)["actions"], both[0]))
