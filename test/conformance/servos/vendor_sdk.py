"""The vendor's own SDK against the simulator: ping, read and write every servo. argv: PORT. Prints one JSON line per check."""
import json
import sys

from scservo_sdk import COMM_SUCCESS, PacketHandler, PortHandler, GroupSyncRead, GroupSyncWrite

port = PortHandler(sys.argv[1])
packets = PacketHandler(0)
assert port.openPort() and port.setBaudRate(1_000_000)


def check(title, good, detail=""):
    print(json.dumps({"title": title, "status": "passed" if good else "failed", "detail": str(detail)}), flush=True)


for servo in range(1, 7):
    model, result, error = packets.ping(port, servo)
    check(f"servo {servo} answers a ping with model 777", result == COMM_SUCCESS and error == 0 and model == 777, (model, result, error))
    position, result, error = packets.read2ByteTxRx(port, servo, 56)
    check(f"servo {servo} reads its position", result == COMM_SUCCESS and error == 0 and 0 <= position < 4096, (position, result, error))
    result, error = packets.write1ByteTxRx(port, servo, 41, 100 + servo)
    value, result2, error2 = packets.read1ByteTxRx(port, servo, 41)
    check(f"servo {servo} keeps a written acceleration", (result, error, result2, error2, value) == (COMM_SUCCESS, 0, COMM_SUCCESS, 0, 100 + servo), value)
    result, error = packets.write2ByteTxRx(port, servo, 48, 500)
    value, result2, _ = packets.read2ByteTxRx(port, servo, 48)
    check(f"servo {servo} keeps a written torque limit", result == COMM_SUCCESS and result2 == COMM_SUCCESS and value == 500, value)
    packets.write2ByteTxRx(port, servo, 48, 1000)

reader = GroupSyncRead(port, packets, 56, 15)
for servo in range(1, 7):
    reader.addParam(servo)
result = reader.txRxPacket()
complete = all(reader.isAvailable(servo, 56, 2) for servo in range(1, 7))
check("one sync read brings the full state of all six", result == COMM_SUCCESS and complete, result)

writer = GroupSyncWrite(port, packets, 41, 1)
for servo in range(1, 7):
    writer.addParam(servo, [50])
result = writer.txPacket()
values = [packets.read1ByteTxRx(port, servo, 41)[0] for servo in range(1, 7)]
check("one sync write reaches all six", result == COMM_SUCCESS and values == [50] * 6, values)
port.closePort()
