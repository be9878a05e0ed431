import { describe, expect, it, vi } from 'vitest'
import { ok } from '#core/result.ts'
import { FaultError } from '#core/result.ts'
import { EpisodeDetails } from '#renderer/review/episode-details.ts'
import { ThumbnailShelf } from '#renderer/review/thumbnail-shelf.ts'
import { settle } from '#test/fakes/manual-timers.ts'
import { ownDetail } from './episodes.ts'

const made: string[] = []
const closed: string[] = []

const picture = (name: string): ImageBitmap => ({
  width: 4,
  height: 3,
  close: () => void closed.push(name),
})

vi.mock('#renderer/video/episode-video.ts', () => ({
  createEpisodeVideo: ({ dir }: { dir: string }) => ({
    firstPicture: () => {
      made.push(dir)
      return Promise.resolve(ok(picture(dir)))
    },
    lastPicture: () => Promise.resolve(ok(picture(dir))),
    [Symbol.dispose]: () => undefined,
  }),
}))

const video = { camera: 'front', file: 'front.mp4', sizeBytes: 9, fromSeconds: 0, toSeconds: 1 }

describe('details of episodes', () => {
  it('are read once, as long as they are looked at', async () => {
    const asked: number[] = []
    const details = new EpisodeDetails(() => ({
      episode: ({ episodeIndex }) => {
        asked.push(episodeIndex)
        return Promise.resolve(ownDetail())
      },
    }))
    await details.get('/d', 0)
    await details.get('/d', 0)
    expect(asked).toEqual([0])
    for (let index = 1; index <= 8; index += 1) await details.get('/d', index)
    await details.get('/d', 0)
    expect(asked.filter((index) => index === 0)).toHaveLength(2)
    details.forget()
    await details.get('/d', 8)
    expect(asked.filter((index) => index === 8)).toHaveLength(2)
  })

  it('that could not be read are tried again', async () => {
    let tries = 0
    const details = new EpisodeDetails(() => ({
      episode: () => {
        tries += 1
        return Promise.reject(new FaultError({ code: 'dataset/io', message: 'busy' }))
      },
    }))
    await expect(details.get('/d', 0)).rejects.toThrow('busy')
    await expect(details.get('/d', 0)).rejects.toThrow('busy')
    expect(tries).toBe(2)
  })

  it('are nothing without a connection', async () => {
    expect(await new EpisodeDetails(() => null).get('/d', 0)).toBeNull()
  })
})

describe('thumbnails', () => {
  const shelf = (videos = [video]): ThumbnailShelf =>
    new ThumbnailShelf({ get: () => Promise.resolve({ ...ownDetail(), videos }) }, () => ({
      readBytes: () => Promise.resolve(new Uint8Array()),
      readPicture: () => Promise.resolve(new Uint8Array()),
    }))

  it('are made one after the other, what is on screen now first', async () => {
    made.length = 0
    const pictures = shelf()
    for (const dir of ['/a', '/b', '/c']) pictures.want(dir, 0)
    const takeBack = pictures.want('/d', 0)
    takeBack()
    await settle(80)
    expect(made).toEqual(['/a', '/c', '/b'])
    expect(pictures.peek('/c', 0)).not.toBeNull()
    expect(pictures.peek('/d', 0)).toBeNull()
  })

  it('tell who waits, and are let go when numbers change their meaning', async () => {
    closed.length = 0
    const pictures = shelf()
    let told = 0
    pictures.subscribe(() => (told += 1))
    pictures.want('/a', 0)
    await settle(40)
    expect(told).toBe(1)
    const { generation } = pictures
    pictures.forget()
    expect(pictures.peek('/a', 0)).toBeNull()
    expect(pictures.generation).toBe(generation + 1)
    expect(closed).toEqual(['/a', '/a'])
  })

  it('that belong to old numbers are thrown away when they come late', async () => {
    closed.length = 0
    const pictures = shelf()
    pictures.want('/late', 0)
    pictures.forget()
    await settle(40)
    expect(pictures.peek('/late', 0)).toBeNull()
    expect(closed).toEqual(['/late', '/late'])
  })

  it('are not asked for twice where there is no video', async () => {
    made.length = 0
    const pictures = shelf([])
    pictures.want('/a', 0)
    await settle(40)
    pictures.want('/a', 0)
    await settle(40)
    expect(made).toEqual([])
    expect(pictures.peek('/a', 0)).toBeNull()
  })

  it('keep a few screens of them and close the oldest', async () => {
    closed.length = 0
    const pictures = shelf()
    for (let index = 0; index < 125; index += 1) {
      pictures.want('/many', index)
      await settle(20)
    }
    expect(pictures.peek('/many', 124)).not.toBeNull()
    expect(pictures.peek('/many', 0)).toBeNull()
    expect(closed).toHaveLength(10)
  })
})
