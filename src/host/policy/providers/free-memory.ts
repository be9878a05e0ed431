/** Whether a policy fits, before it is loaded: refused with numbers rather than killed by the system half-way. */
import { readFile } from 'node:fs/promises'
import { freemem } from 'node:os'
import type { ProviderName } from '#contract/services/policy.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { nvidiaCards } from './graphics-cards.ts'

/** Left to everything else on the machine: the control loop, the page, the encoder. */
const reserveBytes = 512 * 1048576

/** Fails with `policy/no-memory`, which names both numbers. Where nothing tells how much there is, nothing is refused. */
export async function checkMemory(provider: ProviderName, neededBytes: number): Promise<Result<void>> {
  const isOnCard = provider === 'cuda'
  const available = isOnCard ? (await nvidiaCards())[0]?.freeBytes : (await availableBytes()) - reserveBytes
  if (available === undefined || neededBytes <= available) return ok(undefined)
  const where = isOnCard ? 'on the graphics card' : 'of memory'
  const message = `${gigabytes(neededBytes)} needed, ${gigabytes(Math.max(0, available))} ${where} free`
  return fail('policy/no-memory', message, { neededBytes, availableBytes: Math.max(0, available), provider })
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

/** What this process may still take: the machine's available memory, or less inside a container. */
export async function availableBytes(): Promise<number> {
  const [machine, container] = await Promise.all([machineBytes(), containerBytes()])
  return Math.min(machine, container)
}

async function machineBytes(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  const kilobytes = /^MemAvailable:\s+(?<kb>\d+) kB$/mu.exec(text)?.groups?.['kb']
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024
}

/** Limit of the control group minus what it uses, files that can be read again not counted. */
async function containerBytes(): Promise<number> {
  const folder = '/sys/fs/cgroup'
  const [limit, used, statistics] = await Promise.all(
    ['memory.max', 'memory.current', 'memory.stat'].map((name) =>
      readFile(`${folder}/${name}`, 'utf8').catch(() => ''),
    ),
  )
  const most = Number(limit)
  if (limit === '' || !Number.isFinite(most)) return Number.POSITIVE_INFINITY
  const reclaimable = Number(/^inactive_file (?<bytes>\d+)$/mu.exec(statistics ?? '')?.groups?.['bytes'] ?? 0)
  return most - Number(used) + reclaimable
}
