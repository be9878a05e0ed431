/** A server's answer: the chunk it holds, checked, and how long it says it took. */
import { numbersOf } from '#core/policy/openpi/array-values.ts'
import { isWireMap, NdArray, NpScalar, type WireMap, type WireValue } from '#core/policy/openpi/wire-value.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { checkActions } from '../action-check.ts'

export interface Reply {
  /** Row-major [length, width]. */
  readonly actions: Float32Array
  /** The server's own figure for the inference; null where it gives none. */
  readonly serverMs: number | null
}

/**
 * Fails with `policy/remote-protocol` where there is no chunk, `policy/wrong-shape`, `policy/not-finite` or
 * `policy/out-of-range` where it is not the one that the contract promises.
 */
export function readReply(
  reply: WireMap,
  actionsKey: string,
  { action, chunkLength }: PolicyContract,
): Result<Reply> {
  const array = reply[actionsKey]
  if (!(array instanceof NdArray)) {
    const has = Object.keys(reply).join(', ') || 'nothing'
    const reason = `its answer has no array ${actionsKey}, only ${has}`
    return fail('policy/remote-protocol', `the policy server: ${reason}`, { reason })
  }
  const [rows, width] = array.shape
  if (array.shape.length !== 2 || rows !== chunkLength || width !== action.length) {
    const shape = array.shape.join(', ')
    return fail(
      'policy/wrong-shape',
      `the server answers [${shape}], the contract says [${chunkLength}, ${action.length}]`,
      { tensor: actionsKey, shape: array.shape },
    )
  }
  const numbers = numbersOf(array)
  if (!numbers.ok) return numbers
  const actions = Float32Array.from(numbers.value)
  const checked = checkActions(actions, action)
  return checked.ok ? ok({ actions, serverMs: serverMsOf(reply) }) : checked
}

/** openpi's servers measure themselves; RoboArena's do not. */
function serverMsOf(reply: WireMap): number | null {
  for (const key of ['server_timing', 'policy_timing']) {
    const timing = reply[key]
    const ms = isWireMap(timing) ? numberOf(timing['infer_ms']) : null
    if (ms !== null && Number.isFinite(ms) && ms >= 0) return ms
  }
  return null
}

function numberOf(value: WireValue | undefined): number | null {
  if (typeof value === 'number') return value
  return value instanceof NpScalar && typeof value.value === 'number' ? value.value : null
}
