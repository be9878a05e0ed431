/** The licence that a checkpoint's model card names in its front matter. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Null where there is no card or it names none. */
export async function readLicense(folder: string): Promise<string | null> {
  const card = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '')
  return licenseOf(card)
}

/** `license: cc-by-nc-sa-4.0` between the two lines of dashes; `license_name` for licences that have no short name. */
export function licenseOf(card: string): string | null {
  const front = /^---\r?\n(?<body>[\s\S]*?)\r?\n---/u.exec(card)?.groups?.['body'] ?? ''
  const field = (name: string): string | null =>
    new RegExp(`^${name}:[ \\t]*['"]?(?<value>[^'"\\r\\n]+)`, 'mu').exec(front)?.groups?.['value']?.trim() ??
    null
  const license = field('license')
  return license === 'other' || license === null ? (field('license_name') ?? license) : license
}
