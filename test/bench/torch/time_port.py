"""Times the port on a folder: `time_port.py FOLDER THREADS eager|compile REPEATS`. Prints one line of JSON."""

import json
import sys
import time

import torch
from internvla_port import Port
from safetensors.torch import load_file

folder, threads, mode, repeats = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
torch.set_num_threads(threads)
torch.set_num_interop_threads(1)
with open(f"{folder}/dims.json", encoding="utf-8") as file:
    port = Port(folder, json.load(file)).eval()
given = load_file(f"{folder}/call.safetensors")
with torch.inference_mode():
    call = port.call(
        given["images"], given["ids"], int(given["text_tokens"]), given["state"], given["noise"]
    )
    run = torch.compile(port, dynamic=False) if mode == "compile" else port
    began = time.perf_counter()
    actions = run(*call)
    first_ms = 1000 * (time.perf_counter() - began)
    run(*call)
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run(*call)
        times.append(1000 * (time.perf_counter() - began))
print(json.dumps({"times": times, "firstMs": first_ms, "actions": actions.flatten().tolist()}))
