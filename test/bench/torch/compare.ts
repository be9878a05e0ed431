/**
 * Our graph in ONNX Runtime against PyTorch on the same CPU, weights, inputs and number of threads, one after the other in one
 * run. `node test/bench/torch/compare.ts` prints the ratios; `compareWithTorch` is for `npm run bench`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { internVla } from '#core/policy/internvla/trunk.ts'
import type { Result } from '#core/result.ts'
import { callFeeds } from '#host/policy/internvla/call-feeds.ts'
import { CheckpointSource } from '#host/policy/internvla/model-source.ts'
import { openOrtSession, tensorOf } from '#host/policy/runner/ort-session.ts'
import { printFigure, type Figure } from '../report.ts'
import { writeMidSize, type Call } from './mid-size.ts'
import { outputOf, torchPython } from './torch-python.ts'

interface Timing {
  /** Milliseconds a call. */
  readonly median: number
  readonly actions: readonly number[]
}

interface ThreadFigures {
  readonly threads: number
  readonly ours: number
  readonly eager: number
  /** Null where `torch.compile` does not work, with the reason. */
  readonly compiled: number | null
  readonly compiledMissing: string | null
  /** Largest difference of any action, ours to eager. */
  readonly difference: number
}

export type TorchComparison = readonly ThreadFigures[] | { readonly missing: string }

const repeats = 9

export async function compareWithTorch(): Promise<TorchComparison> {
  const environment = torchPython()
  if ('missing' in environment) return environment
  const { python } = environment
  const folder = await mkdtemp(join(tmpdir(), 'foresight-torch-'))
  try {
    const call = await writeMidSize(folder)
    const figures: ThreadFigures[] = []
    for (const threads of [1, 2]) {
      const eager = await timePort(python, folder, threads, 'eager')
      const ours = await timeOurs(folder, call, threads)
      const compiled = await timePort(python, folder, threads, 'compile').catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      )
      const isCompiled = typeof compiled !== 'string'
      figures.push({
        threads,
        ours: ours.median,
        eager: eager.median,
        compiled: isCompiled ? compiled.median : null,
        compiledMissing: isCompiled ? null : compiled,
        difference: Math.max(
          ...ours.actions.map((value, index) => Math.abs(value - (eager.actions[index] ?? Number.NaN))),
        ),
      })
    }
    return figures
  } catch (error) {
    return { missing: `a comparison that ends: ${String(error)}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the bench prints. */
export function torchFigures(figures: readonly ThreadFigures[]): readonly Figure[] {
  return figures.flatMap(({ threads, ours, eager, compiled, difference }) => {
    const at = threads === 1 ? '1 thread' : `${threads} threads`
    const ratio: Figure = {
      name: `PyTorch eager : ours, ${at}`,
      value: eager / ours,
      unit: '×',
      budget: 1.5,
      isFloor: true,
      note: `${eager.toFixed(0)} : ${ours.toFixed(0)} ms, actions differ by ${difference.toExponential(1)}`,
    }
    if (compiled === null) return [ratio]
    const note = `${compiled.toFixed(0)} : ${ours.toFixed(0)} ms`
    return [ratio, { name: `torch.compile : ours, ${at}`, value: compiled / ours, unit: '×', note }]
  })
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

async function timePort(
  python: string,
  folder: string,
  threads: number,
  mode: 'eager' | 'compile',
): Promise<Timing> {
  const script = join(import.meta.dirname, 'time_port.py')
  const text = await outputOf(python, [script, folder, String(threads), mode, String(repeats)])
  const { times, actions } = JSON.parse(text.slice(text.indexOf('{'))) as {
    readonly times: readonly number[]
    readonly actions: readonly number[]
  }
  return { median: median(times), actions }
}

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

/** With the runner's own options, in this process. */
async function timeOurs(folder: string, call: Call, threads: number): Promise<Timing> {
  await using source = unwrap(await CheckpointSource.open(folder))
  const graph = unwrap(await source.graph({ part: 'mono', isTraced: false, hasForesight: false }))
  const session = unwrap(
    await openOrtSession({
      ...graph,
      sidecars: [],
      provider: 'cpu',
      threads,
      hasPrepacking: true,
      keep: [],
    }),
  )
  const inputs = unwrap(callFeeds(source.model, await inputsOf(source, call)))
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, tensorOf(value)]))
  const once = async (): Promise<readonly number[]> => {
    const { actions } = unwrap(await session.run(feeds, null))
    if (actions?.type !== 'float32') throw new Error('no actions')
    return [...actions.data]
  }
  const actions = await once()
  await once()
  const times: number[] = []
  for (let index = 0; index < repeats; index++) {
    const began = performance.now()
    await once()
    times.push(performance.now() - began)
  }
  await session.close()
  return { median: median(times), actions }
}

async function inputsOf(source: CheckpointSource, call: Call) {
  const side = source.model.trunk.inputSide
  const size = 3 * side * side
  const picture = (index: number) => ({
    width: side,
    height: side,
    planes: call.images.subarray(index * size, (index + 1) * size),
  })
  return {
    views: Array.from({ length: internVla.views }, (_, view) => ({
      past: picture(2 * view),
      present: picture(2 * view + 1),
    })),
    textRows: unwrap(await source.textRows(call.ids)),
    textTokens: call.textTokens,
    state: call.state,
    noise: call.noise,
    guide: { target: new Float32Array(call.noise.length), weight: new Float32Array(call.noise.length / 32) },
  }
}

if (import.meta.main) {
  const compared = await compareWithTorch()
  if ('missing' in compared) console.log(`PyTorch on the same CPU: not measured, missing ${compared.missing}`)
  else {
    for (const figure of torchFigures(compared)) printFigure(figure)
    for (const { threads, compiledMissing } of compared)
      if (compiledMissing !== null) console.log(`torch.compile, ${threads}: ${compiledMissing}`)
  }
}
