/**
 * Draws the simulated bench as its cameras see it, all in one pass, and hands the pixels back in main memory: without a
 * graphics card that is twice as fast as handing canvases to the encoder, and with one it costs a millisecond.
 */
import { Color, WebGLRenderer } from 'three'
import type { WorldDescription } from '#contract/services/sim.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { i420ColorSpace, i420Size, rgbxToI420 } from './video-range.ts'
import { floorColour } from '../scene/backdrop.ts'
import { buildScene, type WorldScene } from '../scene/scene-builder.ts'
import { isSoftwareGl } from '../scene/software-gl.ts'

export interface VirtualCamera {
  readonly name: string
  readonly width: number
  readonly height: number
}

interface Placed extends VirtualCamera {
  readonly bottom: number
}

export class VirtualRenderer implements Disposable {
  readonly #renderer: WebGLRenderer
  readonly #world: WorldScene
  readonly #placed: readonly Placed[]
  readonly #gl: WebGL2RenderingContext
  /** One picture as GL gives it, reused. */
  readonly #rgbx: Uint8Array<ArrayBuffer>
  #isLost = false

  private constructor(
    canvas: OffscreenCanvas,
    gl: WebGL2RenderingContext,
    world: WorldScene,
    placed: readonly Placed[],
  ) {
    this.#gl = gl
    this.#world = world
    this.#placed = placed
    this.#rgbx = new Uint8Array(4 * Math.max(...placed.map(({ width, height }) => width * height)))
    this.#renderer = new WebGLRenderer({ canvas, context: gl })
    this.#renderer.setClearColor(new Color(floorColour))
    this.#renderer.setScissorTest(true)
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault()
      this.#isLost = true
    })
    canvas.addEventListener('webglcontextrestored', () => {
      this.#isLost = false
    })
  }

  /** Fails with `capture/lost` where WebGL is missing, the world has no camera of a name, or a size is odd. */
  static create(world: WorldDescription, cameras: readonly VirtualCamera[]): Result<VirtualRenderer> {
    const width = Math.max(1, ...cameras.map((camera) => camera.width))
    const height = Math.max(
      1,
      cameras.reduce((sum, camera) => sum + camera.height, 0),
    )
    const canvas = new OffscreenCanvas(width, height)
    const gl = canvas.getContext('webgl2', {
      alpha: false,
      antialias: !isSoftwareGl(),
      stencil: true,
      powerPreference: 'high-performance',
    })
    if (gl === null) return fail('capture/lost', 'WebGL 2 is not available: virtual cameras cannot be drawn')
    const scene = buildScene(world)
    const odd = cameras.find(({ width, height }) => width % 2 === 1 || height % 2 === 1)
    const missing = cameras.find((camera) => scene.camera(camera.name) === undefined)
    if (missing !== undefined) {
      scene[Symbol.dispose]()
      return fail('capture/lost', `the simulated bench has no camera ${missing.name}`, {
        camera: missing.name,
      })
    }
    if (odd !== undefined) {
      scene[Symbol.dispose]()
      const { name, width, height } = odd
      return fail('capture/lost', `camera ${name}: width and height must be even, not ${width}×${height}`, {
        camera: name,
      })
    }
    let bottom = 0
    const placed = cameras.map((camera) => {
      const place = { ...camera, bottom }
      bottom += camera.height
      return place
    })
    return ok(new VirtualRenderer(canvas, gl, scene, placed))
  }

  /** Pictures of one pose, in the cameras' order; empty while the graphics context is lost. `timestampUs` is copied onto them. */
  render(pose: Float64Array, timestampUs: number): readonly { name: string; frame: VideoFrame }[] {
    if (this.#isLost) return []
    this.#world.applyPose(pose)
    for (const { name, width, height, bottom } of this.#placed) {
      const camera = this.#world.camera(name)
      if (camera === undefined) continue
      if (camera.aspect !== width / height) {
        camera.aspect = width / height
        camera.updateProjectionMatrix()
      }
      this.#renderer.setViewport(0, bottom, width, height)
      this.#renderer.setScissor(0, bottom, width, height)
      this.#renderer.render(this.#world.scene, camera)
    }
    return this.#placed.map((place) => ({ name: place.name, frame: this.#read(place, timestampUs) }))
  }

  [Symbol.dispose](): void {
    this.#world[Symbol.dispose]()
    this.#renderer.dispose()
  }

  #read({ width, height, bottom }: Placed, timestamp: number): VideoFrame {
    const { RGBA, UNSIGNED_BYTE } = this.#gl
    this.#gl.readPixels(0, bottom, width, height, RGBA, UNSIGNED_BYTE, this.#rgbx)
    const pixels = new Uint8Array(i420Size(width, height))
    rgbxToI420(this.#rgbx, { width, height }, 'bottom-up', pixels)
    return new VideoFrame(pixels, {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp,
      colorSpace: i420ColorSpace,
    })
  }
}
