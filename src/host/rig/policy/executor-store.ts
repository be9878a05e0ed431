/** How chunks follow each other, remembered between runs in `DATA_DIR/executor.json`. A file that makes no sense is as good as none. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultExecutorSettings, type ExecutorSettings } from '#core/control/executor-settings.ts'
import { executorSettings } from '#contract/services/drive.ts'
import { writeFileAtomic } from '../../shared/atomic-file.ts'

export class ExecutorStore {
  readonly #path: string
  #writing: Promise<void> = Promise.resolve()

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'executor.json')
  }

  /** The default ones where nothing was ever chosen. */
  async read(): Promise<ExecutorSettings> {
    try {
      const parsed = executorSettings.safeParse(JSON.parse(await readFile(this.#path, 'utf8')))
      return parsed.success ? parsed.data : defaultExecutorSettings
    } catch {
      return defaultExecutorSettings
    }
  }

  /** In the order of the calls. Rejects as the file system does; what is in force does not depend on it. */
  write(settings: ExecutorSettings): Promise<void> {
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(() => writeFileAtomic(this.#path, `${JSON.stringify(settings, null, 2)}\n`))
    return this.#writing
  }
}
