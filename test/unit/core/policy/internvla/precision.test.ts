/** The converted forms of the tiny checkpoints, computed here, against the reference in float32 and its own low-precision rows. */
import { writeFileSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse, relative } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { packBlocks } from '#core/onnx/block-weights.ts'
import type { CheckpointTensor } from '#core/onnx/checkpoint-index.ts'
import { elementCount } from '#core/onnx/element-type.ts'
import { narrowToHalf } from '#core/onnx/narrow-half.ts'
import {
  convertedBy,
  planConversion,
  type ConvertedPrecision,
  type PlannedTensor,
} from '#core/policy/internvla/conversion-plan.ts'
import { largestDifference, loadGolden } from './golden.ts'
import { emitTiny, loadCase, openModel, openTiny, type TinyModel } from './tiny-model.ts'

const file = join(tmpdir(), `foresight-converted-${process.pid}.bin`)
afterAll(() => rm(file, { force: true }))

async function actionsIn(tiny: TinyModel, precision: ConvertedPrecision, name: string) {
  const { used } = await emitTiny(tiny)
  const location = relative(parse(file).root, file)
  const plan = planConversion(tiny.checkpoint, used, tiny.model.trunk.modules, precision, location)
  await rm(file, { force: true })
  const counts = { saturated: 0, flushed: 0 }
  {
    await using out = await open(file, 'w')
    await out.truncate(plan.bytes)
    for (const { tensor, to } of plan.tensors) await write(tiny, out, { tensor, to }, counts)
  }
  const session = await openModel(await emitTiny(tiny, { converted: convertedBy(plan) }))
  const given = await loadCase(tiny, name)
  const { actions } = await session.run(given.feeds)
  await session.release()
  const data = Float32Array.from(actions?.data as Float32Array)
  return { data, golden: given.expected.get('actions.normalized').data, plan, counts }
}

async function write(
  tiny: TinyModel,
  out: Awaited<ReturnType<typeof open>>,
  { tensor, to }: PlannedTensor,
  counts: { saturated: number; flushed: number },
): Promise<void> {
  const values = Float32Array.from(await tiny.reader.rows(tensor.storedAs, 0, tensor.shape[0] ?? 1))
  const put = (data: ArrayBufferView<ArrayBuffer>, at: number) =>
    out.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 0, data.byteLength, at)
  if (to.form === 'half') await put(narrowToHalf(values, counts), to.data.offset)
  else {
    const { packed, scales } = packBlocks(values, to.bits)
    await put(packed, to.packed.offset)
    await put(scales, to.scales.offset)
  }
}

/**
 * Largest and mean difference of normalised actions on random weights, which amplify rounding more than trained ones: fp16 by
 * the fixtures' README §5 would allow 0.05, the others as measured here, so that a change for the worse shows.
 */
const gates = {
  fp16: { largest: 0.005, mean: 0.001 },
  int8: { largest: 0.08, mean: 0.02 },
  int4: { largest: 0.9, mean: 0.2 },
} as const

describe.each([openTiny('tiny-3b'), openTiny('tiny-2b')])('$name', (tiny) => {
  it.each(['fp16', 'int8', 'int4'] as const)(
    'in %s acts within the gate of the float32 reference',
    async (precision) => {
      const { data, golden, plan, counts } = await actionsIn(tiny, precision, 'all-views')
      const difference = largestDifference(data, golden)
      const mean =
        data.reduce((sum, value, at) => sum + Math.abs(value - (golden[at] ?? NaN)), 0) / data.length
      expect(plan.tensors.length).toBeGreaterThan(20)
      expect(counts.saturated).toBe(0)
      expect(difference).toBeGreaterThan(0)
      expect(difference).toBeLessThan(gates[precision].largest)
      expect(mean).toBeLessThan(gates[precision].mean)
    },
  )
})

const halfFile = `foresight-halves-${process.pid}.bin`
afterAll(() => rm(join(tmpdir(), halfFile), { force: true }))

/** The checkpoint with every number of it as a half float, in a file of its own. */
function halved(tiny: TinyModel): TinyModel {
  const stored = loadGolden(`${tiny.name}/model.safetensors`)
  const parts: Buffer[] = []
  let offset = 0
  const tensors = new Map<string, CheckpointTensor>()
  for (const [name, tensor] of tiny.checkpoint.tensors) {
    const values = Float32Array.from(stored.get(name).data)
    const length = 2 * elementCount(tensor.shape)
    parts.push(Buffer.from(narrowToHalf(values, { saturated: 0, flushed: 0 }).buffer))
    tensors.set(name, { ...tensor, dtype: 'F16', file: halfFile, offset, length })
    offset += length
  }
  writeFileSync(join(tmpdir(), halfFile), Buffer.concat(parts))
  const find = (name: string) => tensors.get(tiny.checkpoint.find(name)?.storedAs ?? '')
  return { ...tiny, folder: tmpdir(), checkpoint: { tensors, find } }
}

describe('a checkpoint of half floats', () => {
  it('is computed in them where it lies: nothing is converted, and nothing widened', async () => {
    const tiny = halved(openTiny('tiny-3b'))
    const { data, golden, plan } = await actionsIn(tiny, 'fp16', 'all-views')
    expect(plan).toMatchObject({ tensors: [], bytes: 0 })
    expect(largestDifference(data, golden)).toBeLessThan(gates.fp16.largest)
    const widened = /gate_proj\.weight[./]Cast/u
    const text = async (converted: ReturnType<typeof convertedBy>): Promise<string> =>
      Buffer.from((await emitTiny(tiny, { converted })).model).toString('latin1')
    expect(await text(new Map())).toMatch(widened)
    expect(await text(convertedBy(plan))).not.toMatch(widened)
  })
})
