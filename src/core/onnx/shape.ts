/** Static shape arithmetic of ONNX operators. A mismatch is a bug of the emitter and throws. */

export type Shape = readonly number[]

const text = (shape: Shape): string => `[${shape.join(', ')}]`

/** Numpy's rule: align to the right, sizes equal or one of them 1. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[a.length - rank + axis] ?? 1
    const right = b[b.length - rank + axis] ?? 1
    if (left !== right && left !== 1 && right !== 1)
      throw new Error(`cannot broadcast ${text(a)} with ${text(b)}`)
    return left === 1 ? right : left
  })
}

/** A possibly negative axis as an index into the shape. */
export function axisIndex(shape: Shape, axis: number): number {
  const index = axis < 0 ? shape.length + axis : axis
  if (index < 0 || index >= shape.length) throw new Error(`axis ${axis} is outside ${text(shape)}`)
  return index
}

/** Sizes of a value with four axes. */
export function fourSizes(shape: Shape): readonly [number, number, number, number] {
  const [a, b, c, d] = shape
  if (a === undefined || b === undefined || c === undefined || d === undefined || shape.length !== 4)
    throw new Error(`${text(shape)} has not four axes`)
  return [a, b, c, d]
}

export function sizeAt(shape: Shape, axis: number): number {
  const size = shape[axisIndex(shape, axis)]
  if (size === undefined) throw new Error(`axis ${axis} is outside ${text(shape)}`)
  return size
}

export const withAxis = (shape: Shape, axis: number, size: number): Shape =>
  shape.with(axisIndex(shape, axis), size)

/** Batched matrix product `[…, m, k] × […, k, n]`; both operands have at least two axes. */
export function matMulShape(a: Shape, b: Shape): Shape {
  if (a.length < 2 || b.length < 2 || sizeAt(a, -1) !== sizeAt(b, -2)) {
    throw new Error(`cannot multiply ${text(a)} by ${text(b)}`)
  }
  return [...broadcastShape(a.slice(0, -2), b.slice(0, -2)), sizeAt(a, -2), sizeAt(b, -1)]
}

/** Sizes along `axis` add up; every other axis is equal. */
export function concatShape(shapes: readonly Shape[], axis: number): Shape {
  const [first] = shapes
  if (first === undefined) throw new Error('nothing to concatenate')
  const at = axisIndex(first, axis)
  for (const shape of shapes) {
    if (shape.length !== first.length || shape.some((size, index) => index !== at && size !== first[index])) {
      throw new Error(`cannot concatenate ${shapes.map(text).join(' ')} along ${axis}`)
    }
  }
  return withAxis(
    first,
    at,
    shapes.reduce((sum, shape) => sum + sizeAt(shape, at), 0),
  )
}

/** `-1` in `target` takes what is left of the element count. */
export function reshapeShape(from: Shape, target: Shape): Shape {
  const count = from.reduce((product, size) => product * size, 1)
  const known = target.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const shape = target.map((size) => (size === -1 ? count / known : size))
  if (shape.reduce((product, size) => product * size, 1) !== count || !shape.every(Number.isSafeInteger)) {
    throw new Error(`cannot reshape ${text(from)} to ${text(target)}`)
  }
  return shape
}
