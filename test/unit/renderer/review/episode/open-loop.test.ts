import { describe, expect, it } from 'vitest'
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { CheckLine, PictureMessage, PolicyEntry } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { FaultError, fail, ok, type Result } from '#core/result.ts'
import type { Services } from '#renderer/app/services.ts'
import {
  areUnitsAssumed,
  datasetContract,
  evaluationLines,
} from '#renderer/review/episode/open-loop/dataset-contract.ts'
import type { EpisodePictures } from '#renderer/review/episode/open-loop/episode-pictures.ts'
import { errorFigure, secondsLeft } from '#renderer/review/episode/open-loop/open-loop-state.ts'
import { OpenLoopDesk } from '#renderer/review/episode/open-loop/open-loop.ts'
import { drawSurpriseLane, storedSurprise } from '#renderer/review/episode/open-loop/surprise-lane.tsx'
import { policySettings } from '#test/fakes/page-states.ts'
import { a1Entry } from '../../policies/imports.ts'
import { column, foreignDetail, ownDetail } from '../episodes.ts'

/** Two joints in radians and 0…1, two frames a chunk, one camera. */
const entry: PolicyEntry = {
  ...a1Entry,
  contract: {
    ...a1Entry.contract!,
    chunkLength: 2,
    cameras: [{ name: 'image0', width: 224, height: 224 }],
    state: [
      { name: 'shoulder_pan.pos', unit: 'radians' },
      { name: 'gripper.pos', unit: 'range_0_1' },
    ],
    action: [
      { name: 'shoulder_pan.pos', unit: 'radians' },
      { name: 'gripper.pos', unit: 'range_0_1' },
    ],
  },
}
const settings = policySettings({ cameras: { image0: 'front' } })

const detail = (): EpisodeDetail => ({
  ...ownDetail(),
  videos: [{ camera: 'front', file: 'front.mp4', sizeBytes: 9, fromSeconds: 0, toSeconds: 0.13 }],
})

interface Question {
  readonly state: Float32Array
  readonly past: readonly PictureMessage[]
  readonly present: readonly PictureMessage[]
  readonly hasForesight: boolean
}

/** A policy that answers `value` for every joint, pictures that are their frame's number. */
function deskOver(
  given: EpisodeDetail,
  options: {
    readonly lines?: readonly CheckLine[]
    readonly answer?: () => Promise<unknown>
    readonly picture?: (frame: number) => Result<PictureMessage>
  } = {},
): { desk: OpenLoopDesk; questions: Question[]; rigs: RigContract[] } {
  const questions: Question[] = []
  const rigs: RigContract[] = []
  const pictureOf = (frame: number): Result<PictureMessage> =>
    ok({ camera: 'image0', timeUs: Number.NaN, width: 1, height: 1, rgb: new Uint8Array(3).fill(frame) })
  const policy = {
    settings: () => Promise.resolve(settings),
    check: ({ rig }: { rig: RigContract }) => {
      rigs.push(rig)
      return Promise.resolve(options.lines ?? [])
    },
    predict: async (question: Question) => {
      questions.push(question)
      await options.answer?.()
      return {
        actions: Float32Array.of(0, 0.5, 0, 0.5),
        length: 2,
        width: 2,
        foresight: [{ camera: 'image0', timeUs: Number.NaN, width: 1, height: 1, rgb: new Uint8Array(3) }],
        stagesMs: { infer: 80, preprocess: 4 },
      }
    },
  }
  const pictures = {
    sizes: () => Promise.resolve(ok([{ name: 'front', width: 640, height: 480 }])),
    read: (_camera: string, _slot: string, frame: number) =>
      Promise.resolve((options.picture ?? pictureOf)(frame)),
    [Symbol.dispose]: () => undefined,
  } as unknown as EpisodePictures
  const desk = new OpenLoopDesk({
    detail: given,
    dir: '/data',
    robotType: 'so_follower',
    services: () => ({ policy, library: {} }) as unknown as Pick<Services, 'policy' | 'library'>,
    nowMs: () => 0,
    openPictures: () => pictures,
  })
  return { desk, questions, rigs }
}

const wish = { entry, stride: 2, hasForesight: true }
const statusOf = (desk: OpenLoopDesk): string => desk.store.getState().status.kind

