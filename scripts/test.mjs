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
const repeated = []
for (const project of projects) {
  const first = test(project, rest)
  let { report, code } = first
  if (report === null) {
    isBroken = true
    failures.push(`${project}: no report, vitest ended with ${code}`)
    continue
  }
  // These talk to processes, browsers and terminals in real time, so a machine that stalls can fail one. Whoever fails twice, the
  // second time with the machine to itself, has failed; the first failure is told either way.
  const failed = report.testResults.filter((file) => file.status === 'failed')
  if (project !== 'unit' && failed.length > 0) {
    const before = failuresIn(project, report)
    const again = test(
      project,
      failed.map(({ name }) => relative(process.cwd(), name)),
    )
    if (again.report !== null) {
      repeated.push(...before)
      const kept = report.testResults.filter((file) => file.status !== 'failed')
      report = { testResults: [...kept, ...again.report.testResults] }
      code = again.code
    }
  }
  failures.push(...failuresIn(project, report))
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const counted = (...states) => tests.filter(({ status }) => states.includes(status)).length
  const failedTests = counted('failed')
  total.passed += counted('passed')
  total.failed += failedTests
  total.skipped += counted('pending', 'skipped', 'todo')
  // A file that does not even load counts no test, but it is a failure.
  if (code !== 0 && failedTests === 0) {
    isBroken = true
    failures.push(`${project}: vitest ended with ${code} although no test failed`)
  }
}
if (isBroken) total.failed += 1
writeFileSync(join(results, 'total.json'), JSON.stringify({ ...total, failures }))
// Once more at the end: whoever reads only the tail of a long log still learns what failed.
for (const failure of repeated) console.log(`RUN AGAIN after ${failure}`)
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0

/** Runs a project, or the files of it that are named. */
function test(project, files) {
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
    ...files,
  ])
  return { report: read(file), code }
}

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
