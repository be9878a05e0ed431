/** Names of the graphics devices, for a person; and how much of an NVIDIA card's memory is free. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const timeoutMs = 5000

export interface GraphicsCard {
  readonly name: string
  readonly freeBytes: number
}

/** What `nvidia-smi` tells; empty where there is no such card or tool. */
export async function nvidiaCards(): Promise<readonly GraphicsCard[]> {
  const query = ['--query-gpu=name,memory.free', '--format=csv,noheader,nounits']
  const found = await run('nvidia-smi', query, { timeout: timeoutMs }).catch(() => null)
  if (found === null) return []
  return found.stdout
    .trim()
    .split('\n')
    .flatMap((line) => {
      const comma = line.lastIndexOf(',')
      const megabytes = Number(line.slice(comma + 1))
      return comma > 0 && Number.isFinite(megabytes)
        ? [{ name: line.slice(0, comma).trim(), freeBytes: megabytes * 1048576 }]
        : []
    })
}

/** Software instead of a graphics card: it computes right and slowly, and is never chosen unasked. */
export const isSoftwareVulkan = (env: NodeJS.ProcessEnv): boolean =>
  /swiftshader|lavapipe|lvp_/iu.test(env['VK_ICD_FILENAMES'] ?? '')
