/** The follower in three dimensions for a screen. React places it; everything that moves is read once a frame, outside React. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { JointVector } from '#core/arm/arm-profile.ts'
import type { Client } from '#contract/rpc/types.ts'
import type { sim } from '#contract/services/sim.ts'
import { GripDrag } from './grip-drag.ts'
import { RobotView } from './robot-view.ts'

export interface TwinProps {
  /** The follower's joints as its servos last reported them, program units; read on every frame, so keep it cheap and stable. */
  readonly readFollower: () => JointVector | null
  /** The leader's joints, for the ghost while the two are apart. */
  readonly readLeader?: (() => JointVector | null) | undefined
  /** The poses of the pending chunk, in order; the same array as long as nothing changed. */
  readonly readPlan?: (() => readonly JointVector[] | null) | undefined
  /** The simulator, when the arms are simulated: adds cubes and bin. */
  readonly sim?: Client<typeof sim> | null | undefined
  /** Lets the gripper be dragged; only in the simulator, on the driving page. */
  readonly canDrag?: boolean | undefined
  readonly label: string
  readonly className?: string | undefined
  /** Shown where the browser has no WebGL. */
  readonly fallback?: ReactNode
}

/** Poses of the simulated things per second; drawing may be rarer. */
const posesHz = 30
const retryMs = 1000

export function Twin(props: TwinProps): ReactNode {
  const { readFollower, readLeader, readPlan, sim: simulator = null, canDrag = false } = props
  const place = useRef<HTMLElement>(null)
  const [view, setView] = useState<RobotView | 'missing' | null>(null)

  useEffect(() => {
    const parent = place.current
    if (parent === null) return undefined
    const canvas = parent.ownerDocument.createElement('canvas')
    canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;touch-action:none'
    parent.append(canvas)
    const created = RobotView.create(canvas)
    setView(created.ok ? created.value : 'missing')
    const sizes = new ResizeObserver(() => {
      if (created.ok)
        created.value.resize(parent.clientWidth, parent.clientHeight, globalThis.devicePixelRatio)
    })
    sizes.observe(parent)
    const themes = new MutationObserver(() => {
      if (created.ok) created.value.applyTheme()
    })
    themes.observe(parent.ownerDocument.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      sizes.disconnect()
      themes.disconnect()
      if (created.ok) created.value[Symbol.dispose]()
      canvas.remove()
      setView(null)
    }
  }, [])

  useEffect(() => {
    if (!(view instanceof RobotView)) return undefined
    let frame = 0
    const read = (): void => {
      frame = requestAnimationFrame(read)
      view.setFollower(readFollower())
      view.setLeader(readLeader?.() ?? null)
      view.setPlan(readPlan?.() ?? null)
    }
    read()
    return () => cancelAnimationFrame(frame)
  }, [view, readFollower, readLeader, readPlan])

  useEffect(() => {
    if (!(view instanceof RobotView) || simulator === null) return undefined
    const followed = followSimulator(view, simulator)
    return () => followed[Symbol.dispose]()
  }, [view, simulator])

  useEffect(() => {
    if (!(view instanceof RobotView) || simulator === null || !canDrag) return undefined
    const drag = new GripDrag(view, view.canvas, simulator)
    return () => drag[Symbol.dispose]()
  }, [view, simulator, canDrag])

  return (
    <figure
      ref={place}
      aria-label={props.label}
      className={props.className}
      style={{ position: 'relative', margin: 0, overflow: 'hidden' }}
    >
      {view === 'missing' ? props.fallback : null}
    </figure>
  )
}

/** Keeps the things around the arm where the simulator has them, through restarts of its host. */
function followSimulator(view: RobotView, simulator: Client<typeof sim>): Disposable {
  let isOver = false
  let poses: Disposable | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const retry = (): void => {
    poses = null
    if (!isOver) timer = setTimeout(() => void begin(), retryMs)
  }
  const begin = async (): Promise<void> => {
    const world = await simulator.describe(null).catch(() => null)
    if (isOver) return
    if (world === null) {
      retry()
      return
    }
    view.setWorld(world)
    poses = simulator.poses({ maxHz: posesHz }, (pose) => view.setPose(pose.pose), retry)
  }
  void begin()
  return {
    [Symbol.dispose]: () => {
      isOver = true
      clearTimeout(timer)
      poses?.[Symbol.dispose]()
      view.setWorld(null)
    },
  }
}
