/** Import jobs, one at a time, and what can be done with their results. Pages follow all jobs; a job that ends stays listed until the host ends. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { FaultError, unwrap, type Fault } from '#core/result.ts'
import type {
  ImportJob,
  ImportReport,
  NearbyCheckpoint,
  NearbyFolder,
} from '#contract/services/policy-import.ts'
import { readImported } from './describe-imported.ts'
import { cachedCheckpoints, foldersLike, hubFolder, siblingCheckpoints } from './find-checkpoints.ts'
import { givenPath } from './given-path.ts'
import { policiesTrash } from '../../shared/trash.ts'
import { importCheckpoint, type ImportQuestion } from './import-checkpoint.ts'
import { inspectCheckpoint } from './inspect-checkpoint.ts'
import type { TrialRun } from './trial-run.ts'

export interface ImportDeskOptions {
  readonly ownDir: string
  readonly dataDir: string
  readonly resourcesDir: string
  readonly nowMs: () => number
  readonly trial?: TrialRun
}

export class ImportDesk implements AsyncDisposable {
  private readonly options: ImportDeskOptions
  private readonly listeners = new Set<(jobs: ImportJob[]) => void>()
  private readonly cancels = new Map<string, AbortController>()
  private jobs: readonly ImportJob[] = []
  private queue: Promise<unknown> = Promise.resolve()

  constructor(options: ImportDeskOptions) {
    this.options = options
  }

  /** Checkpoints on this machine, and folders like the path that is being typed. */
  async nearby(
    path: string,
  ): Promise<{ readonly checkpoints: NearbyCheckpoint[]; readonly folders: NearbyFolder[] }> {
    const typed = givenPath(path)
    const [cached, beside, folders] = await Promise.all([
      cachedCheckpoints(hubFolder()),
      siblingCheckpoints(await this.sources()),
      typed === '' ? [] : foldersLike(typed),
    ])
    const checkpoints = new Map([...cached, ...beside].map((checkpoint) => [checkpoint.path, checkpoint]))
    return { checkpoints: [...checkpoints.values()], folders }
  }

  /** Checkpoint folders of what is imported. */
  private async sources(): Promise<string[]> {
    const names = await readdir(this.options.ownDir).catch(() => [])
    const imported = await Promise.all(names.map((name) => readImported(join(this.options.ownDir, name))))
    return imported.flatMap((policy) => (policy.ok ? [policy.value.source] : []))
  }

  /** @throws FaultError with the codes of checkpoints */
  async inspect(source: string): Promise<ImportReport> {
    const question = { tokenizer: null, robot: null, ...this.options }
    await using inspected = unwrap(await inspectCheckpoint(givenPath(source), question))
    return inspected.report
  }

  /** Queues an import and returns at once. */
  start(asked: ImportQuestion): { readonly jobId: string } {
    const question = { ...asked, source: givenPath(asked.source) }
    const jobId = randomUUID()
    const cancel = new AbortController()
    this.cancels.set(jobId, cancel)
    const name = question.name.trim() || basename(question.source)
    this.put({
      jobId,
      source: question.source,
      name,
      status: 'running',
      step: 'read',
      progress: null,
      bytesDone: 0,
      bytesTotal: null,
      policyId: null,
      fault: null,
    })
    this.queue = this.queue.then(() => this.run(jobId, question, cancel.signal))
    return { jobId }
  }

  /** Nothing where the job is over. */
  cancel(jobId: string): void {
    this.cancels.get(jobId)?.abort()
  }

  /** All jobs now and after every change. */
  follow(listener: (jobs: ImportJob[]) => void): Disposable {
    listener([...this.jobs])
    this.listeners.add(listener)
    return { [Symbol.dispose]: () => this.listeners.delete(listener) }
  }

  /** @throws FaultError `policy/not-found` for a policy that was not imported */
  async report(policyId: string): Promise<ImportReport> {
    const path = join(this.folderOf(policyId), 'report.json')
    const text = await readFile(path, 'utf8').catch(() => {
      throw new FaultError(notFound(policyId))
    })
    return JSON.parse(text) as ImportReport
  }

  /** To the trash; the checkpoint is never touched. @throws FaultError `policy/not-found`, `shell/io` */
  async remove(policyId: string): Promise<void> {
    const folder = this.folderOf(policyId)
    const trash = policiesTrash(this.options.ownDir)
    await this.move(folder, join(trash, basename(folder)), policyId)
  }

  /** @throws FaultError `policy/not-found`, `shell/io` */
  async undoRemove(policyId: string): Promise<void> {
    const folder = this.folderOf(policyId)
    await this.move(join(policiesTrash(this.options.ownDir), basename(folder)), folder, policyId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cancel of this.cancels.values()) cancel.abort()
    await this.queue
    this.listeners.clear()
  }

  private async run(jobId: string, question: ImportQuestion, signal: AbortSignal): Promise<void> {
    const result = await importCheckpoint(question, {
      ...this.options,
      signal,
      onProgress: (progress) => this.change(jobId, progress),
    })
    this.cancels.delete(jobId)
    if (result.ok) this.change(jobId, { status: 'done', progress: 1, policyId: result.value.policyId })
    else {
      const isCancelled = result.error.code === 'contract/cancelled'
      this.change(jobId, {
        status: isCancelled ? 'cancelled' : 'failed',
        fault: isCancelled ? null : result.error,
      })
    }
  }

  /** A policy of the user's own, whose folder's name is no path. @throws FaultError `policy/not-found` */
  private folderOf(policyId: string): string {
    const slug = /^own\/(?<slug>[^/\\.][^/\\]*)$/u.exec(policyId)?.groups?.['slug']
    if (slug === undefined) throw new FaultError(notFound(policyId))
    return join(this.options.ownDir, slug)
  }

  private async move(from: string, to: string, policyId: string): Promise<void> {
    const there = await readdir(from).catch(() => null)
    if (there === null) throw new FaultError(notFound(policyId))
    try {
      await mkdir(join(to, '..'), { recursive: true })
      // An older one of the same name in the trash makes way.
      await rename(to, `${to}.${this.options.nowMs()}`).catch(() => undefined)
      await rename(from, to)
    } catch (error) {
      throw new FaultError({ code: 'shell/io', message: `${from} cannot be moved: ${String(error)}` })
    }
  }

  private put(job: ImportJob): void {
    this.jobs = [...this.jobs.filter(({ jobId }) => jobId !== job.jobId), job]
    for (const listener of this.listeners) listener([...this.jobs])
  }

  private change(jobId: string, changes: Partial<ImportJob>): void {
    const job = this.jobs.find((known) => known.jobId === jobId)
    if (job !== undefined) this.put({ ...job, ...changes })
  }
}

const notFound = (policyId: string): Fault => ({
  code: 'policy/not-found',
  message: `there is no imported policy ${policyId}`,
  data: { policyId },
})
