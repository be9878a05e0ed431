/** A picture of the contract on a canvas of the page, at the crop of the camera it stands for. */
import { useEffect, useRef, type ReactNode } from 'react'
import { rgbaOf, unpaddedCrop, type PictureSize, type RgbPicture } from './rgb-picture.ts'

export interface PictureCanvasProps {
  readonly picture: RgbPicture
  /** Size of the camera's own picture; null shows all of this one. */
  readonly camera: PictureSize | null
  readonly label: string
  readonly className?: string
  readonly testId?: string
}

export function PictureCanvas({ picture, camera, label, className, testId }: PictureCanvasProps): ReactNode {
  const place = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = place.current?.getContext('2d')
    if (place.current === null || context === null || context === undefined) return
    const { width, height } = picture
    const isPadded = camera !== null && width === height
    const crop = isPadded ? unpaddedCrop(width, camera) : { left: 0, top: 0, width, height }
    if (place.current.width !== crop.width) place.current.width = crop.width
    if (place.current.height !== crop.height) place.current.height = crop.height
    context.putImageData(new ImageData(rgbaOf(picture), width, height), -crop.left, -crop.top)
  }, [picture, camera])
  return (
    <canvas ref={place} aria-label={label} className={className} data-testid={testId}>
      {label}
    </canvas>
  )
}
