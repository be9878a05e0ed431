// Runs Foresight against the real thing: Python's `lerobot`, `feetech-servo-sdk` and `openpi-client`. Each check is a folder under
// test/conformance with a `check.mjs` that exports `checks`. Skipped, with the reason printed, where Python or PyPI is missing.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const total = { passed: 0, failed: 0, skipped: 0 }
const root = resolve('test', 'conformance')
for (const name of existsSync(root) ? readdirSync(root).sort() : []) {
  const file = join(root, name, 'check.mjs')
  if (!existsSync(file)) continue
  const { checks } = await import(pathToFileURL(file).href)
  for await (const { title, status, detail } of checks()) {
    total[status] += 1
    console.log(
      `${status === 'passed' ? 'ok  ' : status === 'failed' ? 'FAIL' : 'skip'} ${name}: ${title}${detail ? ` (${detail})` : ''}`,
    )
  }
}
mkdirSync(join('.cache', 'test-results'), { recursive: true })
writeFileSync(join('.cache', 'test-results', 'conformance.json'), JSON.stringify(total))
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0
