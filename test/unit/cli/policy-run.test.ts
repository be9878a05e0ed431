import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chunkNotesFolder } from '#core/dataset/chunk-note.ts'
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { add, mul } from '#core/onnx/ops-elementwise.ts'
import { reshape } from '#core/onnx/ops-layout.ts'
import { reduceMean } from '#core/onnx/ops-reduce.ts'
import type { PolicyManifest } from '#core/policy/manifest.ts'
import { unwrap, type Fault } from '#core/result.ts'
import { openDataset } from '#host/shared/dataset/open-dataset.ts'
import type { CliIo } from '#cli/command.ts'
import { policyBenchCommand } from '#cli/commands/policy-bench.ts'
import { policyRunCommand } from '#cli/commands/policy-run.ts'
import { ffmpegPath } from '#cli/video/ffmpeg-frames.ts'
import { TempDataset } from '#test/fixtures/datasets/temp-dataset.ts'
import { policyShelf, type PolicyShelf } from '../host/policy/policy-folder.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const joints = ['shoulder_pan', 'shoulder_lift', 'elbow_flex', 'wrist_flex', 'wrist_roll', 'gripper']
const channels = joints.map((name) => ({
  name: `${name}.pos`,
  unit: name === 'gripper' ? ('range_0_100' as const) : ('degrees' as const),
}))
const length = 10
const [width, height] = [160, 120]

const manifest = (changes: Partial<PolicyManifest>): PolicyManifest => ({
  format: 'foresight-policy/1',
  name: 'Stays',
  kind: 'onnx',
  description: '',
  learned: true,
  model: 'policy.onnx',
  robotType: 'so_follower',
  cameras: [],
  state: channels,
  action: channels,
  fps: 30,
  chunkLength: length,
  extras: [],
  inputs: [{ source: 'observation.state', tensor: 'state', shape: [1, 6] }],
  output: { tensor: 'action', shape: [1, length, 6] },
  ...changes,
})

/** Answers with two fifths of its state (the numbers of the dataset are made up, and no gripper opens to −50), plus the mean of the picture times `brightness` where it sees one. */
function stays(brightness: number | null): Uint8Array {
  const g = new GraphBuilder()
  const state = g.input('state', 'float32', [1, 6])
  const zeros = g.floats('zeros', [1, length, 6], Array<number>(length * 6).fill(0))
  let answer = add(g, mul(g, reshape(g, state, [1, 1, 6]), g.scalar(0.4)), zeros)
  if (brightness !== null) {
    const picture = g.input('picture', 'float32', [1, 3 * width * height])
    const mean = reshape(g, reduceMean(g, picture, 1), [1, 1, 1])
    answer = add(g, answer, mul(g, mean, g.scalar(brightness)))
  }
  g.output('action', answer)
  return g.encode({ opset: 21, graphName: 'stays', description: '' })
}

let shelf: PolicyShelf
let dataset: TempDataset
let answers: unknown[]
let faults: Fault[]
let io: CliIo
beforeEach(async () => {
  shelf = await policyShelf()
  dataset = await TempDataset.create()
  await dataset.add([0, 1])
  const units = Object.fromEntries(channels.map(({ name, unit }) => [name, unit]))
  writeFileSync(join(dataset.root, 'meta/foresight.json'), JSON.stringify({ units }))
  answers = []
  faults = []
  io = {
    isJson: true,
    answer: (value) => void answers.push(value),
    note: () => undefined,
    fail: (fault) => {
      faults.push(fault)
      return 1
    },
    misuse: () => 2,
    signal: new AbortController().signal,
    rootDir: root,
    resourcesDir: join(root, 'resources'),
    dataDir: shelf.root,
  }
  await shelf.put('own', 'blind', {
    'policy.onnx': stays(null),
    'manifest.json': JSON.stringify(manifest({})),
  })
  const cameras = [{ name: 'front', width, height }]
  const inputs = [
    ...manifest({}).inputs,
    { source: 'observation.images.front', tensor: 'picture', shape: [1, 3 * width * height] },
  ]
  await shelf.put('own', 'seeing', {
    'policy.onnx': stays(1),
    'manifest.json': JSON.stringify(manifest({ cameras, inputs })),
  })
})
afterEach(async () => {
  dataset[Symbol.dispose]()
  await shelf[Symbol.asyncDispose]()
})

const run = (...args: string[]) => policyRunCommand.run(args, io)
const rowsOf = (answer: unknown, key: 'predicted' | 'recorded'): (number | null)[][] =>
  (answer as Record<typeof key, (number | null)[][]>)[key]

