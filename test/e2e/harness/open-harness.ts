/** A harness page in a browser of its own, with its functions callable from the test. */
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, type LaunchOptions } from '../browser.ts'
import type { Harness } from './harness.ts'
import { serveHarness } from './serve-harness.ts'

type Functions = { [K in keyof Harness]: Harness[K] }

export interface OpenHarness extends AsyncDisposable {
  readonly page: Page
  readonly browser: Browser
  /** Calls a function of the page. Arguments and answers must be plain data. */
  call<K extends keyof Functions>(
    name: K,
    ...args: Parameters<Functions[K]>
  ): Promise<Awaited<ReturnType<Functions[K]>>>
  /** Asks until `isGood` accepts the answer; gives up with the last answer. */
  until<T>(ask: () => Promise<T>, isGood: (value: T) => boolean): Promise<T>
  /** Errors that the page or its workers threw. */
  readonly errors: readonly string[]
}

export async function openHarness(
  options: LaunchOptions & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<OpenHarness> {
  const served = await serveHarness(options.files)
  const browser = await launchBrowser(options)
  const page = await browser.newPage({ viewport: { width: 1000, height: 600 } })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(served.url)
  await page.waitForFunction(() => 'harness' in globalThis)
  return {
    page,
    browser,
    errors,
    call: (name, ...args) =>
      page.evaluate(
        ([key, list]) => {
          const { harness } = globalThis as unknown as {
            harness: Record<string, (...a: unknown[]) => unknown>
          }
          return harness[key]?.(...list)
        },
        [name, args] as const,
      ) as never,
    async until(ask, isGood) {
      for (let tries = 0; ; tries += 1) {
        const value = await ask()
        if (isGood(value)) return value
        if (tries > 500) throw new Error(`gave up; last answer: ${JSON.stringify(value)?.slice(0, 2000)}`)
        await new Promise((done) => setTimeout(done, 50))
      }
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await served[Symbol.asyncDispose]()
    },
  }
}
