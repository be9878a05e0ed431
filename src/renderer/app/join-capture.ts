/** Keeps the capture worker in step with the rig: its cameras, its rate, and whether this page is the one that captures. */
import type { CaptureController, TransportFactory } from '../capture/capture-controller.ts'
import type { LiveState, LiveStore } from './live-state.ts'

type CapturePart = Pick<CaptureController, 'start' | 'stop' | 'setCapturing'>

const isDriving = ({ drive, session }: LiveState): boolean =>
  session !== null && drive !== null && drive.lease.holder === session.peer

export function joinCapture(live: LiveStore, capture: CapturePart, openWire: TransportFactory): Disposable {
  let shownRig = ''
  const follow = (state: LiveState): void => {
    // While the link or a host is away the cameras stay as they are: the worker has its own way to the hosts.
    if (state.rig !== null) {
      const config = state.rig.status === 'none' ? null : state.rig.rig
      const key = JSON.stringify(config === null ? null : [config.cameras, config.fps])
      if (key !== shownRig) {
        shownRig = key
        if (config === null || config.cameras.length === 0) capture.stop()
        else capture.start(config.cameras, config.fps, openWire)
      }
    }
    if (state.drive !== null) capture.setCapturing(isDriving(state))
  }
  const unsubscribe = live.subscribe(follow)
  follow(live.getState())
  return {
    [Symbol.dispose]: () => {
      unsubscribe()
      capture.stop()
    },
  }
}
