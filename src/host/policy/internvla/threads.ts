/** How many cores a large model may use: all but one, which the control loop, the page and the encoder share. */
import { availableParallelism } from 'node:os'

export const computeThreads = (): number => Math.max(1, availableParallelism() - 1)
