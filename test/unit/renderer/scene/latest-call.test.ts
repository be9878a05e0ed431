import { describe, expect, it } from 'vitest'
import { LatestCall } from '#renderer/scene/latest-call.ts'

describe('LatestCall', () => {
  it('has one call under way and then sends the newest argument only', async () => {
    const sent: number[] = []
    const answers: (() => void)[] = []
    const call = new LatestCall<number>((argument) => {
      sent.push(argument)
      return new Promise((resolve) => answers.push(resolve))
    })
    for (const argument of [1, 2, 3]) call.send(argument)
    expect(sent).toEqual([1])
    answers[0]?.()
    await Promise.resolve()
    await Promise.resolve()
    expect(sent).toEqual([1, 3])
  })

  it('sends nothing more once cancelled', async () => {
    const sent: number[] = []
    const answers: (() => void)[] = []
    const call = new LatestCall<number>((argument) => {
      sent.push(argument)
      return new Promise((resolve) => answers.push(resolve))
    })
    call.send(1)
    call.send(2)
    call.cancel()
    answers[0]?.()
    await Promise.resolve()
    await Promise.resolve()
    expect(sent).toEqual([1])
  })
})
