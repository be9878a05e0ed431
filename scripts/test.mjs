// Runs the test projects named (all by default) one after another and prints, alone on the last line, what counted:
// `N passed, N failed, N skipped`. vitest's own summary is not that line.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const all = ['unit', 'integration', 'e2e']
const named = process.argv.slice(2).filter((argument) => all.includes(argument))
const rest = process.argv.slice(2).filter((argument) => !all.includes(argument))
const projects = named.length > 0 ? named : all
const results = join('.cache', 'test-results')
mkdirSync(results, { recursive: true })

if (projects.includes('e2e')) run([join('scripts', 'build.mjs'), '--if-stale'])

const total = { passed: 0, failed: 0, skipped: 0 }
let isBroken = false
const failures = []
for (const project of projects) {
  const file = join(results, `${project}.json`)
  rmSync(file, { force: true })
  const code = run([
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...rest,
  ])
  const report = read(file)
  if (report === null) {
    isBroken = true
    failures.push(`${project}: no report, vitest ended with ${code}`)
    continue
  }
  failures.push(...failuresIn(project, report))
  total.passed += report.numPassedTests
  total.failed += report.numFailedTests
  total.skipped += report.numPendingTests + report.numTodoTests
  // A file that does not even load counts no test, but it is a failure.
  if (code !== 0 && report.numFailedTests === 0) {
    isBroken = true
    failures.push(`${project}: vitest ended with ${code} although no test failed`)
  }
}
if (isBroken) total.failed += 1
writeFileSync(join(results, 'total.json'), JSON.stringify({ ...total, failures }))
// Once more at the end: whoever reads only the tail of a long log still learns what failed.
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0

function run(args) {
  const { status } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'test' },
  })
  return status ?? 1
}

/** One text for each failed test, or file that did not load: where, what, and the first lines of why. */
function failuresIn(project, report) {
  return report.testResults.flatMap(({ name, message, status, assertionResults }) => {
    const file = relative(process.cwd(), name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0) return status === 'failed' ? [`${project} ${file}: ${head(message)}`] : []
    return failed.map(
      (test) => `${project} ${file}: ${test.fullName}\n  ${head(test.failureMessages.join('\n'))}`,
    )
  })
}

function head(text) {
  return text
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .slice(0, 12)
    .join('\n  ')
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
