/** Where end-to-end tests leave their datasets: under FORESIGHT_DATA_DIR when it is set, else in a folder of this checkout. */
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** A fresh folder of this name. It is kept afterwards: conformance reads what was recorded. */
export async function e2eDataDir(name: string): Promise<string> {
  const base =
    process.env['FORESIGHT_DATA_DIR'] ?? resolve(import.meta.dirname, '..', '..', '.cache', 'e2e-data')
  const dir = join(base, name)
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true })
  return dir
}

/** Where the picture of a failed test goes. */
export const failureShot = (name: string): string =>
  resolve(import.meta.dirname, 'results', `${name.replaceAll(/[^\w]+/gu, '-').slice(0, 60)}.png`)
