"""XPolicyLab's frames, packed by the packages it uses (msgpack, msgpack-numpy), ask `foresight serve-policy --dialect xpolicylab`."""
import sys

import msgpack
import msgpack_numpy
import numpy as np
import websockets.sync.client
from echo import CHUNK, check, distance, pictures

port, token = int(sys.argv[1]), sys.argv[2]
socket = websockets.sync.client.connect(f"ws://127.0.0.1:{port}/?token={token}", max_size=None)
count = 0


def request(kind, payload):
    global count
    count += 1
    frame = {"message_type": kind, "message_id": f"m{count}", "evaluation_id": "eval", "action_case_id": None,
             "trial_id": "t1", "repeat_index": 0, "step": count, "sent_at": "now", "payload": payload}
    socket.send(msgpack.packb(frame, default=msgpack_numpy.encode, use_bin_type=True))
    reply = msgpack.unpackb(socket.recv(timeout=20), raw=False, strict_map_key=False, object_hook=msgpack_numpy.decode)
    assert reply["message_id"] == f"m{count}" and reply["evaluation_id"] == "eval" and reply["step"] == count, reply
    return reply


def worst(actions):
    rows = [np.concatenate([step[key] for key in ("left_arm_joint_state", "left_ee_joint_state", "right_arm_joint_state", "right_ee_joint_state")]) for step in actions]
    return distance(rows, state, head, wrist) if len(rows) == CHUNK else f"{len(rows)} rows"


hello = request("hello", {})
check("hello is acknowledged", hello["message_type"] == "hello_ack" and hello["payload"]["ok"] is True, hello)
state = np.array([0.1, 0.2, -0.3, 0.4], dtype=np.float32)
head, wrist = pictures(7)
observation = {
    "instruction": "stack bowls",
    "vision": {"head": {"color": head}, "wrist": {"color": wrist}},
    "state": {"left_arm_joint_state": state[:1], "left_ee_joint_state": state[1:2],
              "right_arm_joint_state": state[2:3], "right_ee_joint_state": state[3]},
    "additional_info": {"frequency": 10},
}
check("reset is answered", request("reset", {"trial_id": "t1"})["message_type"] == "reset_result")
reply = request("infer", {"observation": observation})
distances = worst(reply["payload"].get("actions", []))
check("infer answers one map of parts per tick", reply["message_type"] == "infer_result" and distances < 1e-6, reply if distances else "")
request("call", {"func_name": "update_obs", "obs": observation})
called = request("call", {"func_name": "get_action"})
check("update_obs and get_action do the same in two calls", worst(called["payload"]["result"]) < 1e-6, called)
request("call", {"func_name": "update_obs", "obs": observation})
reply = request("infer", {"observation": {"reset": True}})
check("a reset in place of an observation is answered without actions", reply["message_type"] == "infer_result" and reply["payload"]["actions"] == [], reply)
reply = request("infer", {"observation": {**observation, "reset": np.bool_(True)}})
check("an observation that begins an episode is answered", reply["message_type"] == "infer_result" and worst(reply["payload"]["actions"]) < 1e-6, reply)
error = request("infer", {"observation": {"instruction": "x"}})
check("an error is a frame with a code", error["message_type"] == "error" and error["payload"]["code"] == "infer_failed", error)
check("the trial ends well", request("trial_end", {"trial_id": "t1", "success": True})["message_type"] == "trial_end_ack")