describe('foresight policy run', () => {
  it('asks along the episode and scores every frame against what was recorded', async () => {
    expect(await run('own/blind', '--dataset', dataset.root, '--episode', '1')).toBe(0)
    expect(answers[0]).toMatchObject({
      id: 'own/blind',
      provider: 'cpu',
      channels: channels.map(({ name }) => name),
      score: { frames: 20 },
      inferMs: { count: 2 },
    })
    const [predicted, recorded] = [rowsOf(answers[0], 'predicted'), rowsOf(answers[0], 'recorded')]
    expect(predicted).toHaveLength(20)
    // The policy stays where it is for a whole chunk.
    expect(predicted[9]).toEqual(predicted[0])
    expect(predicted[10]).not.toEqual(predicted[0])
    const errors = predicted.flatMap((row, frame) =>
      row.map((value, at) => ((value ?? 0) - (recorded[frame]?.[at] ?? 0)) ** 2),
    )
    const mse = errors.reduce((sum, value) => sum + value, 0) / errors.length
    expect((answers[0] as { score: { mse: number } }).score.mse).toBeCloseTo(mse, 6)
  })

  it('asks as often as it is told to', async () => {
    expect(await run('own/blind', '--dataset', dataset.root, '--episode', '1', '--stride', '5')).toBe(0)
    expect(answers[0]).toMatchObject({ inferMs: { count: 4 } })
  })

  it('asks one chunk again with what it was asked while the episode was recorded', async () => {
    const takeId = unwrap(await openDataset(dataset.root)).episodes[0]?.evidence?.takeId ?? ''
    const question = { task: 'pick', state: [10, 20, 30, 40, 50, 60], extras: {}, guide: null }
    const note = { chunkId: 7, policyId: 'own/blind', frame: 4, observationUs: 1, seed: 5, isGuided: false }
    const early = { ...note, chunkId: 6, frame: -2, question }
    const lines = [JSON.stringify(early), 'torn {', JSON.stringify({ ...note, question })]
    mkdirSync(join(dataset.root, chunkNotesFolder), { recursive: true })
    writeFileSync(join(dataset.root, chunkNotesFolder, `${takeId}.jsonl`), lines.join('\n'))
    const asked = ['own/blind', '--dataset', dataset.root, '--episode', '0', '--chunk']
    expect(await run(...asked, '7')).toBe(0)
    const predicted = rowsOf(answers[0], 'predicted')
    expect(predicted[3]).toEqual([null, null, null, null, null, null])
    for (const [at, value] of [4, 8, 12, 16, 20, 24].entries())
      expect(predicted[4]?.[at]).toBeCloseTo(value, 4)
    expect(answers[0]).toMatchObject({ inferMs: { count: 1 } })
    expect(await run(...asked, '6')).toBe(1)
    expect(await run(...asked, '8')).toBe(1)
    expect(faults).toMatchObject([{ code: 'dataset/not-found' }, { code: 'dataset/not-found' }])
  })

  it.skipIf(spawnSync(ffmpegPath(process.env), ['-version']).status !== 0)(
    'shows the policy the recorded pictures (needs ffmpeg)',
    async () => {
      expect(await run('own/seeing', '--dataset', dataset.root, '--episode', '0')).toBe(0)
      const seen = rowsOf(answers[0], 'predicted')[0]?.[0] ?? 0
      expect(await run('own/blind', '--dataset', dataset.root, '--episode', '0')).toBe(0)
      const blind = rowsOf(answers[1], 'predicted')[0]?.[0] ?? 0
      expect(seen - blind).toBeGreaterThan(0.05)
      expect(seen - blind).toBeLessThan(0.95)
    },
  )

  it.each<[string, string[], string]>([
    ['an episode that is not there', ['own/blind', '--episode', '9'], 'dataset/not-found'],
    [
      'a camera that is not there',
      ['own/seeing', '--episode', '0', '--camera', 'front=top'],
      'policy/contract-mismatch',
    ],
    ['a policy that is not there', ['ghost', '--episode', '0'], 'policy/not-found'],
    [
      'a provider that is not there',
      ['own/blind', '--episode', '0', '--provider', process.platform === 'win32' ? 'coreml' : 'dml'],
      'policy/provider-unavailable',
    ],
    [
      'a precision that a generic policy has no weights in',
      ['own/blind', '--episode', '0', '--precision', 'fp16'],
      'control/not-allowed',
    ],
  ])('fails for %s', async (_, args, code) => {
    expect(await run(...args, '--dataset', dataset.root)).toBe(1)
    expect(faults).toMatchObject([{ code }])
  })

  it.each([
    [[]],
    [['own/blind']],
    [['own/blind', '--dataset', 'x']],
    [['own/blind', '--dataset', 'x', '--episode', '-1']],
  ])('refuses the arguments %j', async (args) => {
    expect(await run(...args)).toBe(2)
  })
})

describe('foresight policy bench', () => {
  it('measures every stage as often as it is told to', async () => {
    expect(await policyBenchCommand.run(['own/seeing', '--runs', '3'], io)).toBe(0)
    expect(answers[0]).toMatchObject({
      provider: 'cpu',
      stages: { infer: { count: 3 }, total: { count: 3 } },
    })
  })

  it.each([
    [[]],
    [['a', 'b']],
    [['a', '--runs', '0']],
    [['a', '--provider', 'abacus']],
    [['a', '--precision', 'fp1']],
  ])('refuses the arguments %j', async (args) => {
    expect(await policyBenchCommand.run(args, io)).toBe(2)
  })
})
