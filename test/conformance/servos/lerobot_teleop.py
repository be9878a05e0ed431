"""lerobot's own SO-101 classes against the simulator's pseudo-terminals. argv: FOLLOWER LEADER CALIBRATION_DIR SECONDS.

CALIBRATION_DIR holds follower.json and leader.json in LeRobot's format. Prints one JSON line per check.
"""
import builtins
import json
import sys
import time
from pathlib import Path

from lerobot.robots.so_follower import SO101Follower, SO101FollowerConfig
from lerobot.teleoperators.so_leader import SO101Leader, SO101LeaderConfig

follower_port, leader_port, calibration, seconds = sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4])


def check(title, good, detail=""):
    print(json.dumps({"title": title, "status": "passed" if good else "failed", "detail": str(detail)}), flush=True)


leader = SO101Leader(SO101LeaderConfig(port=leader_port, id="leader", calibration_dir=calibration))
follower = SO101Follower(SO101FollowerConfig(port=follower_port, id="follower", calibration_dir=calibration))
leader.connect(calibrate=False)
follower.connect(calibrate=False)
check("lerobot's leader finds its calibration in the servos", leader.is_calibrated)
check("lerobot's follower finds its calibration in the servos", follower.is_calibrated)

# Servos that lost their calibration, as replaced ones have none; ENTER at lerobot's prompt takes the file.
builtins.input = lambda prompt="": ""
for name, arm in (("leader", leader), ("follower", follower)):
    arm.bus.disable_torque()
    for motor in arm.bus.motors:
        arm.bus.write("Homing_Offset", motor, 0, normalize=False)
        arm.bus.write("Min_Position_Limit", motor, 0, normalize=False)
        arm.bus.write("Max_Position_Limit", motor, 4095, normalize=False)
    forgotten = not arm.is_calibrated
    arm.calibrate()
    check(f"lerobot calibrates the {name} from its file", forgotten and arm.is_calibrated)
# A servo that is powered resumes its old goal: it is to be where the arm lies now.
for motor, ticks in follower.bus.sync_read("Present_Position", normalize=False).items():
    follower.bus.write("Goal_Position", motor, ticks, normalize=False)
follower.bus.enable_torque()

ticks, worst = 0, 0.0
started = time.perf_counter()
while time.perf_counter() - started < seconds:
    action = leader.get_action()
    follower.send_action(action)
    observation = follower.get_observation()
    ticks += 1
    time.sleep(max(0.0, started + ticks / 60 - time.perf_counter()))
elapsed = time.perf_counter() - started
action, observation = leader.get_action(), follower.get_observation()
worst = max(abs(action[key] - observation[key]) for key in action)
check(f"lerobot teleoperates for {seconds:g} seconds", elapsed >= seconds and ticks > 10 * seconds, f"{ticks / elapsed:.1f} Hz")
check("the follower stands where the leader is", worst < 10, f"worst joint {worst:.2f}")
follower.disconnect()
leader.disconnect()
