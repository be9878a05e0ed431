/**
 * The browser's cameras. Their names are hidden until a person allows cameras once, so the page asks only on a button,
 * never by itself: a permission prompt must not appear while somebody works.
 */
import { useEffect, useState } from 'react'
import type { Fault } from '#core/result.ts'

export interface VideoDevices {
  readonly list: readonly MediaDeviceInfo[]
  /** Names and pictures are available. */
  readonly isAllowed: boolean
  readonly fault: Fault | null
  readonly ask: () => void
}

const notHere: Fault = {
  code: 'capture/denied',
  message: 'this page may not use cameras: open it on the computer itself, over localhost or https',
}

const refusal = (error: unknown): Fault => ({
  code: error instanceof Error && error.name === 'NotAllowedError' ? 'capture/denied' : 'capture/lost',
  message: error instanceof Error ? error.message : String(error),
})

export function useVideoDevices(): VideoDevices {
  const media = (navigator as { readonly mediaDevices?: MediaDevices }).mediaDevices
  const [list, setList] = useState<readonly MediaDeviceInfo[]>([])
  const [fault, setFault] = useState<Fault | null>(null)
  useEffect(() => {
    if (media === undefined) return undefined
    let isGone = false
    const look = async (): Promise<void> => {
      const found = await media.enumerateDevices()
      if (!isGone) setList(found.filter((device) => device.kind === 'videoinput'))
    }
    const onChange = (): void => void look().catch(() => undefined)
    onChange()
    media.addEventListener('devicechange', onChange)
    return () => {
      isGone = true
      media.removeEventListener('devicechange', onChange)
    }
  }, [media])

  const ask = async (): Promise<void> => {
    if (media === undefined) return setFault(notHere)
    try {
      const stream = await media.getUserMedia({ video: true })
      for (const track of stream.getTracks()) track.stop()
      const found = await media.enumerateDevices()
      setFault(null)
      setList(found.filter((device) => device.kind === 'videoinput'))
    } catch (error) {
      setFault(refusal(error))
    }
  }
  const isAllowed = list.some((device) => device.label !== '')
  return { list, isAllowed, fault, ask: () => void ask() }
}
