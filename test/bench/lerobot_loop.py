"""lerobot's own SO-101 classes in a loop at a fixed rate. argv: FOLLOWER LEADER CALIBRATION_DIR RATE_HZ SECONDS.

Paced as LeRobot paces its loops: sleep until tick start + period, never recovered. Prints JSON with the lateness of every
tick against that time, microseconds.
"""
import json
import sys
import time
from pathlib import Path

from lerobot.robots.so_follower import SO101Follower, SO101FollowerConfig
from lerobot.teleoperators.so_leader import SO101Leader, SO101LeaderConfig

follower_port, leader_port, calibration = sys.argv[1], sys.argv[2], Path(sys.argv[3])
rate, seconds = float(sys.argv[4]), float(sys.argv[5])

leader = SO101Leader(SO101LeaderConfig(port=leader_port, id="leader", calibration_dir=calibration))
follower = SO101Follower(SO101FollowerConfig(port=follower_port, id="follower", calibration_dir=calibration))
leader.connect(calibrate=False)
follower.connect(calibrate=False)

lateness = []
errors = 0
period = 1 / rate
due = time.perf_counter()
end = due + seconds
while due < end:
    tick = time.perf_counter()
    lateness.append(max(0.0, tick - due) * 1e6)
    try:
        follower.get_observation()
        follower.send_action(leader.get_action())
    except ConnectionError:
        errors += 1
    # A tick that overran is late by what it overran: the next one was due a period after this one began.
    due = tick + period
    rest = due - time.perf_counter()
    if rest > 0:
        time.sleep(rest)
print(json.dumps({"ticks": len(lateness), "errors": errors, "lateness": lateness}))
follower.disconnect()
leader.disconnect()
