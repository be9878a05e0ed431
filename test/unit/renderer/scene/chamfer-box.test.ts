import * as fc from 'fast-check'
import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { chamferBox } from '#renderer/scene/chamfer-box.ts'

const half = fc.double({ min: 0.002, max: 0.5, noNaN: true })

describe('chamferBox', () => {
  it('is a closed solid of 44 outward triangles within the box', () => {
    fc.assert(
      fc.property(half, half, half, fc.double({ min: 0.0005, max: 0.02, noNaN: true }), (a, b, c, cut) => {
        const geometry = chamferBox([a, b, c], cut)
        const [positions, normals] = [geometry.getAttribute('position'), geometry.getAttribute('normal')]
        expect(positions.count).toBe(3 * 44)
        let volume = 0
        for (let i = 0; i < positions.count; i += 3) {
          const [p, q, r] = [0, 1, 2].map((n) => new Vector3().fromBufferAttribute(positions, i + n))
          if (p === undefined || q === undefined || r === undefined) throw new Error('no triangle')
          const faced = new Vector3().subVectors(q, p).cross(new Vector3().subVectors(r, p))
          const normal = new Vector3().fromBufferAttribute(normals, i)
          // Wound like its normal, and away from the centre.
          expect(faced.dot(normal)).toBeGreaterThan(0)
          expect(p.dot(normal)).toBeGreaterThan(0)
          volume += p.dot(new Vector3().crossVectors(q, r)) / 6
          for (const corner of [p, q, r]) {
            expect(Math.abs(corner.x)).toBeLessThanOrEqual(a + 1e-7)
            expect(Math.abs(corner.y)).toBeLessThanOrEqual(b + 1e-7)
            expect(Math.abs(corner.z)).toBeLessThanOrEqual(c + 1e-7)
          }
        }
        // A hole or an inside-out face would show in the volume.
        const d = Math.min(cut, a / 2, b / 2, c / 2)
        const edges = 4 * (a + b + c) * 2 * ((d * d) / 2)
        const whole = 8 * a * b * c
        expect(volume).toBeGreaterThan((whole - edges) * (1 - 1e-5))
        expect(volume).toBeLessThan(whole * (1 + 1e-5))
      }),
      { numRuns: 40 },
    )
  })
})
