/** Where end-to-end tests keep their data, and where they leave datasets for others to look at. */
import { cp, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const base = resolve(import.meta.dirname, '..', '..', '.cache', 'e2e-data')

/** A fresh folder of this name. It is kept afterwards: conformance reads what was recorded. */
export async function e2eDataDir(name: string): Promise<string> {
  const dir = join(base, name)
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true })
  return dir
}

/** Copies the datasets of a test to FORESIGHT_DATA_DIR/datasets, where that is set. */
export async function leaveDatasets(dataDir: string): Promise<void> {
  const home = process.env['FORESIGHT_DATA_DIR']
  if (home !== undefined)
    await cp(join(dataDir, 'datasets'), join(home, 'datasets'), { recursive: true, force: true })
}

/** Where the picture of a failed test goes. */
export const failureShot = (name: string): string =>
  resolve(import.meta.dirname, 'results', `${name.replaceAll(/[^\w]+/gu, '-').slice(0, 60)}.png`)
