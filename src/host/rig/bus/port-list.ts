/**
 * The serial ports of this machine that a servo bus could be on. A USB serial number is the identity that survives
 * replugging; where there is one, the path given is a stable one too.
 */
import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '#core/result.ts'
import { listSerialPorts, type SerialPortEntry } from './serial-port.ts'

export interface PortEntry {
  readonly path: string
  readonly serialNumber?: string
  readonly manufacturer?: string
  readonly vendorId?: string
  readonly productId?: string
}

/** udev's links, named `usb-<maker>_<product>_<serial>-if00…`. */
const byIdFolder = '/dev/serial/by-id'

/**
 * All ports that look like USB serial adapters, and on other systems everything that is listed. Where the system's lister
 * is missing (Linux without udevadm, as in containers), udev's links have to do.
 */
export async function listPorts(
  list: () => Promise<readonly SerialPortEntry[]> = listSerialPorts,
  folder: string = byIdFolder,
): Promise<Result<readonly PortEntry[]>> {
  const stable = await stablePaths(folder)
  try {
    const entries = await list()
    return ok(entries.filter(isCandidate).map((entry) => describe(entry, stable.get(entry.path))))
  } catch (error) {
    if (stable.size > 0) return ok([...stable.values()].map((path) => ({ path, ...serialOf(path) })))
    if (isMissingTool(error)) return ok([])
    return fail('shell/io', `the serial ports cannot be listed: ${String(error)}`)
  }
}

/** Stable link by device, e.g. `/dev/ttyACM0` → `/dev/serial/by-id/usb-…`. */
async function stablePaths(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => [])
  const entries: [string, string][] = []
  for (const name of names) {
    const link = join(folder, name)
    const device = await realpath(link).catch(() => null)
    if (device !== null) entries.push([device, link])
  }
  return new Map(entries)
}

function describe(entry: SerialPortEntry, stablePath: string | undefined): PortEntry {
  return {
    path: stablePath ?? entry.path,
    ...(isFilled(entry.serialNumber) && { serialNumber: entry.serialNumber }),
    ...(isFilled(entry.manufacturer) && { manufacturer: entry.manufacturer }),
    ...(isFilled(entry.vendorId) && { vendorId: entry.vendorId }),
    ...(isFilled(entry.productId) && { productId: entry.productId }),
  }
}

/** A board's own UARTs (`ttyS…`) are listed by the dozen and have no arm on them. */
const isCandidate = (entry: SerialPortEntry): boolean =>
  !/^\/dev\/ttyS\d+$/u.test(entry.path) || isFilled(entry.vendorId)

/** The serial number in a link's name: what stands between the last underscore and the interface. */
function serialOf(path: string): { readonly serialNumber?: string } {
  const serialNumber = /_([^_]+)-if\d+(?:-port\d+)?$/u.exec(path)?.[1]
  return serialNumber === undefined ? {} : { serialNumber }
}

const isMissingTool = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

const isFilled = (value: string | undefined): value is string => value !== undefined && value !== ''
