"""Writes test/fixtures/openpi/golden.json: what openpi-client's own packer, msgpack-numpy's and image tools make of known input."""
import json
import sys

import msgpack
import msgpack_numpy
import numpy as np
from openpi_client import image_tools, msgpack_numpy as openpi

rows = []


def case(name, value, meaning):
    rows.append({"name": name, "openpi": openpi.packb(value).hex(), "meaning": meaning})


def arrays():
    for dtype in ["|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", ">f4", ">i2"]:
        yield dtype, np.array([[0, 1, 1], [1, 0, 1]], dtype=dtype)


def array_meaning(array):
    return {
        "array": array.dtype.str,
        "shape": list(array.shape),
        "hex": array.tobytes().hex(),
        "numbers": [float(x) for x in array.ravel()] if array.dtype.kind in "biuf" else None,
    }


for dtype, array in arrays():
    case(f"array {dtype}", array, array_meaning(array))
for name, array in {
    "in Fortran order": np.asfortranarray(np.arange(6, dtype="<f4").reshape(2, 3)),
    "every second column": np.arange(8, dtype="<i4").reshape(2, 4)[:, ::2],
    "without axes": np.array(-2.5),
    "empty": np.zeros((0, 7), dtype="<f4"),
    "of fractions": np.array([0.1, -1e-30, 65504.0], dtype="<f4"),
    "of halves": np.array([0.1, -2.0**-20, 65504.0, np.inf], dtype="<f2"),
    "of 300 bytes": np.arange(300).astype("|u1"),
    "of 17 axes": np.zeros((1,) * 17, dtype="|u1"),
}.items():
    meaning = array_meaning(array)
    meaning["numbers"] = [None if np.isinf(x) else float(x) for x in array.ravel()]
    case(f"array {name}", array, meaning)
case("array of text", np.array("grasp ✓"), {"text": "grasp ✓"})
case("array of bytes", np.array(b"grasp"), {"text": "grasp"})
for dtype, value in {
    "<f4": np.float32(1), "<i8": np.int64(-7), "|u1": np.uint8(200), "|b1": np.bool_(True),
    "<i4": np.int32(70000), "<u8": np.uint64(2**63 + 5),
}.items():
    item = value.item()
    case(f"scalar {dtype}", value, {"scalar": dtype, "value": str(item) if isinstance(item, int) and abs(item) > 2**53 else item})
case("scalar of text", np.str_("pick"), {"text": "pick"})
plain = {
    "nothing": None, "yes": True, "no": False, "zero": 0, "small": 127, "byte": 128, "short": 65535, "int": 65536,
    "long": 2**32, "minus": -1, "minus byte": -128, "minus short": -32768, "minus int": -(2**31), "minus long": -(2**40),
    "float": 0.5, "text": "go", "中文": "抓取", "long text": "x" * 300, "bytes": b"\x00\xff", "list": [1, [2.5, "a"], {}],
    "many": list(range(20)), "tuple": (1, 2),
}
case("plain values", plain, {"plain": True})
case("a whole float", {"infer_ms": 12.0}, {"wholeFloat": 12})
# A float64 scalar is a Python float, so msgpack writes it as one.
case("a float64 scalar", {"infer_ms": np.float64(12)}, {"wholeFloat": 12})
case("an observation", {"observation/state": np.array([1.0], dtype="<f4"), "prompt": "go"}, {"observation": True})

nd = []
for dtype, array in arrays():
    packed = msgpack.packb(array, default=msgpack_numpy.encode, use_bin_type=True)
    nd.append({"name": dtype, "hex": packed.hex(), "array": array.dtype.str, "shape": list(array.shape), "data": array.tobytes().hex()})
scalar = msgpack.packb(np.float32(1.5), default=msgpack_numpy.encode, use_bin_type=True)
nd.append({"name": "scalar", "hex": scalar.hex(), "array": "<f4", "shape": [], "data": np.float32(1.5).tobytes().hex()})

pictures = []
generator = np.random.default_rng(4)
for width, height, side in [(7, 5, 4), (5, 7, 4), (3, 3, 8), (16, 9, 16), (40, 30, 11), (9, 9, 9), (31, 4, 10)]:
    picture = generator.integers(0, 256, (height, width, 3), dtype=np.uint8)
    padded = image_tools.resize_with_pad(picture, side, side)
    pictures.append({"width": width, "height": height, "side": side, "rgb": picture.tobytes().hex(), "padded": padded.tobytes().hex()})

json.dump({"messages": rows, "msgpackNumpy": nd, "pictures": pictures}, open(sys.argv[1], "w"), indent=1, ensure_ascii=False)
