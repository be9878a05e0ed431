/** The one clock of all Node processes on a machine: CLOCK_MONOTONIC, mach_absolute_time or QPC, in microseconds. */
export type Clock = () => number

export const machineClockUs: Clock = () => Number(process.hrtime.bigint() / 1000n)
