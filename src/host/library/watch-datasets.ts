/** Tells when a dataset under the data folder was changed by another process: the recorder renames info.json last. */
import { watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename } from 'node:path'

/** Calls back after each change of an info.json. A system that cannot watch leaves the caller with its own edits only. */
export async function watchDatasets(home: string, onChange: () => void): Promise<Disposable> {
  await mkdir(home, { recursive: true })
  const watcher = watch(home, { recursive: true, persistent: false }, (_event, name) => {
    if (name !== null && basename(name) === 'info.json') onChange()
  })
  watcher.on('error', () => watcher.close())
  return { [Symbol.dispose]: () => watcher.close() }
}
