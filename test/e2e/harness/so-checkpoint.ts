/**
 * The small InternVLA-A1 checkpoint as if a lab had tuned it on an SO-101: statistics of that robot, so narrow that its
 * random weights move the arm by a degree or so, and chunks long enough to be asked for ahead.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const fixtures = resolve(import.meta.dirname, '..', '..', 'fixtures', 'internvla-a1')

/** Rows of a chunk: its length is in no weight of the model. */
const chunk = 50
const joints = 6

const filled = (value: number): number[] => Array.from({ length: joints }, () => value)

const statistics = {
  so_follower: {
    'observation.state': { mean: filled(0), std: filled(60), min: filled(-120), max: filled(120) },
    action: {
      mean: [0, 0, 0, 0, 0, 5],
      std: [0.4, 0.4, 0.4, 0.4, 0.4, 0.5],
      min: filled(-2),
      max: filled(100),
    },
  },
}

async function change(
  path: string,
  edit: (json: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const json = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  await writeFile(path, JSON.stringify(edit(json)))
}

/** Writes it to `folder`. */
export async function writeSoCheckpoint(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const file of ['config.json', 'dims.json', 'model.safetensors', 'train_config.json'])
    await cp(join(fixtures, 'tiny-3b', file), join(folder, file))
  await cp(join(fixtures, 'tokenizer', 'tokenizer.json'), join(folder, 'tokenizer.json'))
  await writeFile(join(folder, 'stats.json'), JSON.stringify(statistics))
  await change(join(folder, 'config.json'), (config) => ({
    ...config,
    chunk_size: chunk,
    n_action_steps: chunk,
  }))
  await change(join(folder, 'dims.json'), (dims) => ({ ...dims, chunk }))
}
