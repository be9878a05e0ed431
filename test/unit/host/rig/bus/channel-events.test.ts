import { describe, expect, it } from 'vitest'
import { createChannelEvents } from '#host/rig/bus/channel-events.ts'
import type { Fault } from '#core/result.ts'

const fault: Fault = { code: 'bus/closed', message: 'unplugged' }

describe('the events of a byte channel', () => {
  it('bring data with its time to every listener until it leaves', () => {
    const events = createChannelEvents()
    const heard: unknown[] = []
    const first = events.onData((bytes, timeUs) => heard.push(['first', bytes[0], timeUs]))
    events.onData((bytes) => heard.push(['second', bytes[0]]))
    events.data(Uint8Array.of(7), 12)
    first[Symbol.dispose]()
    events.data(Uint8Array.of(8), 13)
    expect(heard).toEqual([
      ['first', 7, 12],
      ['second', 7],
      ['second', 8],
    ])
  })

  it('tell the end once, also to whoever comes later, and no data after it', () => {
    const events = createChannelEvents()
    const heard: unknown[] = []
    events.onData(() => heard.push('data'))
    events.onClose((end) => heard.push(end.code))
    events.close(fault)
    events.close({ ...fault, message: 'again' })
    events.data(Uint8Array.of(1), 0)
    events.onClose((end) => heard.push(`late ${end.message}`))
    expect(heard).toEqual(['bus/closed', 'late unplugged'])
    expect(events.isClosed).toBe(true)
  })

  it('tell the end to everybody although the first to hear it disposes the channel', () => {
    const events = createChannelEvents()
    const heard: string[] = []
    events.onClose(() => events.dispose())
    events.onClose((end) => heard.push(end.code))
    events.close(fault)
    expect(heard).toEqual(['bus/closed'])
  })

  it('are silent after disposal', () => {
    const events = createChannelEvents()
    const heard: unknown[] = []
    events.onClose(() => heard.push('close'))
    const left = events.onClose(() => heard.push('left'))
    left[Symbol.dispose]()
    events.dispose()
    events.close(fault)
    events.onClose(() => heard.push('late'))
    expect(heard).toEqual([])
    expect(events.isClosed).toBe(true)
  })
})
