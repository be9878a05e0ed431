/**
 * `foresight sim`: the simulated pair alone. Without `--pty` the buses are local sockets, with it real serial ports that any
 * program which drives an SO-101 can open. Everything it made is gone when it ends.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { serialiseCalibration } from '#core/arm/calibration.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import { socketPath } from '#host/shared/host-options.ts'
import { makeFolders } from '#host/shared/make-folders.ts'
import { loadPtyAddon } from '#host/sim/link/pty-addon.ts'
import { PtyLink } from '#host/sim/link/pty-link.ts'
import { SocketLink } from '#host/sim/link/socket-link.ts'
import { askForPriority } from '#host/shared/priority.ts'
import { armNames, type CubeName, cubeNames } from '#host/sim/scene/layout.ts'
import { calibrationFor } from '#host/sim/servo/servo-set.ts'
import { type OpenLink, SimBench } from '#host/sim/sim-bench.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { readNumber, readOptions } from '../read-options.ts'

/** A timer cannot wait for longer than 24 days. */
const longestSeconds = 2_000_000

interface SimArguments {
  readonly ptyDir: string | null
  readonly seconds: number | null
  readonly seed: number
  readonly calibrationDir: string | null
  /** Cube that the scripted operator moves with the leader; null: nobody touches the leader. */
  readonly cube: CubeName | null
}

export const simCommand: CliCommand = {
  name: 'sim',
  summary: 'run the simulated SO-101 pair alone, for other programs to drive',
  usage: [
    'foresight sim [--pty DIR] [--seconds N] [--seed N] [--calibration DIR] [--operator CUBE] [--json]',
    '',
    '--pty DIR          serial ports DIR/leader and DIR/follower (Linux, macOS)',
    '--seconds N        end after N seconds; otherwise at Ctrl-C',
    '--seed N           spread the cubes by this seed',
    '--calibration DIR  write LeRobot calibration files leader.json and follower.json there',
    '--operator CUBE    somebody at the leader puts the red, green or yellow cube in the bin, once the follower follows',
  ].join('\n'),
  run: async (args, io) => {
    const parsed = readArguments(args)
    if (typeof parsed === 'string') return io.misuse(parsed)
    const folders = await prepareFolders(parsed)
    if (!folders.ok) return io.fail(folders.error)
    const made = folders.value
    try {
      return await runSim(parsed, made ?? parsed.ptyDir ?? '', io)
    } finally {
      if (made !== null) rmSync(made, { recursive: true, force: true })
    }
  },
}

async function runSim(options: SimArguments, dir: string, io: CliIo): Promise<number> {
  askForPriority()
  const openLink = linkOpener(options, dir, io.rootDir)
  if (!openLink.ok) return io.fail(openLink.error)
  const started = await SimBench.start({
    clock: machineClockUs,
    openLink: openLink.value,
    seed: options.seed,
  })
  if (!started.ok) return io.fail(started.error)
  await using bench = started.value
  if (options.seed !== 0) bench.world.resetCubes(options.seed)
  if (options.cube !== null) bench.leader.startOperator(options.seed, options.cube)

  const ports = Object.fromEntries(armNames.map((arm) => [arm, bench.lines[arm].link.address]))
  io.answer({ event: 'ready', ...ports }, () =>
    armNames.map((arm) => `${arm}: ${ports[arm] ?? ''}`).join('\n'),
  )
  if (options.seconds === null) io.note('Ctrl-C ends it')
  const startUs = machineClockUs()
  await ended(options.seconds, io.signal)
  const { stretchedUs } = bench.pump
  const summary = {
    event: 'ended',
    seconds: (machineClockUs() - startUs) / 1e6,
    simulatedSeconds: bench.world.simTimeUs / 1e6,
    stretchedSeconds: stretchedUs / 1e6,
    operator: options.cube === null ? null : bench.leader.report(),
  }
  io.answer(
    summary,
    () =>
      `ran ${summary.seconds.toFixed(1)} s, ${summary.stretchedSeconds.toFixed(2)} s of them lost to a slow machine`,
  )
  return 0
}

function readArguments(args: readonly string[]): SimArguments | string {
  const read = readOptions(args, {
    pty: 'value',
    seconds: 'value',
    seed: 'value',
    calibration: 'value',
    operator: 'value',
  })
  if (typeof read === 'string') return read
  const { pty, seconds: secondsText, seed: seedText, calibration, operator } = read.values
  if (read.positionals.length > 0) return `unexpected ${read.positionals.join(' ')}`
  const seconds = readNumber(secondsText, 'seconds', { min: 0.1, max: longestSeconds })
  if (typeof seconds === 'string') return seconds
  const seed = readNumber(seedText, 'seed', { min: 0, max: 2 ** 32 - 1, isInteger: true })
  if (typeof seed === 'string') return seed
  const cube = cubeNames.find((name) => name === operator) ?? null
  if (operator !== undefined && cube === null)
    return `--operator ${operator} is no cube: ${cubeNames.join(', ')}`
  return {
    cube,
    ptyDir: pty === undefined ? null : resolve(pty),
    seconds,
    seed: seed ?? 0,
    calibrationDir: calibration === undefined ? null : resolve(calibration),
  }
}

/**
 * Sockets need a private folder; serial links and calibration files go where the user said.
 * @returns the private folder, null when none is needed; `shell/io` when a folder cannot be made or written to
 */
async function prepareFolders({ ptyDir, calibrationDir }: SimArguments): Promise<Result<string | null>> {
  try {
    if (ptyDir !== null) await makeFolders(ptyDir)
    if (calibrationDir !== null) await writeCalibrations(calibrationDir)
    return ok(ptyDir === null ? mkdtempSync(join(tmpdir(), 'foresight-sim-')) : null)
  } catch (error) {
    return fail('shell/io', error instanceof Error ? error.message : String(error))
  }
}

function linkOpener({ ptyDir }: SimArguments, dir: string, rootDir: string): Result<OpenLink> {
  if (ptyDir === null)
    return ok(async (arm, events) => await SocketLink.open(socketPath(dir, `sim-${arm}`), events))
  const addon = loadPtyAddon(join(rootDir, 'native', 'pty'))
  if (!addon.ok) return addon
  return ok(async (arm, events) => await PtyLink.open(addon.value, join(dir, arm), events))
}

async function writeCalibrations(dir: string): Promise<void> {
  await makeFolders(dir)
  for (const arm of armNames)
    writeFileSync(join(dir, `${arm}.json`), serialiseCalibration(calibrationFor(arm)))
}

async function ended(seconds: number | null, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const stopped = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  if (seconds === null) await stopped
  else await Promise.race([stopped, delay(seconds * 1000, undefined, { signal }).catch(() => undefined)])
}
