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
  /** Presses a key and lets it go at once. */
  tap(key: string): Promise<void>
  /** Holds a key until the badge shows one of the modes. */
  holdUntil(key: string, ...modes: Mode[]): Promise<void>
  /** Keeps a picture in both sizes. */
  shoot(name: string): Promise<void>
  close(): Promise<void>
}

export async function openOperatePage(browser: Browser, url: string): Promise<OperatePage> {
  const context = await browser.newContext({ viewport: { ...sizes[0] }, permissions: ['camera'] })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(url)
  const badge = page.getByTestId('source-badge')

  const waitForMode = async (...modes: Mode[]): Promise<void> => {
    const wanted = modes.map((mode) => `[data-testid="source-badge"][data-mode="${mode}"]`).join(',')
    await page.locator(wanted).first().waitFor({ state: 'attached', timeout: 60_000 })
  }
  return {
    page,
    problems,
    mode: async () => (await badge.getAttribute('data-mode')) ?? '',
    waitForMode,
    waitForTake: async (phase) => {
      await page
        .locator(`[data-testid="take-state"][data-phase="${phase}"]`)
        .waitFor({ state: 'attached', timeout: 60_000 })
    },
    tap: (key) => page.keyboard.press(key),
    async holdUntil(key, ...modes) {
      await page.keyboard.down(key)
      await waitForMode(...modes)
      await page.keyboard.up(key)
    },
    async shoot(name) {
      mkdirSync(shots, { recursive: true })
      for (const size of sizes) {
        await page.setViewportSize({ ...size })
        await page.evaluate(
          () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
        )
        await page.screenshot({ path: join(shots, `${name}-${size.width}.png`) })
      }
      await page.setViewportSize({ ...sizes[0] })
    },
    close: () => context.close(),
  }
}
