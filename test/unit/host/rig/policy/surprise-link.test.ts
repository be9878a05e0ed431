import { describe, expect, it } from 'vitest'
import { connect, type Connection } from '#contract/rpc/connect.ts'
import { implement, serve } from '#contract/rpc/serve.ts'
import type { StreamEmitter } from '#contract/rpc/types.ts'
import { foresightForRig } from '#contract/services/pictures.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { SurpriseLink } from '#host/rig/policy/surprise-link.ts'

interface Score {
  readonly policyId: string
  readonly chunkId: number
  readonly observationUs: number
  readonly dueUs: number
  readonly score: number
}

/** The policy host's end: listens or not, and can be lost. */
class FakeForesight {
  isThere = true
  readonly #emitters = new Set<StreamEmitter<Score>>()
  #lose: () => void = () => undefined

  open = async (): Promise<Connection> => {
    if (!this.isThere) throw new Error('nobody listens')
    const [rig, host] = memoryPair()
    serve(
      [
        implement(foresightForRig, {
          surprises: (_params, emitter) => {
            this.#emitters.add(emitter)
            return { [Symbol.dispose]: () => this.#emitters.delete(emitter) }
          },
        }),
      ],
      host,
      'rig',
    )
    this.#lose = () => host.close()
    return connect(rig)
  }
  async say(dueUs: number, score: number): Promise<void> {
    const told = { policyId: 'own/seer', chunkId: 1, observationUs: dueUs - 500_000, dueUs, score }
    for (const emitter of this.#emitters) await emitter.emit(told)
    await turns()
  }
  async die(): Promise<void> {
    this.isThere = false
    this.#lose()
    await turns()
  }
}

/** Lets what was posted arrive. */
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function setUp(): Promise<{
  foresight: FakeForesight
  link: SurpriseLink
  retry: () => Promise<void>
}> {
  const foresight = new FakeForesight()
  const waiting: (() => void)[] = []
  const link = new SurpriseLink({
    open: foresight.open,
    later: (callback) => {
      waiting.push(callback)
      return { [Symbol.dispose]: () => undefined }
    },
  })
  await turns()
  const retry = async (): Promise<void> => {
    for (const callback of waiting.splice(0)) callback()
    await turns()
  }
  return { foresight, link, retry }
}

describe('the surprise that a row gets', () => {
  it('is the newest, from its moment on and for two seconds', async () => {
    const { foresight, link } = await setUp()
    expect(link.at(0)).toBeNull()
    await foresight.say(1_000_000, 0.25)
    expect(link.at(999_999)).toBeNull()
    expect(link.at(1_000_000)).toBe(0.25)
    await foresight.say(2_000_000, 0.5)
    expect(link.at(2_100_000)).toBe(0.5)
    expect(link.at(4_000_001)).toBeNull()
    link[Symbol.dispose]()
  })

  it('is none once the policy host is gone, and comes again with it', async () => {
    const { foresight, link, retry } = await setUp()
    await foresight.say(1_000_000, 0.25)
    await foresight.die()
    expect(link.at(1_100_000)).toBeNull()
    await retry()
    foresight.isThere = true
    await retry()
    await foresight.say(1_200_000, 0.3)
    expect(link.at(1_300_000)).toBe(0.3)
    link[Symbol.dispose]()
  })

  it('is not asked for any more after the end', async () => {
    const { foresight, link, retry } = await setUp()
    link[Symbol.dispose]()
    foresight.isThere = true
    await retry()
    await foresight.say(1_000_000, 0.25)
    expect(link.at(1_000_000)).toBeNull()
  })
})
