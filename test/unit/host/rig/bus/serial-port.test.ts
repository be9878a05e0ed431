import { describe, expect, it } from 'vitest'
import { openFault } from '#host/rig/bus/serial-port.ts'

describe('a port that does not open', () => {
  it.each([
    ['Error: No such file or directory, cannot open /dev/ttyACM9', 'linux', 'bus/port-missing', 'plugged in'],
    ['Opening COM9: File not found', 'win32', 'bus/port-missing', 'plugged in'],
    [
      'Error: Inappropriate ioctl for device, cannot open /dev/null',
      'linux',
      'bus/port-missing',
      'no serial port',
    ],
    ['Error Resource temporarily unavailable Cannot lock port', 'linux', 'bus/port-busy', 'another program'],
    ['Error: Device or resource busy, cannot open /dev/ttyACM0', 'linux', 'bus/port-busy', 'another program'],
    ['Error: Permission denied, cannot open /dev/ttyACM0', 'linux', 'bus/port-denied', 'dialout'],
    [
      'Error: Permission denied, cannot open /dev/tty.usbmodem1',
      'darwin',
      'bus/port-denied',
      'read and write',
    ],
    ['Opening COM3: Access denied', 'win32', 'bus/port-busy', 'another program'],
    ['Error: something else', 'linux', 'bus/port-missing', 'something else'],
  ] as const)('with "%s" on %s is %s and says what to do', (text, platform, code, hint) => {
    const fault = openFault('/dev/port', new Error(text), platform)
    expect(fault.code).toBe(code)
    expect(fault.message).toContain(hint)
    expect(fault.data).toEqual({ path: '/dev/port', reason: text })
  })
})
