/**
 * Moves the simulated leader by its gripper: grab the ring, drag; Shift keeps the height; the wheel opens and closes the
 * fingers meanwhile. The hand is released whenever the drag ends, however it ends.
 */
import { Vector3 } from 'three'
import type { Client } from '#contract/rpc/types.ts'
import type { sim } from '#contract/services/sim.ts'
import { DragPlane, pointerIn } from './drag-plane.ts'
import { LatestCall } from './latest-call.ts'
import type { RobotView } from './robot-view.ts'

export type Hand = Pick<Client<typeof sim>, 'dragTo' | 'jog' | 'releaseHand'>

/** How near the pointer must be to the fingertips, pixels. */
const grabPx = 26
/** Gripper travel of one wheel notch, 0…1. */
const gripperStep = 0.08

export class GripDrag implements Disposable {
  readonly #view: RobotView
  readonly #canvas: HTMLCanvasElement
  readonly #hand: Hand
  readonly #plane = new DragPlane()
  readonly #moves: LatestCall<Vector3>
  #pointer: number | null = null

  constructor(view: RobotView, canvas: HTMLCanvasElement, hand: Hand) {
    this.#view = view
    this.#canvas = canvas
    this.#hand = hand
    this.#moves = new LatestCall(async ({ x, y, z }) => {
      const isReached = await hand.dragTo({ position: [x, y, z] }).then(
        () => true,
        () => false,
      )
      if (this.#pointer !== null) this.#show(isReached ? 'dragging' : 'refused')
    })
    canvas.addEventListener('pointerdown', this.#onDown, { capture: true })
    canvas.addEventListener('pointermove', this.#onMove)
    canvas.addEventListener('pointerup', this.#onUp)
    canvas.addEventListener('pointercancel', this.#onUp)
    canvas.addEventListener('lostpointercapture', this.#onUp)
    canvas.addEventListener('wheel', this.#onWheel, { capture: true, passive: false })
    this.#show('idle')
  }

  [Symbol.dispose](): void {
    this.#end()
    this.#show('hidden')
    this.#canvas.removeEventListener('pointerdown', this.#onDown, { capture: true })
    this.#canvas.removeEventListener('pointermove', this.#onMove)
    this.#canvas.removeEventListener('pointerup', this.#onUp)
    this.#canvas.removeEventListener('pointercancel', this.#onUp)
    this.#canvas.removeEventListener('lostpointercapture', this.#onUp)
    this.#canvas.removeEventListener('wheel', this.#onWheel, { capture: true })
  }

  readonly #onDown = (event: PointerEvent): void => {
    const tool = this.#view.toolPoint(new Vector3())
    if (tool === null || event.button !== 0 || !this.#isNear(event, tool)) return
    // Before the orbit controls see it: a grabbed gripper does not turn the view.
    event.stopImmediatePropagation()
    this.#pointer = event.pointerId
    this.#canvas.setPointerCapture(event.pointerId)
    const pointer = pointerIn(this.#canvas.getBoundingClientRect(), event)
    this.#plane.begin(this.#view.camera, pointer, tool, event.shiftKey)
    this.#show('dragging')
  }

  readonly #onMove = (event: PointerEvent): void => {
    if (this.#pointer === null) {
      const tool = this.#view.toolPoint(new Vector3())
      this.#show(tool !== null && this.#isNear(event, tool) ? 'hover' : 'idle')
      return
    }
    if (event.pointerId !== this.#pointer) return
    const pointer = pointerIn(this.#canvas.getBoundingClientRect(), event)
    const target = this.#plane.at(this.#view.camera, pointer)
    if (target !== null) this.#moves.send(target)
  }

  readonly #onUp = (event: PointerEvent): void => {
    if (event.pointerId === this.#pointer) this.#end()
  }

  readonly #onWheel = (event: WheelEvent): void => {
    if (this.#pointer === null || event.deltaY === 0) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const gripper = event.deltaY < 0 ? gripperStep : -gripperStep
    void this.#hand.jog({ delta: [0, 0, 0], pitchRad: 0, rollRad: 0, gripper }).catch(() => undefined)
  }

  #end(): void {
    if (this.#pointer === null) return
    const pointer = this.#pointer
    this.#pointer = null
    this.#moves.cancel()
    if (this.#canvas.hasPointerCapture(pointer)) this.#canvas.releasePointerCapture(pointer)
    this.#show('idle')
    void this.#hand.releaseHand(null).catch(() => undefined)
  }

  #show(state: RobotView['handle']['state']): void {
    if (this.#view.handle.state === state) return
    this.#view.handle.state = state
    this.#canvas.style.cursor = state === 'dragging' ? 'grabbing' : state === 'hover' ? 'grab' : ''
    this.#view.touch()
  }

  #isNear(event: PointerEvent, tool: Vector3): boolean {
    const bounds = this.#canvas.getBoundingClientRect()
    const seen = tool.clone().project(this.#view.camera)
    const x = bounds.left + ((seen.x + 1) / 2) * bounds.width
    const y = bounds.top + ((1 - seen.y) / 2) * bounds.height
    return Math.hypot(event.clientX - x, event.clientY - y) < grabPx
  }
}
