/**
 * How long to wait for a chunk, and for how long one that waits to be followed is worth anything. Both depend on what the
 * policy usually takes: a limit that suits a quick one would keep a slow one from ever answering in time.
 */
import type { ChunkLatency } from './chunk-latency.ts'

/** Nothing was ever answered: a first inference may compile, and a host that is gone says so by itself. */
const unknownUs = 30_000_000
const timeoutTimes = 4
/** A chunk waits while the next is computed, and that one begins after the pause between probes. */
const readyTimes = 2.5

/** Microseconds until a request is given up; never below `leastUs`. */
export function requestLimitUs(latency: ChunkLatency, leastUs: number): number {
  const usualUs = latency.quantileUs(0.95) ?? latency.firstUs
  return usualUs === null ? Math.max(leastUs, unknownUs) : Math.max(leastUs, timeoutTimes * usualUs)
}

/** Microseconds after its observation for which a chunk may begin the policy's turn; never below `leastUs`. */
export function readyLimitUs(latency: ChunkLatency, leastUs: number): number {
  return Math.max(leastUs, readyTimes * (latency.quantileUs(0.95) ?? latency.firstUs ?? 0))
}
