/**
 * `npm run bench [-- --only PART …]`: figures against the budgets of DESIGN §8, and ratios, each part as it is done. Timings of
 * a shared machine are noisy: compare within one run.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchImport } from './importer.ts'
import { benchStages } from './policy-stages.ts'
import { benchLibrary } from './library.ts'
import { benchExecutors, executorTable } from './executors.ts'
import { lerobotLoop, type LerobotLoop } from './lerobot.ts'
import { benchRecording, type RecordingFigures } from './recording.ts'
import { printFigure, type Figure } from './report.ts'
import { compareWithTorch, torchFigures } from './torch/compare.ts'

const parts = ['loop', 'stages', 'import', 'library', 'executors', 'torch'] as const
type Part = (typeof parts)[number]

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [...parts] },
  },
})
const unknown = values.only.filter((name) => !parts.some((part) => part === name))
if (unknown.length > 0) throw new Error(`--only ${unknown.join(', ')}: one of ${parts.join(', ')}`)
const seconds = Number(values.seconds)
const results: Partial<Record<Part, unknown>> = {}

/** Runs a part that is wanted, and prints it at once: the whole takes a quarter of an hour. */
async function bench<T>(part: Part, run: () => Promise<T>, print: (result: T) => void): Promise<void> {
  if (!values.only.includes(part)) return
  const result = await run()
  results[part] = result
  if (!values.json) print(result)
}

const printFigures = (figures: readonly Figure[]): void => {
  for (const figure of figures) printFigure(figure)
}

interface LoopFigures {
  readonly figures: RecordingFigures
  readonly lerobot: LerobotLoop | undefined
}

async function benchLoop(): Promise<LoopFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'foresight-bench-data-'))
  const compared: LerobotLoop[] = []
  const figures = await benchRecording(dataDir, seconds, async () => {
    // The same load for both: the browser records three cameras, our loop runs, and so does lerobot's.
    compared.push(await lerobotLoop(200, Math.max(5, seconds / 2)))
  })
  await rm(dataDir, { recursive: true, force: true })
  return { figures, lerobot: compared[0] }
}

const worstRepeats = ({ repeats, frames }: RecordingFigures): number =>
  (100 * Math.max(0, ...Object.values(repeats))) / Math.max(1, frames)

const loopLines = (figures: RecordingFigures): readonly Figure[] => [
  { name: 'start: process to address', value: figures.addressMs, unit: 'ms' },
  { name: 'start: process to hosts answering', value: figures.stateMs, unit: 'ms', budget: 2000 },
  { name: 'start: page opened to page drawn', value: figures.pageMs, unit: 'ms', budget: 2000 },
  { name: 'loop rate, 3 cameras recording', value: figures.rateHz, unit: 'Hz', budget: 200, isFloor: true },
  { name: 'loop lateness p50', value: figures.lateness.p50 / 1000, unit: 'ms' },
  { name: 'loop lateness p99', value: figures.lateness.p99 / 1000, unit: 'ms' },
  {
    name: 'loop lateness p99.9',
    value: figures.lateness.p999 / 1000,
    unit: 'ms',
    budget: 1,
    note: 'budget for 4 cores and a GPU',
  },
  { name: 'loop overruns', value: figures.overruns, unit: 'ticks', note: `of ${figures.lateness.count}` },
  {
    name: 'bus reads without answer',
    value: (100 * figures.busLost) / Math.max(1, figures.busRequests),
    unit: '%',
  },
  { name: 'simulated time', value: figures.simSpeed, unit: '× real' },
  {
    name: 'frames repeated, worst camera',
    value: worstRepeats(figures),
    unit: '%',
    budget: 0.1,
    note: `${figures.frames} frames`,
  },
  {
    name: 'save to next take armed',
    value: figures.saveToArmedMs,
    unit: 'ms',
    budget: 100,
    note: 'key press to state seen',
  },
  { name: 'take-over, key to state seen', value: figures.takeOverMs, unit: 'ms', note: 'browser included' },
  {
    name: 'take-over, receipt to the first goal',
    value: figures.takeOver?.ticks ?? Number.NaN,
    unit: 'ticks',
    budget: 1,
    note: figures.takeOver === null ? 'not measured' : `${figures.takeOver.ms.toFixed(1)} ms`,
  },
  { name: 'teleop: largest speed of a goal', value: figures.teleop.speed, unit: '/s', budget: 3.5 },
  { name: 'teleop: largest acceleration of a goal', value: figures.teleop.acceleration, unit: '/s²' },
  { name: 'hand-over: largest speed of a goal', value: figures.handOver.speed, unit: '/s', budget: 3.5 },
  { name: 'hand-over: largest acceleration of a goal', value: figures.handOver.acceleration, unit: '/s²' },
  { name: 'monitor: limits exceeded', value: figures.violations, unit: '', budget: 0 },
]
function printLoop({ figures, lerobot }: LoopFigures): void {
  printFigures(loopLines(figures))
  if (lerobot === undefined || 'missing' in lerobot) {
    console.log(`lerobot under the same load: not measured, missing ${lerobot?.missing ?? 'nothing'}`)
    return
  }
  printFigures([
    { name: "lerobot's loop: rate, asked for 200", value: lerobot.rateHz, unit: 'Hz' },
    {
      name: "lerobot's loop: lateness p99.9",
      value: lerobot.lateness.p999 / 1000,
      unit: 'ms',
      note: `${lerobot.errors} bus errors`,
    },
    {
      name: "our lateness p99.9 : lerobot's",
      value: figures.lateness.p999 / lerobot.lateness.p999,
      unit: '×',
      budget: 0.5,
    },
  ])
}

await bench('loop', benchLoop, printLoop)
await bench('stages', benchStages, printFigures)
await bench('import', benchImport, printFigures)
await bench('library', benchLibrary, printFigures)
await bench('executors', benchExecutors, (table) => console.log(executorTable(table)))
await bench('torch', compareWithTorch, (torch) => {
  if ('missing' in torch) console.log(`PyTorch on the same CPU: not measured, missing ${torch.missing}`)
  else printFigures(torchFigures(torch))
})
if (values.json) console.log(JSON.stringify(results, null, 2))
