/** Bytes take their time: 10 bits each at the line's speed, return delays on top, and never early (spec/lerobot.md §2.11). */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { encodePing, encodeRead, encodeSyncRead, encodeSyncWrite } from '#core/bus/feetech-packet.ts'
import { sixServos, stillServo, TestLine } from './wire.ts'

describe('a line', () => {
  it('needs 0.62 ms for six positions and 1.40 ms for six full states at 1 Mbaud', () => {
    const line = new TestLine(sixServos())
    expect(line.ask(encodeSyncRead([1, 2, 3, 4, 5, 6], 56, 2)).waitUs).toBeCloseTo(620, 6)
    expect(line.ask(encodeSyncRead([1, 2, 3, 4, 5, 6], 56, 15)).waitUs).toBeCloseTo(1400, 6)
  })

  it('adds each servo’s return delay, in units of 2 µs', () => {
    const line = new TestLine([1, 2].map((id) => stillServo({ ID: id, Return_Delay_Time: 250 })))
    expect(line.ask(encodeSyncRead([1, 2], 56, 2)).waitUs).toBeCloseTo(10 * 10 + 16 * 10 + 1000, 6)
  })

  it('takes ten times as long at a tenth of the speed', () => {
    const slow = new TestLine([stillServo({ Baud_Rate: 4 })])
    expect(slow.ask(encodePing(1), 115_200).waitUs).toBeCloseTo((12 * 10 * 1e6) / 115_200, 3)
  })

  it('is busy with what was sent before, a sync write included', () => {
    const line = new TestLine(sixServos())
    const goals = encodeSyncWrite(
      42,
      [1, 2, 3, 4, 5, 6].map((id) => ({ id, data: [0, 8] })),
    )
    line.bus.receive(goals, line.nowUs, 1_000_000)
    expect(line.ask(encodePing(1)).waitUs).toBeCloseTo((26 + 12) * 10, 6)
  })

  it('hears a packet that comes in pieces, and forgets one whose rest never comes', () => {
    const line = new TestLine(sixServos())
    const ping = encodePing(1)
    line.bus.receive(ping.subarray(0, 3), line.nowUs, 1_000_000)
    line.nowUs += 12_000
    expect(line.ask(ping.subarray(3)).packets).toHaveLength(1)
    line.bus.receive(ping.subarray(0, 3), line.nowUs, 1_000_000)
    line.nowUs += 30_000
    expect(line.ask(ping.subarray(3)).bytes).toHaveLength(0)
    expect(line.ask(ping).packets).toHaveLength(1)
  })

  it('never gives a reply before its bytes had the time to arrive', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ pauseUs: fc.integer({ min: 0, max: 3000 }), length: fc.integer({ min: 1, max: 30 }) }),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        (requests) => {
          const line = new TestLine(sixServos())
          let freeUs = 0
          for (const { pauseUs, length } of requests) {
            line.nowUs += pauseUs
            const request = encodeRead(3, 56, length)
            freeUs = Math.max(freeUs, line.nowUs) + (request.length + length + 6) * 10
            line.bus.receive(request, line.nowUs, 1_000_000)
            expect(line.bus.takeDue(freeUs - 0.01)).toEqual([])
            expect(line.bus.takeDue(freeUs + 0.01)).toHaveLength(1)
          }
        },
      ),
    )
  })

  it('lets nothing out after it was cleared', () => {
    const line = new TestLine(sixServos())
    line.bus.receive(encodePing(1), line.nowUs, 1_000_000)
    line.bus.clear()
    expect(line.bus.nextDueUs()).toBeNull()
  })
})
