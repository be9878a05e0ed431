/**
 * The hosts as the capture worker sees them, without a robot: a clock with an offset, a moving world, orders on command, and
 * a recorder that keeps what it is sent. Runs wherever a transport ends, also in a browser's worker.
 */
import type { StreamEmitter } from '#contract/rpc/types.ts'
import { type BoundService, implement } from '#contract/rpc/serve.ts'
import { drive } from '#contract/services/drive.ts'
import { type ModelPicture, type PictureDemand, pictures } from '#contract/services/pictures.ts'
import { type CaptureOrder, record, type VideoItem } from '#contract/services/record.ts'
import { sim } from '#contract/services/sim.ts'
import { FaultError } from '#core/result.ts'
import { smallWorld, smallWorldPose } from './small-world.ts'

export interface ReceivedVideo {
  readonly takeId: string
  readonly camera: string
  readonly codec: string
  readonly width: number
  readonly height: number
  readonly description: Uint8Array
  readonly items: VideoItem[]
  isClosed: boolean
}

const refuse = async (): Promise<never> => {
  throw new FaultError({ code: 'contract/unknown-member', message: 'not part of the fake' })
}
const silent = (): Disposable => ({ [Symbol.dispose]: () => undefined })

export class FakeCaptureHost {
  readonly #nowUs: () => number
  readonly #orders = new Set<StreamEmitter<CaptureOrder>>()
  readonly #demands = new Set<StreamEmitter<PictureDemand>>()
  #demand: PictureDemand = null
  readonly videos: ReceivedVideo[] = []
  /** As they were put, one entry a tick. */
  readonly pictures: ModelPicture[][] = []
  /** Delays every acknowledgement of a frame, for back-pressure. */
  takeDelayMs = 0
  arePosesFrozen = false

  /** `nowUs`: the rig's clock. */
  constructor(nowUs: () => number) {
    this.#nowUs = nowUs
  }

  get capturers(): number {
    return this.#orders.size
  }

  nowUs(): number {
    return Math.round(this.#nowUs())
  }

  order(order: CaptureOrder): void {
    for (const emitter of this.#orders) void emitter.emit(order)
  }

  /** What a policy wants to see from now on. */
  demand(demand: PictureDemand): void {
    this.#demand = demand
    for (const emitter of this.#demands) void emitter.emit(demand)
  }

  services(): readonly BoundService[] {
    return [
      implement(pictures, {
        demand: (_params, emitter) => {
          this.#demands.add(emitter)
          void emitter.emit(this.#demand)
          return { [Symbol.dispose]: () => this.#demands.delete(emitter) }
        },
        put: () => ({
          take: async (put) => {
            this.pictures.push(put)
          },
          end: () => undefined,
        }),
        predictions: silent,
        surprises: silent,
        ages: refuse,
      }),
      implement(drive, {
        claimLease: refuse,
        releaseLease: refuse,
        heartbeat: refuse,
        engage: refuse,
        hold: refuse,
        resume: refuse,
        selectPolicy: refuse,
        setExecutor: refuse,
        executor: silent,
        plan: silent,
        giveToPolicy: refuse,
        takeOver: refuse,
        stop: refuse,
        eStop: refuse,
        recover: refuse,
        endSession: refuse,
        state: silent,
        telemetry: silent,
        ping: async ({ clientUs }) => ({ clientUs, rigUs: this.nowUs() }),
        lateness: refuse,
      }),
      implement(record, {
        choose: refuse,
        start: refuse,
        save: refuse,
        discard: refuse,
        undoDiscard: refuse,
        setOutcome: refuse,
        keepRecovered: refuse,
        discardRecovered: refuse,
        state: silent,
        orders: (_params, emitter) => {
          this.#orders.add(emitter)
          return { [Symbol.dispose]: () => this.#orders.delete(emitter) }
        },
        video: (params) => {
          const video: ReceivedVideo = { ...params, items: [], isClosed: false }
          this.videos.push(video)
          return {
            take: async (item) => {
              if (this.takeDelayMs > 0) await new Promise((done) => setTimeout(done, this.takeDelayMs))
              video.items.push(item)
            },
            end: () => {
              video.isClosed = true
            },
          }
        },
      }),
      implement(sim, {
        describe: async () => smallWorld,
        poses: ({ maxHz }, emitter) => {
          const timer = setInterval(() => {
            if (this.arePosesFrozen) return
            const timeUs = this.nowUs()
            void emitter.emit({
              timeUs,
              simTimeUs: timeUs,
              pose: smallWorldPose(timeUs),
              follower: [],
              leader: [],
              cubes: {},
              speed: 1,
              isTargetMoving: false,
            })
          }, 1000 / maxHz)
          return { [Symbol.dispose]: () => clearInterval(timer) }
        },
        faults: silent,
        setFault: refuse,
        clearFault: refuse,
        clearFaults: refuse,
        resetScene: refuse,
        moveTarget: refuse,
        dragTo: refuse,
        jog: refuse,
        releaseHand: refuse,
        startOperator: refuse,
        stopOperator: refuse,
        operator: silent,
      }),
    ]
  }
}
