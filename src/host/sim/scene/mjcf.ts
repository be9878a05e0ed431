/** A minimal writer for MJCF, MuJoCo's XML: elements with attributes, numbers at a fixed number of digits. */

export type Attribute = string | number | readonly number[] | undefined

export interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly children: readonly Element[]
}

export const element = (
  tag: string,
  attributes: Readonly<Record<string, Attribute>> = {},
  children: readonly Element[] = [],
): Element => ({ tag, attributes, children })

/** Ten-thousandths of a millimetre and of a radian are enough, and keep the file free of rounding noise. */
const formatNumber = (value: number): string => String(Number(value.toFixed(7)))

const formatAttribute = (value: Exclude<Attribute, undefined>): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number'
      ? formatNumber(value)
      : value.map(formatNumber).join(' ')

/** The document, two spaces a level, with a trailing newline. Names come from code, so nothing needs escaping. */
export function writeXml({ tag, attributes, children }: Element, indent = ''): string {
  const written = Object.entries(attributes)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${formatAttribute(value)}"`]))
    .join('')
  if (children.length === 0) return `${indent}<${tag}${written}/>\n`
  const inside = children.map((child) => writeXml(child, `${indent}  `)).join('')
  return `${indent}<${tag}${written}>\n${inside}${indent}</${tag}>\n`
}
