import { describe, expect, it } from 'vitest'
import { LatestJob } from '#renderer/video/latest-job.ts'

/** Work that finishes when told. */
function manual() {
  const begun: number[] = []
  const finish: (() => void)[] = []
  const job = new LatestJob<number, number>(
    (argument) =>
      new Promise((resolve) => {
        begun.push(argument)
        finish.push(() => resolve(argument * 10))
      }),
  )
  return { job, begun, finish }
}

describe('LatestJob', () => {
  it('does one thing at a time, and after it only the newest request', async () => {
    const { job, begun, finish } = manual()
    const [first, second, third] = [job.run(1), job.run(2), job.run(3)]
    expect(begun).toEqual([1])
    expect(await second).toBe('superseded')
    finish[0]?.()
    expect(await first).toBe(10)
    expect(begun).toEqual([1, 3])
    finish[1]?.()
    expect(await third).toBe(30)
    expect(job.isIdle).toBe(true)
  })
})
