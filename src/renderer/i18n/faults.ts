/**
 * Every fault code in words: what happened, then what to do. The set is closed by the type, so a new code does not
 * compile until both languages say it.
 */
import type { FaultCode } from '#core/errors.ts'
import type { Fault } from '#core/result.ts'
import type { Language } from './define-messages.ts'
import type { FaultText, FaultTexts } from './fault-text.ts'
import { faultsEn } from './faults-en.ts'
import { faultsZh } from './faults-zh.ts'

const texts: Readonly<Record<Language, FaultTexts>> = { en: faultsEn, zh: faultsZh }

export const faultText = (code: FaultCode, language: Language): FaultText => texts[language][code]

const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(faultsEn, code)

/** For causes, whose code is any text: null when it is none of ours. */
export const faultTextOf = (code: string, language: Language): FaultText | null =>
  isFaultCode(code) ? texts[language][code] : null

/** What happened, and to what: `A servo is too hot: elbow_flex`. */
export const named = (what: string, name: string, language: Language): string =>
  name === '' ? what : `${what}${language === 'zh' ? '：' : ': '}${name}`

/** Names and figures that belong to the fault and are never translated, most telling first. */
const detailKeys = [
  'joint',
  'servo',
  'servos',
  'camera',
  'port',
  'policy',
  'codec',
  'dataset',
  'path',
  'dir',
  'file',
  'holder',
  'expected',
  'actual',
]

export function faultDetails(fault: { readonly data?: Fault['data'] | undefined }): readonly string[] {
  const { data } = fault
  if (data === undefined) return []
  return detailKeys.flatMap((key) => {
    const value = data[key]
    if (typeof value === 'string' && value !== '') return [value]
    if (typeof value === 'number') return [String(value)]
    return Array.isArray(value) && value.length > 0 ? [value.join(', ')] : []
  })
}
