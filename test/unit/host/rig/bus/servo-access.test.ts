import { describe, expect, it } from 'vitest'
import { flipBit, lose } from '#test/fakes/fake-byte-channel.ts'
import { createBench } from './bench.ts'

describe('registers of one servo', () => {
  it('are read and written', async () => {
    const { clock, access, servos } = createBench()
    expect(await clock.run(access.write(4, 'Homing_Offset', -958))).toEqual({ ok: true, value: undefined })
    expect(servos.get(4, 'Homing_Offset')).toBe(-958)
    expect(await clock.run(access.read(4, 'Homing_Offset'))).toEqual({ ok: true, value: -958 })
  })

  it('are tried three times before a servo counts as absent', async () => {
    const { clock, access, servos, channel } = createBench()
    servos.silent.add(4)
    expect(await clock.run(access.read(4, 'Model_Number'))).toMatchObject({
      error: { code: 'bus/no-reply', data: { id: 4, attempts: 3 } },
    })
    expect(channel.written).toHaveLength(3)
  })

  it('survive answers that are lost or damaged twice in a row', async () => {
    for (const mischief of [lose, flipBit(42)]) {
      const { clock, access, channel } = createBench()
      channel.mischief = (answer, index) => (index < 2 ? mischief(answer, index) : [{ bytes: answer }])
      expect(await clock.run(access.read(4, 'Model_Number'))).toEqual({ ok: true, value: 777 })
    }
  })

  it('are told apart from absent ones when every answer arrives damaged', async () => {
    const { clock, access, channel } = createBench()
    channel.mischief = flipBit(42)
    expect(await clock.run(access.read(4, 'Model_Number'))).toMatchObject({ error: { code: 'bus/corrupt' } })
  })

  it('count as written when a servo that must not acknowledge has obeyed', async () => {
    const { clock, access, servos } = createBench()
    servos.set(4, 'Response_Status_Level', 0)
    expect((await clock.run(access.write(4, 'Lock', 0))).ok).toBe(true)
    servos.stuck.add('4.Lock')
    expect(await clock.run(access.write(4, 'Lock', 1))).toMatchObject({ error: { code: 'bus/no-reply' } })
  })

  it('are reached although the servo reports an error', async () => {
    const { clock, access, servos } = createBench()
    servos.errorBits.set(4, 0x20)
    expect((await clock.run(access.ping(4))).ok).toBe(true)
    expect(await clock.run(access.read(4, 'Phase'))).toEqual({ ok: true, value: 12 })
  })

  it('fail with the end of the bus and not with a retry', async () => {
    const { clock, access, channel } = createBench()
    const reading = access.read(4, 'Phase')
    channel.unplug()
    expect(await clock.run(reading)).toMatchObject({ error: { code: 'bus/closed' } })
    expect(channel.written.length).toBeLessThanOrEqual(1)
  })
})
