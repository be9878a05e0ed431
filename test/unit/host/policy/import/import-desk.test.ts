import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportJob } from '#contract/services/policy-import.ts'
import { ImportDesk } from '#host/policy/import/import-desk.ts'
import { copyCheckpoint, resourcesDir, type CheckpointCopy } from './checkpoint-copy.ts'

let copy: CheckpointCopy
let desk: ImportDesk
beforeEach(async () => {
  copy = await copyCheckpoint()
  const { ownDir, dataDir, nowMs } = copy.options
  desk = new ImportDesk({ ownDir, dataDir, resourcesDir, nowMs, trial: () => Promise.resolve([]) })
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await copy[Symbol.asyncDispose]()
})

/** The job once it has ended. */
const ended = (jobId: string): Promise<ImportJob> =>
  new Promise((resolve) => {
    desk.follow((jobs) => {
      const job = jobs.find((known) => known.jobId === jobId)
      if (job !== undefined && job.status !== 'running') resolve(job)
    })
  })

describe('the import desk', () => {
  it('tells every follower how a job goes, and what came of it', async () => {
    const { jobId } = desk.start(copy.question)
    expect(await ended(jobId)).toMatchObject({ status: 'done', policyId: 'own/my-policy', name: 'My policy' })
    expect(await desk.report('own/my-policy')).toMatchObject({ architecture: 'qwena1' })
  })

  it('keeps a failed job with its fault, and does the next', async () => {
    const first = desk.start({ ...copy.question, source: '/nowhere' })
    const second = desk.start(copy.question)
    expect(await ended(first.jobId)).toMatchObject({ status: 'failed', fault: { code: 'policy/not-found' } })
    expect(await ended(second.jobId)).toMatchObject({ status: 'done' })
  })

  it('cancels a job that waits', async () => {
    desk.start(copy.question)
    const { jobId } = desk.start({ ...copy.question, name: 'Other' })
    desk.cancel(jobId)
    expect(await ended(jobId)).toMatchObject({ status: 'cancelled', fault: null })
  })

  it('moves a policy to the trash and back', async () => {
    const { jobId } = desk.start(copy.question)
    await ended(jobId)
    await desk.remove('own/my-policy')
    await expect(desk.report('own/my-policy')).rejects.toMatchObject({ fault: { code: 'policy/not-found' } })
    await desk.undoRemove('own/my-policy')
    expect(await desk.report('own/my-policy')).toMatchObject({ architecture: 'qwena1' })
  })

  it('never leaves the folder of the user’s own policies', async () => {
    for (const id of ['own/../secret', 'own/.trash', 'shipped', 'own/a/b'])
      await expect(desk.remove(id)).rejects.toMatchObject({ fault: { code: 'policy/not-found' } })
  })

  it('says what a folder holds without importing it', async () => {
    expect(await desk.inspect(copy.checkpoint)).toMatchObject({ architecture: 'qwena1', selfChecks: [] })
  })
})
