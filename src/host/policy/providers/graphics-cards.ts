/** Names of the graphics devices, for a person; and how much of an NVIDIA card's memory is free. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const timeoutMs = 5000

export interface GraphicsCard {
  readonly name: string
  readonly freeBytes: number
  /** Version of its driver, such as `580.159.04`. */
  readonly driver: string
}

/** What `nvidia-smi` tells; empty where there is no such card or tool. */
export async function nvidiaCards(): Promise<readonly GraphicsCard[]> {
  const query = ['--query-gpu=driver_version,memory.free,name', '--format=csv,noheader,nounits']
  const found = await run('nvidia-smi', query, { timeout: timeoutMs }).catch(() => null)
  if (found === null) return []
  return found.stdout
    .trim()
    .split('\n')
    .flatMap((line) => {
      // The name comes last: it may hold commas of its own.
      const [driver = '', free = '', ...name] = line.split(',').map((part) => part.trim())
      const megabytes = Number(free)
      return name.length > 0 && free !== '' && Number.isFinite(megabytes)
        ? [{ name: name.join(', '), freeBytes: megabytes * 1048576, driver }]
        : []
    })
}

/** Software instead of a graphics card: it computes right and slowly, and is never chosen unasked. */
export const isSoftwareVulkan = (env: NodeJS.ProcessEnv): boolean =>
  /swiftshader|lavapipe|lvp_/iu.test(env['VK_ICD_FILENAMES'] ?? '')