describe('running a policy over an episode', () => {
  it('asks at every stride with the recorded state in the policy’s units and the pictures of then and before', async () => {
    const { desk, questions } = deskOver(detail())
    await desk.start(wish)
    expect(questions).toHaveLength(2)
    expect([...(questions[1]?.state ?? [])].map((value) => value.toFixed(3))).toEqual(['0.122', '0.520'])
    expect(questions[1]?.present[0]?.rgb[0]).toBe(2)
    expect(questions[1]?.past[0]?.rgb[0]).toBe(0)
    expect(statusOf(desk)).toBe('done')
  })

  it('scores joints and gripper, and gives its predictions back in the units of the dataset', async () => {
    const { desk } = deskOver(detail())
    await desk.start(wish)
    const { result } = desk.store.getState()
    const radians = (degrees: number): number => (degrees * Math.PI) / 180
    const joints = (radians(5) ** 2 + radians(8) ** 2 + radians(9) ** 2) / 4
    expect(result?.score.mseJoints).toBeCloseTo(joints, 10)
    expect(result?.score.mseGripper).toBe(0)
    expect(result?.score.mse).toBeCloseTo(joints / 2, 10)
    expect([...(result?.predicted.get('gripper') ?? [])]).toEqual([50, 50, 50, 50])
    expect(result?.medianMs).toBe(84)
    expect([...(result?.foresight.keys() ?? [])]).toEqual([0, 2])
    expect(result?.startOf(3)).toBe(2)
  })

  it('is checked against the episode as against a rig, and says which line does not fit', async () => {
    const line: CheckLine = {
      id: 'robotType',
      status: 'fail',
      expected: 'a2d',
      actual: 'so_follower',
      fix: '',
    }
    const { desk, questions, rigs } = deskOver(detail(), { lines: [line] })
    await desk.start(wish)
    expect(questions).toEqual([])
    expect(desk.store.getState().status).toMatchObject({ kind: 'misfit', lines: [line] })
    expect(rigs[0]).toMatchObject({
      fps: 30,
      cameras: [{ name: 'front', width: 640, height: 480 }],
      state: [
        { name: 'shoulder_pan.pos', unit: 'degrees' },
        { name: 'gripper.pos', unit: 'range_0_100' },
      ],
    })
  })

  it('can be given up between two chunks, and keeps what was compared', async () => {
    let desk: OpenLoopDesk | null = null
    const made = deskOver(detail(), { answer: () => Promise.resolve(desk?.cancel()) })
    desk = made.desk
    await desk.start(wish)
    expect(statusOf(desk)).toBe('cancelled')
    expect(desk.store.getState().result?.score.frames).toBe(2)
  })

  it('stops with the reason when a picture or the policy fails', async () => {
    const broken = deskOver(detail(), { picture: () => fail('dataset/damaged', 'no picture') })
    await broken.desk.start(wish)
    expect(broken.desk.store.getState().status).toMatchObject({
      kind: 'failed',
      fault: { code: 'dataset/damaged' },
    })
    const dead = deskOver(detail(), {
      answer: () => Promise.reject(new FaultError({ code: 'policy/runner-died', message: 'gone' })),
    })
    await dead.desk.start(wish)
    expect(dead.desk.store.getState().status).toMatchObject({ fault: { code: 'policy/runner-died' } })
  })

  it('tells nothing more once the episode was left', async () => {
    const { desk } = deskOver(detail())
    const started = desk.start(wish)
    desk[Symbol.dispose]()
    await started
    expect(desk.store.getState().result).toBeNull()
  })
})

describe('an episode in the place of a rig', () => {
  const contract = entry.contract!

  it('has the units that our own datasets have, and takes the policy’s where none are written', () => {
    const foreign = foreignDetail()
    expect(datasetContract(foreign, null, [], contract).state[0]?.unit).toBe('radians')
    expect(areUnitsAssumed(foreign)).toBe(true)
    expect(areUnitsAssumed(ownDetail())).toBe(false)
  })

  it('must have the policy’s rate and a channel for each of its joints', () => {
    const other = { ...ownDetail(), fps: 15 }
    expect(evaluationLines(other, contract, settings).map(({ id }) => id)).toEqual(['fps'])
    const wanting = { ...contract, action: [{ name: 'elbow.pos', unit: 'degrees' }] }
    expect(evaluationLines(ownDetail(), wanting, settings)).toMatchObject([
      { id: 'actionOrder', status: 'fail' },
    ])
    expect(evaluationLines({ fps: 30, columns: [] }, contract, settings)).toHaveLength(2)
    expect(evaluationLines(ownDetail(), contract, settings)).toEqual([])
  })
})

describe('figures of an evaluation', () => {
  it('span powers of ten', () => {
    expect([2.2e-5, 0.5, 12.34, 1012, 0, null].map(errorFigure)).toEqual([
      '2.20e−5',
      '0.500',
      '12.3',
      '1012',
      '0.00',
      '–',
    ])
  })

  it('tell the time left from the chunks so far', () => {
    const running = { kind: 'running', done: 2, total: 6, sinceMs: 0 } as const
    expect(secondsLeft(running, 3000)).toBe(6)
    expect(secondsLeft({ ...running, done: 0 }, 3000)).toBeNull()
    expect(secondsLeft({ kind: 'done' }, 1)).toBeNull()
  })
})

describe('stored surprise', () => {
  it('is a lane only where the dataset has scores', () => {
    const scores = column('foresight.surprise', [], [[-1], [0.1], [0.4], [Number.NaN]])
    const found = storedSurprise({ detail: { ...ownDetail(), columns: [scores] } })
    expect(found?.[2]).toBe(0.4)
    expect(found?.[0]).toBeNaN()
    expect(storedSurprise({ detail: ownDetail() })).toBeNull()
    const empty = column('foresight.surprise', [], [[Number.NaN]])
    expect(storedSurprise({ detail: { ...ownDetail(), columns: [empty] } })).toBeNull()
  })

  it('leaves gaps as gaps and stays inside the lane', () => {
    const bars: number[][] = []
    const context = {
      clearRect: () => undefined,
      fillRect: (...bar: number[]) => bars.push(bar),
    } as unknown as CanvasRenderingContext2D
    drawSurpriseLane(
      { context, width: 3, height: 12, token: () => '' },
      Float64Array.of(Number.NaN, 0.5, 7, Number.NaN),
    )
    expect(bars.map(([x, y, , tall]) => [x, y, tall])).toEqual([
      [1, 7, 5],
      [2, 2, 10],
    ])
  })
})
