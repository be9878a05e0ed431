/** What an import read, left out and folded, and what it will cost: every figure as the importer counted it. */
import { Check, Minus, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ImportReport } from '#contract/services/policy-import.ts'
import { fixed } from '../i18n/figures.ts'
import { hostWords } from '../i18n/host-words.ts'
import { useLanguage, useMessages } from '../i18n/language.tsx'
import { byteFigure } from './byte-figures.ts'
import { importMessages, type ImportText } from './import-messages.ts'

function factsOf(report: ImportReport, t: ImportText): readonly (readonly [string, string])[] {
  const { files, used, folded, memoryBytes } = report
  const sum = (of: readonly { readonly bytes: number }[]): string =>
    byteFigure(of.reduce((total, { bytes }) => total + bytes, 0))
  return [
    [t.architecture, report.architecture],
    [t.filesName, t.files(files.length, sum(files))],
    [t.used, t.tensors(used.tensors, byteFigure(used.bytes))],
    [
      t.types,
      Object.entries(used.byDtype)
        .map(([dtype, bytes]) => `${byteFigure(bytes)} ${dtype}`)
        .join(', '),
    ],
    [t.folded, t.foldedOf(folded.length, sum(folded))],
    [t.nodes, t.nodesOf(report.nodes)],
    [
      t.memory,
      Object.entries(memoryBytes)
        .map(([precision, bytes]) => `${precision} ${byteFigure(bytes)}`)
        .join(', '),
    ],
    [t.actions, report.actionMode === 'delta' ? t.delta : t.abs],
    [t.robots, report.robots.join(', ')],
    [t.tokenizerName, report.tokenizer ?? t.noTokenizer],
    [t.elapsed, `${fixed(report.elapsedMs / 1000, report.elapsedMs < 10_000 ? 1 : 0)} s`],
  ]
}

const glyphs = {
  ok: <Check className="icon is-ok" aria-hidden="true" />,
  warn: <TriangleAlert className="icon is-warn" aria-hidden="true" />,
  fail: <X className="icon is-bad" aria-hidden="true" />,
  skipped: <Minus className="icon t3" aria-hidden="true" />,
} as const

export function ReportPanel({ report }: { report: ImportReport }): ReactNode {
  const t = useMessages(importMessages)
  const language = useLanguage()
  const words = { ok: t.passed, warn: t.noted, fail: t.failed, skipped: t.skippedCheck } as const
  return (
    <div className="policy-report" data-testid="import-report">
      {report.warnings.length > 0 && (
        <ul className="facts" aria-label={t.warnings}>
          {report.warnings.map(({ code, message }) => (
            <li key={`${code} ${message}`} className="fact">
              <TriangleAlert className="icon is-warn" aria-hidden="true" />
              <span className="selectable">{hostWords(message, language).text}</span>
            </li>
          ))}
        </ul>
      )}
      <table className="grid-table policy-facts">
        <tbody>
          {factsOf(report, t)
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="t2 selectable">{value}</td>
              </tr>
            ))}
          {report.skipped.map(({ group, tensors, bytes, why }) => (
            <tr key={group}>
              <th scope="row">
                {t.skipped} <span className="t2">{t.skippedGroup(group)}</span>
              </th>
              <td className="t2 selectable">
                {t.tensors(tensors, byteFigure(bytes))}
                <span className="policy-fix">{t.skippedWhy(group, why)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {report.selfChecks.length > 0 && (
        <section className="section">
          <h3 className="heading">{t.selfChecks}</h3>
          <ul className="facts">
            {report.selfChecks.map(({ id, status, detail }) => (
              <li key={`${id} ${detail}`} className="fact" data-status={status}>
                {glyphs[status]}
                <span className="visually-hidden">{words[status]}</span>
                <span className="fact-name">{t.selfCheckName(id)}</span>
                <span className="fact-value selectable" title={hostWords(detail, language).text}>
                  {hostWords(detail, language).text}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
