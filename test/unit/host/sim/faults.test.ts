/** Bad days on command, each seen from where a driver stands: the bytes on the wire. */
import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { encodePing, encodeSyncRead, encodeSyncWrite } from '#core/bus/feetech-packet.ts'
import { ok } from '#core/result.ts'
import { FaultBoard } from '#host/sim/faults/fault-board.ts'
import type { BusLink } from '#host/sim/link/bus-link.ts'
import { TestBench } from './bench.ts'
import { TestLine } from './wire.ts'

const ids = [1, 2, 3, 4, 5, 6]
const readAll = encodeSyncRead(ids, 56, 15)

class PlugLink implements BusLink {
  readonly address = 'test'
  readonly baud = 1_000_000
  isOpen = true
  send(): void {}
  async setPlugged(isPlugged: boolean) {
    this.isOpen = isPlugged
    return ok(undefined)
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}

let bench: TestBench
let line: TestLine
let link: PlugLink
let board: FaultBoard

beforeEach(async () => {
  bench = await TestBench.create()
  line = new TestLine(bench.world.arms.follower.servos)
  link = new PlugLink()
  const { leader, follower } = bench.world.arms
  board = new FaultBoard({
    follower: { arm: follower, link, faults: line.faults },
    leader: { arm: leader, link: new PlugLink(), faults: new TestLine(leader.servos).faults },
  })
})
afterEach(() => bench[Symbol.dispose]())

const answering = (): number[] => line.ask(readAll).packets.map((packet) => packet.id)

describe('faults on command', () => {
  it('drop replies with the chance given, the same ones for the same seed', async () => {
    await board.set({ bus: 'follower', kind: 'drop', joint: 'elbow_flex', amount: 0.3 })
    let lost = 0
    for (let n = 0; n < 1000; n += 1) if (!answering().includes(3)) lost += 1
    expect(lost).toBeGreaterThan(240)
    expect(lost).toBeLessThan(360)
    expect(answering()).toEqual(expect.arrayContaining([1, 2, 4, 5, 6]))
  })

  it('drop the next packets only, when counted', async () => {
    await board.set({ bus: 'follower', kind: 'drop', joint: 'gripper', amount: 1, count: 2 })
    expect([answering(), answering(), answering()].map((heard) => heard.includes(6))).toEqual([
      false,
      false,
      true,
    ])
  })

  it('lose the host’s requests too when the whole line drops', async () => {
    await board.set({ bus: 'follower', kind: 'drop', amount: 1 })
    line.ask(encodeSyncWrite(42, [{ id: 1, data: [0, 8] }]))
    expect(line.ask(encodePing(1)).bytes).toHaveLength(0)
    await board.clear({ bus: 'follower', kind: 'drop' })
    expect(line.get(1, 'Torque_Enable')).toBe(0)
  })

  it('corrupt one bit, which the checksum or the header shows', async () => {
    await board.set({ bus: 'follower', kind: 'corrupt', amount: 1 })
    for (let n = 0; n < 50; n += 1) {
      const heard = line.ask(encodePing(2))
      expect(heard.bytes).toHaveLength(6)
      expect(heard.packets).toHaveLength(0)
    }
  })

  it('delay replies by so many milliseconds', async () => {
    const before = line.ask(readAll).waitUs
    await board.set({ bus: 'follower', kind: 'delay', amount: 80 })
    expect(line.ask(readAll).waitUs - before).toBeCloseTo(80_000, 3)
  })

  it('pull the cable and plug it in again', async () => {
    await board.set({ bus: 'follower', kind: 'unplug' })
    expect(link.isOpen).toBe(false)
    await board.clear({ bus: 'follower', kind: 'unplug' })
    expect(link.isOpen).toBe(true)
  })

  it('trip overload, listed until the servo recovers', async () => {
    await board.set({ bus: 'follower', kind: 'overload', joint: 'shoulder_lift' })
    bench.run(0.01)
    expect(line.get(2, 'Status')).toBe(0x20)
    expect(board.list()).toHaveLength(1)
    line.set(2, 'Torque_Enable', 0)
    bench.run(0.01)
    expect(line.get(2, 'Status')).toBe(0)
    expect(board.list()).toHaveLength(0)
  })

  it('heat a motor and let it cool', async () => {
    await board.set({ bus: 'follower', kind: 'hot', joint: 'wrist_flex', amount: 66 })
    expect(line.get(4, 'Present_Temperature')).toBe(66)
    await board.clear({ bus: 'follower', kind: 'hot', joint: 'wrist_flex' })
    expect(line.get(4, 'Present_Temperature')).toBe(25)
  })

  it('drop the supply of the whole arm', async () => {
    await board.set({ bus: 'follower', kind: 'voltage', amount: 6 })
    bench.run(0.01)
    expect(ids.map((id) => line.get(id, 'Present_Voltage'))).toEqual([60, 60, 60, 60, 60, 60])
    await board.clearAll()
    bench.run(0.01)
    expect(line.get(1, 'Present_Voltage')).toBe(74)
  })

  it('jam a joint, so that its goal is missed', async () => {
    await board.set({ bus: 'follower', kind: 'stuck', joint: 'shoulder_pan' })
    const before = line.get(1, 'Present_Position')
    line.set(1, 'Goal_Position', before + 400)
    bench.run(0.5)
    expect(Math.abs(line.get(1, 'Present_Position') - before)).toBeLessThan(5)
    await board.clear({ bus: 'follower', kind: 'stuck', joint: 'shoulder_pan' })
    bench.run(1)
    expect(Math.abs(line.get(1, 'Present_Position') - before - 400)).toBeLessThan(10)
  })

  it('brown a servo out: torque off, SRAM at its defaults, position reads go on', async () => {
    line.set(3, 'Acceleration', 100)
    line.set(3, 'Torque_Enable', 1)
    await board.set({ bus: 'follower', kind: 'reset', joint: 'elbow_flex' })
    expect(line.get(3, 'Torque_Enable')).toBe(0)
    expect(line.get(3, 'Acceleration')).toBe(0)
    expect(answering()).toEqual(ids)
    expect(board.list()).toHaveLength(0)
  })

  it('silence one servo, which goes on holding', async () => {
    line.set(3, 'Torque_Enable', 1)
    await board.set({ bus: 'follower', kind: 'silent', joint: 'elbow_flex' })
    expect(answering()).toEqual([1, 2, 4, 5, 6])
    expect(bench.world.arms.follower.servos[2]?.isTorqueOn).toBe(true)
    await board.clear({ bus: 'follower', kind: 'silent', joint: 'elbow_flex' })
    expect(answering()).toEqual(ids)
  })

  it('tell every change, replace a fault of the same kind, and refuse a joint that does not exist', async () => {
    let changes = 0
    using _listening = board.onChange(() => (changes += 1))
    await board.set({ bus: 'leader', kind: 'delay', amount: 10 })
    await board.set({ bus: 'leader', kind: 'delay', amount: 20 })
    expect(board.list()).toEqual([{ bus: 'leader', kind: 'delay', amount: 20 }])
    expect(changes).toBe(2)
    const refused = await board.set({ bus: 'leader', kind: 'hot', joint: 'knee' })
    expect(refused.ok).toBe(false)
    await board.clearAll()
    expect(board.list()).toEqual([])
  })
})
