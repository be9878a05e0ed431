/** An import report for people. */
import type { ImportReport } from '#contract/services/policy-import.ts'

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

const marks = { ok: '✓', warn: '!', fail: '✗', skipped: '·' } as const satisfies Record<
  ImportReport['selfChecks'][number]['status'],
  string
>

export const reportText = (report: ImportReport): string =>
  [
    `${report.architecture} in ${report.source}`,
    `  ${report.files.length} file${report.files.length === 1 ? '' : 's'}, ${megabytes(report.files.reduce((sum, { bytes }) => sum + bytes, 0))}`,
    `  used      ${report.used.tensors} tensors, ${megabytes(report.used.bytes)}`,
    ...report.skipped.map(
      ({ group, tensors, bytes, why }) =>
        `  left out  ${group}: ${tensors} tensors, ${megabytes(bytes)} (${why})`,
    ),
    ...report.folded.map(({ from, bytes }) => `  folded    ${from.length} tensors into ${megabytes(bytes)}`),
    `  graph     ${report.nodes} nodes, actions ${report.actionMode === 'delta' ? 'relative' : 'absolute'}`,
    `  memory    ${Object.entries(report.memoryBytes)
      .map(([precision, bytes]) => `${precision} ${gigabytes(bytes)}`)
      .join(', ')}`,
    `  robots    ${report.robots.join(', ')}`,
    `  tokenizer ${report.tokenizer ?? 'none found'}`,
    ...report.warnings.map(({ message }) => `  ! ${message}`),
    ...report.selfChecks.map(({ status, detail }) => `  ${marks[status]} ${detail}`),
    `  ${(report.elapsedMs / 1000).toFixed(1)} s`,
  ].join('\n')
