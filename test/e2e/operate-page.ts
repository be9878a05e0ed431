/** What a person does at the page: keys held until they take effect, states waited for, pictures kept. Nothing sleeps. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Mode } from '#core/control/mode.ts'

const shots = resolve(import.meta.dirname, 'shots')

/** The two sizes every screen is looked at in. */
export const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const

export interface OperatePage {
  readonly page: Page
  /** Uncaught errors and console errors of the page so far. */
  readonly problems: readonly string[]
  mode(): Promise<string>
  waitForMode(...modes: Mode[]): Promise<void>
  waitForTake(phase: string): Promise<void>
  /** Starts a take; a stop during the count-down cancels it, and a person starts again. */
  startTake(): Promise<void>
  /** Presses a key and lets it go at once. */
  tap(key: string): Promise<void>
  /** Holds a key until the badge shows one of the modes. */
  holdUntil(key: string, ...modes: Mode[]): Promise<void>
  /** Waits for `done`; whenever the arm came to rest meanwhile, as on a busy machine it may, engages again as a person would. */
  driveUntil<T>(done: Promise<T>): Promise<T>
  /** Connects the simulated pair from the first screen and names a dataset. */
  startSimulatedPair(dataset: string, task: string): Promise<void>
  /** Keeps a picture in both sizes. */
  shoot(name: string): Promise<void>
  close(): Promise<void>
}

const waitMs = 60_000

/** Opens the page with a session cookie (`name=value`) of the program at `origin`. */
export async function openOperatePage(
  browser: Browser,
  origin: string,
  cookie: string,
): Promise<OperatePage> {
  const context = await browser.newContext({ viewport: { ...sizes[0] }, colorScheme: 'dark' })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' }])
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(origin)
  const badge = page.getByTestId('source-badge')

  const waitForMode = async (modes: readonly Mode[], timeout = waitMs): Promise<void> => {
    const wanted = modes.map((mode) => `[data-testid="source-badge"][data-mode="${mode}"]`).join(',')
    await page.locator(wanted).first().waitFor({ state: 'attached', timeout })
  }
  const waitForTake = async (phase: string, timeout = waitMs): Promise<void> => {
    const wanted = `[data-testid="take-state"][data-phase="${phase}"]`
    await page.locator(wanted).waitFor({ state: 'attached', timeout })
  }
  const holdUntil = async (key: string, ...modes: Mode[]): Promise<void> => {
    // A command may have to wait at the very moment the hold is over: then it says so, and a person holds again.
    for (let attempt = 0; ; attempt += 1) {
      await page.keyboard.down(key)
      const reached = await waitForMode(modes, attempt < 10 ? 3000 : waitMs).then(
        () => true,
        (error: unknown) => {
          if (attempt >= 10) throw error
          return false
        },
      )
      await page.keyboard.up(key)
      if (reached) return
    }
  }
  return {
    page,
    problems,
    mode: async () => (await badge.getAttribute('data-mode')) ?? '',
    waitForMode: (...modes) => waitForMode(modes),
    waitForTake: (phase) => waitForTake(phase),
    async startTake() {
      for (let attempt = 0; ; attempt += 1) {
        if ((await badge.getAttribute('data-mode')) === 'holding')
          await holdUntil('Enter', 'matching', 'teleop')
        await page.keyboard.press('ArrowRight')
        try {
          return await waitForTake('recording', 6000)
        } catch (error) {
          if (attempt >= 5) throw error
        }
      }
    },
    tap: (key) => page.keyboard.press(key),
    holdUntil,
    async driveUntil(done) {
      let isDone = false
      const end = done.finally(() => (isDone = true))
      const engage = async (): Promise<void> => {
        while (!isDone) {
          const mode = await badge.getAttribute('data-mode')
          if (mode === 'holding') {
            await page.keyboard.down('Enter')
            await Promise.race([end, waitForMode(['matching', 'teleop'])])
            await page.keyboard.up('Enter')
          } else await Promise.race([end, waitForMode(['holding']).catch(() => undefined)])
        }
      }
      const [value] = await Promise.all([end, engage()])
      return value
    },
    async startSimulatedPair(dataset, task) {
      await page.getByTestId('first-run').waitFor({ timeout: waitMs })
      await page.keyboard.press('Enter')
      await page.getByTestId('dataset-panel').waitFor({ timeout: waitMs })
      await page.getByTestId('dataset-dataset').fill(dataset)
      await page.getByTestId('dataset-task').fill(task)
      await page.getByTestId('dataset-choose').click()
      await page.getByTestId('dataset-panel').waitFor({ state: 'detached', timeout: waitMs })
    },
    async shoot(shot) {
      mkdirSync(shots, { recursive: true })
      for (const size of sizes) {
        await page.setViewportSize({ ...size })
        // Two frames: one to lay out, one to draw what the layout asked for.
        await page.evaluate(
          () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
        )
        await page.screenshot({ path: join(shots, `${shot}-${size.width}.png`) })
      }
      await page.setViewportSize({ ...sizes[0] })
    },
    close: () => context.close(),
  }
}
