import { Color, Matrix4, type Points } from 'three'
import { describe, expect, it } from 'vitest'
import { thinned } from '#renderer/scene/grip-path.ts'
import { PlanGhost } from '#renderer/scene/plan-ghost.ts'
import { so101Schematic } from '#renderer/scene/so101-schematic.ts'

const pose = (pan: number): number[] => [pan, 0.2, 0.3, 0.4, 0, 0.5]

const dotsOf = (ghost: PlanGhost): number => {
  const points = ghost.group.children[1] as Points
  return points.geometry.drawRange.count
}

describe('the ghost of the plan', () => {
  it('stands where the chunk ends, with a dot for every pose on the way', () => {
    using ghost = new PlanGhost(so101Schematic())
    expect(ghost.group.visible).toBe(false)
    ghost.setColour(new Color('violet'))
    ghost.set([pose(0), pose(0.1), pose(0.2)])
    expect(ghost.group.visible).toBe(true)
    expect(dotsOf(ghost)).toBe(3)
  })

  it('leaves out poses that are not whole, and is gone without any', () => {
    using ghost = new PlanGhost(so101Schematic())
    ghost.set([pose(0), pose(Number.NaN)])
    expect(dotsOf(ghost)).toBe(1)
    ghost.set([pose(Number.NaN)])
    expect(ghost.group.visible).toBe(false)
    ghost.set([])
    expect(ghost.group.visible).toBe(false)
  })

  it('keeps a long way short, evenly and with its end', () => {
    const way = Array.from({ length: 200 }, (_, index) => index)
    const kept = thinned(way, 64)
    expect(kept).toHaveLength(64)
    expect([kept[0], kept.at(-1)]).toEqual([0, 199])
    expect(thinned([1, 2], 64)).toEqual([1, 2])
    using ghost = new PlanGhost(so101Schematic())
    ghost.set(way.map((index) => pose(index / 200)))
    expect(dotsOf(ghost)).toBe(64)
    expect(ghost.group.matrixWorld.equals(new Matrix4())).toBe(true)
  })
})
