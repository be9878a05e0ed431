/** What a real camera sees now, small. Holds the camera only while it is on screen. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { faultText } from '../i18n/faults.ts'
import { useLanguage } from '../i18n/language.tsx'

export function DeviceThumb({ deviceId, label }: { deviceId: string; label: string }): ReactNode {
  const video = useRef<HTMLVideoElement>(null)
  const language = useLanguage()
  const [isLost, setIsLost] = useState(false)
  useEffect(() => {
    let stream: MediaStream | null = null
    let isGone = false
    const open = async (): Promise<void> => {
      const opened = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { deviceId: { exact: deviceId }, width: { ideal: 320 }, height: { ideal: 240 } },
      })
      if (isGone) return opened.getTracks().forEach((track) => track.stop())
      stream = opened
      setIsLost(false)
      if (video.current !== null) video.current.srcObject = opened
    }
    open().catch(() => setIsLost(true))
    return () => {
      isGone = true
      stream?.getTracks().forEach((track) => track.stop())
    }
  }, [deviceId])
  return (
    <>
      <video ref={video} autoPlay muted playsInline aria-label={label} />
      {isLost && <span className="rig-thumb-lost">{faultText('capture/lost', language).what}</span>}
    </>
  )
}
