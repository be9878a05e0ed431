/**
 * The contract's `record` service. Commands need the lease of the driving page; pictures come only from the page that
 * listens to the orders, and when that page goes the take is closed, not lost.
 */
import { FaultError, unwrap, type Fault } from '#core/result.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { record } from '#contract/services/record.ts'
import type { TakeRecorder } from './take-recorder.ts'

/** Null when this peer may command, else why not. */
export type LeaseGuard = (peer: string) => Fault | null

const lostPage: Fault = { code: 'capture/lost', message: 'the page with the cameras was closed or reloaded' }
const noCapture: Fault = { code: 'record/camera-missing', message: 'no page captures the cameras' }

export function recordService(recorder: TakeRecorder, lease: LeaseGuard): BoundService {
  const capturing = new Set<string>()
  const need = (peer: string): void => {
    const refusal = lease(peer)
    if (refusal !== null) throw new FaultError(refusal)
  }
  const state = () => {
    const now = recorder.state()
    return now.blocker === null && capturing.size === 0 ? { ...now, blocker: noCapture } : now
  }

  return implement(record, {
    choose: async (choice, { peer }) => {
      need(peer)
      unwrap(await recorder.choose(choice))
    },
    start: async (_input, { peer }) => {
      need(peer)
      if (capturing.size === 0) throw new FaultError(noCapture)
      return unwrap(recorder.start())
    },
    save: async ({ outcome }, { peer }) => {
      need(peer)
      unwrap(recorder.save(outcome))
    },
    discard: async (_input, { peer }) => {
      need(peer)
      unwrap(await recorder.discard())
    },
    undoDiscard: async (_input, { peer }) => {
      need(peer)
      unwrap(await recorder.undoDiscard())
    },
    setOutcome: async ({ outcome }, { peer }) => {
      need(peer)
      unwrap(await recorder.setOutcome(outcome))
    },
    keepRecovered: async ({ takeId }, { peer }) => {
      need(peer)
      unwrap(recorder.keepRecovered(takeId))
    },
    discardRecovered: async ({ takeId }, { peer }) => {
      need(peer)
      unwrap(await recorder.discardRecovered(takeId))
    },
    state: (_params, emitter) => {
      void emitter.emit(state())
      return recorder.onChange(() => void emitter.emit(state()))
    },
    orders: (_params, emitter, { peer }) => {
      capturing.add(peer)
      const orders = recorder.onOrder((order) => void emitter.emit(order))
      return {
        [Symbol.dispose]: () => {
          orders[Symbol.dispose]()
          capturing.delete(peer)
          if (capturing.size === 0) recorder.captureLost(lostPage)
        },
      }
    },
    video: ({ takeId, camera, description }) => {
      unwrap(recorder.configureCamera(takeId, camera, description))
      return {
        take: async (item) => {
          unwrap(recorder.putVideo(takeId, camera, item))
        },
        end: () => recorder.cameraEnded(takeId, camera),
      }
    },
  })
}
