/** The lines that only a learned network has, in the language of the page: from the host's words only names and figures are kept. */
import type { CheckLine } from '#contract/services/policy.ts'
import type { PoliciesText } from './messages.ts'

interface Words {
  readonly expected?: string
  readonly actual?: string
}

type ModelKind = 'robot' | 'actionMode' | 'tokenizer' | 'instruction' | 'startState'

const isRelative = (text: string): boolean => text.includes('relative')

export function modelWords(
  kind: ModelKind,
  { expected, actual, status }: Pick<CheckLine, 'status' | 'expected' | 'actual'>,
  t: PoliciesText,
): Words {
  switch (kind) {
    case 'robot': {
      const [, robot, unknown, robots] =
        /^(.*?)( \(no profile[^)]*\))?; statistics of (.*)$/u.exec(actual) ?? []
      if (robot === undefined || robots === undefined) return {}
      return { actual: t.robotIs(robot, robots, unknown !== undefined) }
    }
    case 'actionMode':
      return {
        expected: isRelative(expected) ? t.statsOfRelative : t.statsOfAbsolute,
        actual: isRelative(actual) ? t.looksRelative : t.looksAbsolute,
      }
    case 'tokenizer':
      return { expected: t.tokenizerWanted, ...(actual === 'none' && { actual: t.noneHere }) }
    case 'instruction': {
      const [limit, count] = [/(\d+) tokens/u.exec(expected)?.[1], /^(\d+) tokens/u.exec(actual)?.[1]]
      if (limit === undefined) return { expected: t.plainWords }
      return { expected: t.tokensWanted(limit), ...(count !== undefined && { actual: t.tokensAre(count) }) }
    }
    case 'startState':
      return status === 'ok' ? { expected: t.withinTraining, actual: t.withinTraining } : {}
    default:
      return {}
  }
}
