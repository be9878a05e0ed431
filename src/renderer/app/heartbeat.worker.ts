/**
 * A metronome: timers of a hidden page are throttled to one a second or less, those of a worker are not. The page beats
 * from its own thread on each tick, so a page that hangs still falls silent and the arm stops.
 */
const periodMs = 60

setInterval(() => postMessage(0), periodMs)
