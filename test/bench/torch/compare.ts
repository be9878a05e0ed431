/**
 * Our graph in ONNX Runtime against PyTorch on the same CPU, weights, inputs and number of threads, one after the other in one
 * run. `node test/bench/torch/compare.ts` prints the ratios; `compareWithTorch` is for `npm run bench`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printFigure, type Figure } from '../report.ts'
import { median, timeOurs, type Timing } from './ours.ts'
import { writeCase } from './mid-size.ts'
import { outputOf, torchPython } from './torch-python.ts'

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

/** The machine is never the same twice, so both take turns: this often, with so many calls each time. */
const rounds = 3
const repeats = 5

export async function compareWithTorch(): Promise<TorchComparison> {
  const environment = torchPython()
  if ('missing' in environment) return environment
  const { python } = environment
  const folder = await mkdtemp(join(tmpdir(), 'foresight-torch-'))
  try {
    const call = await writeCase(folder)
    const figures: ThreadFigures[] = []
    for (const threads of [1, 2]) {
      const eagerTimes: number[] = []
      const ourTimes: number[] = []
      let difference = 0
      for (let round = 0; round < rounds; round++) {
        const eager = await timePort(python, folder, threads, 'eager')
        const ours = await timeOurs(folder, call, threads, repeats)
        eagerTimes.push(...eager.times)
        ourTimes.push(...ours.times)
        difference = Math.max(difference, largestDifference(ours.actions, eager.actions))
      }
      const compiled = await timePort(python, folder, threads, 'compile').catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      )
      const isCompiled = typeof compiled !== 'string'
      figures.push({
        threads,
        ours: median(ourTimes),
        eager: median(eagerTimes),
        compiled: isCompiled ? median(compiled.times) : null,
        compiledMissing: isCompiled ? null : compiled,
        difference,
      })
    }
    return figures
  } catch (error) {
    return { missing: `a comparison that ends: ${String(error)}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** NaN where one has fewer numbers than the other. */
const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))))

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
  return { times, actions }
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
