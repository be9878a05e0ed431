/** The operating system's refusals as faults that a screen can explain. */
import type { FaultCode } from '#core/errors.ts'
import type { Fault } from '#core/result.ts'

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const readOnlyCodes = new Set(['EROFS', 'EACCES', 'EPERM'])

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** `area` decides the code for what is neither a full disk, nor a refusal, nor a missing file. */
export function ioFault(error: unknown, path: string, area: 'record' | 'dataset'): Fault {
  const errno = errnoOf(error)
  const code = ((): FaultCode => {
    if (errno !== undefined && fullCodes.has(errno)) return 'record/disk-full'
    if (errno !== undefined && readOnlyCodes.has(errno)) return 'record/read-only'
    if (area === 'dataset' && (errno === 'ENOENT' || errno === 'ENOTDIR')) return 'dataset/not-found'
    return area === 'record' ? 'record/io' : 'dataset/io'
  })()
  const message = error instanceof Error ? error.message : String(error)
  return { code, message: `${path}: ${message}`, data: errno === undefined ? { path } : { path, errno } }
}
