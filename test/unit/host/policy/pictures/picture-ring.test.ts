import { describe, expect, it } from 'vitest'
import type { PictureDemand } from '#contract/services/pictures.ts'
import { pictureDemandOf } from '#host/policy/pictures/picture-demand.ts'
import { PictureRing } from '#host/policy/pictures/picture-ring.ts'
import { modelPicture, tickUs, wishOf } from './model-pictures.ts'

const wish = wishOf({ 'observation.images.top': 'front', wrist: 'wrist' })

/** Both cameras at ticks 0…count−1; the level says the tick. */
function filled(count: number, cores = 8): PictureRing {
  const ring = new PictureRing(cores)
  ring.wish(wish)
  for (let tick = 0; tick < count; tick++) {
    const us = Math.round(tick * tickUs)
    ring.take([modelPicture('front', us, 100 * tick), modelPicture('wrist', us, 100 * tick + 1)])
  }
  return ring
}

const levelOf = (picture: { planes: Float32Array } | undefined): number =>
  Math.round(65535 * (picture?.planes[0] ?? Number.NaN))

describe('what a policy is shown', () => {
  it('is what each camera saw when the arm was read, and fifteen ticks before, by the names of its contract', () => {
    const seen = filled(40).at(Math.round(39 * tickUs) + 5000, wish)
    expect(seen.ok && Object.keys(seen.value.present)).toEqual(['observation.images.top', 'wrist'])
    if (!seen.ok) return
    expect(levelOf(seen.value.present['observation.images.top'])).toBe(3900)
    expect(levelOf(seen.value.past['observation.images.top'])).toBe(2400)
    expect(levelOf(seen.value.past['wrist'])).toBe(2401)
    expect(seen.value.ageMs).toBeCloseTo(5, 1)
  })

  it('has the oldest picture as its past while the stream is young', () => {
    const seen = filled(4).at(Math.round(3 * tickUs), wish)
    expect(seen.ok && levelOf(seen.value.past['wrist'])).toBe(1)
  })

  it('has no past for a policy that wants none', () => {
    const ring = new PictureRing(8)
    const present = wishOf({ wrist: 'wrist' }, 0)
    ring.wish(present)
    ring.take([modelPicture('wrist', 0, 5)])
    expect(ring.at(1000, present)).toMatchObject({ ok: true, value: { past: {} } })
  })

  it('stops with the name of a camera that never gave a picture', () => {
    const ring = new PictureRing(8)
    ring.wish(wish)
    ring.take([modelPicture('front', 0, 1)])
    expect(ring.at(1000, wish)).toMatchObject({
      ok: false,
      error: { code: 'policy/pictures-stopped', data: { camera: 'wrist' } },
    })
  })

  it('stops when the stream of one camera does, and goes on when it comes back', () => {
    const ring = filled(20)
    const later = Math.round(19 * tickUs) + 400_000
    ring.take([modelPicture('front', later, 7)])
    expect(ring.at(later, wish)).toMatchObject({
      ok: false,
      error: { code: 'policy/pictures-stopped', data: { camera: 'wrist', ageMs: 400 } },
    })
    ring.take([modelPicture('wrist', later, 8)])
    const seen = ring.at(later, wish)
    expect(seen.ok && levelOf(seen.value.past['wrist'])).toBe(8)
  })

  it('never is a picture of another size, of a camera that is not wanted, or older than one before', () => {
    const ring = filled(1)
    ring.take([
      { ...modelPicture('front', 99_000, 9), width: 4 },
      modelPicture('side', 99_000, 9),
      modelPicture('wrist', -5, 9),
    ])
    expect(ring.ages(33_000)).toEqual({ front: 33, wrist: 33 })
  })

  it('is forgotten when another policy is loaded', () => {
    const ring = filled(3)
    ring.wish(wishOf({ wrist: 'front' }))
    expect(ring.ages(0)).toEqual({})
  })
})

describe('what the page is asked for', () => {
  it('is told at once and whenever it changes, and null while no policy that sees is loaded', () => {
    const ring = new PictureRing(8)
    const demands: PictureDemand[] = []
    using _follow = ring.follow((demand) => void demands.push(demand))
    ring.wish(wish)
    ring.wish(wish)
    ring.wish(null)
    expect(demands).toEqual([
      null,
      { policyId: 'own/seer', cameras: ['front', 'wrist'], side: 8, fps: 30, everyTicks: 1 },
      null,
    ])
  })

  it('is every third tick for large pictures and on small machines, as long as that divides the history', () => {
    const large = { ...wish, need: { side: 448, historyTicks: 15 } }
    expect(pictureDemandOf(wish, 8)?.everyTicks).toBe(1)
    expect(pictureDemandOf(wish, 2)?.everyTicks).toBe(3)
    expect(pictureDemandOf(large, 8)?.everyTicks).toBe(3)
    expect(pictureDemandOf({ ...large, need: { side: 448, historyTicks: 10 } }, 8)?.everyTicks).toBe(1)
    expect(pictureDemandOf({ ...wish, need: { side: null, historyTicks: 0 } }, 8)?.everyTicks).toBe(3)
  })

  it('names a camera once that fills two slots, and asks for nothing when every slot is empty', () => {
    expect(pictureDemandOf(wishOf({ a: 'front', b: 'front' }), 8)?.cameras).toEqual(['front'])
    expect(pictureDemandOf(wishOf({}), 8)).toBeNull()
  })
})
