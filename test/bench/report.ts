/** What the bench prints: one line a figure, with the budget of DESIGN §8 beside it and the ratio between them. */

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Budget in the same unit; absent where DESIGN names none. */
  readonly budget?: number
  /** Whether the budget is a floor (rates) and not a ceiling. */
  readonly isFloor?: boolean
  readonly note?: string
}

const shown = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))

/** Ratio of value to budget, budget to value for floors: at most 1 is within budget. */
export const ratioOf = ({ value, budget, isFloor }: Figure): number | null =>
  budget === undefined ? null : isFloor === true ? budget / value : value / budget

export function printFigure(figure: Figure): void {
  const ratio = ratioOf(figure)
  const budget =
    figure.budget === undefined
      ? ''
      : `budget ${figure.isFloor === true ? '≥' : '≤'} ${shown(figure.budget)} ${figure.unit}`
  const mark = ratio === null ? '' : `ratio ${ratio.toFixed(2)}`
  console.log(
    [
      figure.name.padEnd(44),
      `${shown(figure.value)} ${figure.unit}`.padEnd(14),
      budget.padEnd(22),
      mark.padEnd(12),
      figure.note ?? '',
    ]
      .join(' ')
      .trimEnd(),
  )
}
