// `npm run test:electron`: the real window, where Electron's binary is installed; elsewhere it says why it does nothing.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron } from 'playwright-core'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const packageDir = join(root, 'node_modules', 'electron')

function binary() {
  const named = join(packageDir, 'path.txt')
  if (!existsSync(named)) return null
  const path = join(
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageDir, 'dist'),
    readFileSync(named, 'utf8').trim(),
  )
  return existsSync(path) ? path : null
}

/** Each check is a sentence; the window must be fresh for all of them. */
const checks = {
  'the page is our own origin': async (page) =>
    assert.equal(await page.evaluate(() => location.origin), 'app://foresight'),
  'the page has neither Node nor Electron': async (page) =>
    assert.deepEqual(await page.evaluate(() => [typeof require, typeof process]), ['undefined', 'undefined']),
  'the content policy stops inline scripts': async (page) =>
    assert.equal(
      await page.evaluate(() => {
        const script = document.createElement('script')
        script.textContent = 'window.__ran = true'
        document.head.append(script)
        return '__ran' in window
      }),
      false,
    ),
  'navigation away is refused': async (page) => {
    await page.evaluate(() => void (location.href = 'https://example.com/'))
    await page.waitForTimeout(500)
    assert.equal(await page.evaluate(() => location.origin), 'app://foresight')
  },
  'the page is drawn': async (page) => {
    await page.waitForFunction(() => (document.querySelector('#root')?.childElementCount ?? 0) > 0)
  },
}

const executablePath = binary()
if (executablePath === null) {
  console.log('skipped: Electron’s binary is not installed (npx install-electron --no fetches it)')
  console.log('0 passed, 0 failed, 1 skipped')
} else {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--if-stale'], {
    stdio: 'inherit',
  })
  if (built.status !== 0) process.exit(built.status ?? 1)
  const dataDir = mkdtempSync(join(tmpdir(), 'foresight-electron-'))
  const app = await _electron.launch({
    executablePath,
    args: [root, ...(process.env.CI === undefined ? [] : ['--no-sandbox'])],
    env: { ...process.env, FORESIGHT_DATA_DIR: dataDir, FORESIGHT_NODE: process.execPath },
  })
  let failed = 0
  try {
    const page = await app.firstWindow()
    for (const [sentence, check] of Object.entries(checks)) {
      try {
        await check(page)
        console.log(`ok      ${sentence}`)
      } catch (error) {
        failed += 1
        console.log(`FAILED  ${sentence}\n${error.stack}`)
      }
    }
  } finally {
    await app.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed, 0 skipped`)
  process.exitCode = failed > 0 ? 1 : 0
}
