/**
 * One way to start a browser for every test that needs a real page: the Chromium of `@sparticuz/chromium`, software GL,
 * no network of its own. Its unpacked files live in a folder named by its version, because the package reuses whatever it finds.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Browser, chromium as playwright } from 'playwright-core'

export interface LaunchOptions {
  /** Cameras that Chromium invents for getUserMedia; 0 grants none. Default 3. */
  readonly fakeCameras?: number
  /** Pictures per second of the invented cameras. Default 30. */
  readonly fakeCameraFps?: number
  /** What the invented user answers when a page asks for a camera. Default: yes. */
  readonly areCamerasRefused?: boolean
  /** Extra Chromium switches. */
  readonly args?: readonly string[]
}

/** Starts Chromium. `FORESIGHT_CHROMIUM` names another executable, e.g. a branded Chrome on a developer's machine. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  return playwright.launch(await launchParts(options))
}

/** As `launchBrowser`, with the process id of the browser, for tests that kill it. */
export async function launchBrowserProcess(
  options: LaunchOptions = {},
): Promise<{ readonly browser: Browser; readonly pid: number; readonly close: () => Promise<void> }> {
  const server = await playwright.launchServer(await launchParts(options))
  return {
    browser: await playwright.connect(server.wsEndpoint()),
    pid: server.process().pid ?? 0,
    close: () => server.close(),
  }
}

async function launchParts(
  options: LaunchOptions,
): Promise<{ readonly executablePath: string; readonly args: string[] }> {
  const cameras = options.fakeCameras ?? 3
  const media =
    cameras > 0
      ? [
          `--use-fake-ui-for-media-stream${options.areCamerasRefused === true ? '=deny' : ''}`,
          `--use-fake-device-for-media-stream=device-count=${cameras},fps=${options.fakeCameraFps ?? 30}`,
        ]
      : []
  return {
    executablePath: process.env['FORESIGHT_CHROMIUM'] ?? (await unpackChromium()),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
      // WebGL in software. Not `--use-angle=swiftshader`: that draws the whole page with it too, at three times the cost.
      '--enable-unsafe-swiftshader',
      ...media,
      ...(options.args ?? []),
    ],
  }
}

let unpacked: Promise<string> | undefined

/** Unpacks once per machine and version; answers the path of the executable. */
function unpackChromium(): Promise<string> {
  return (unpacked ??= (async () => {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
    const manifest = JSON.parse(await readFile(join(dirname(dirname(entry)), 'package.json'), 'utf8')) as {
      version: string
    }
    const home = join(tmpdir(), `foresight-chromium-${manifest.version}`)
    const executable = join(home, 'chromium')
    if (existsSync(executable)) return executable
    // Unpacked aside and renamed, so that a test run beside this one never starts half a browser.
    const aside = await mkdtemp(`${home}-`)
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = aside
    try {
      const { default: chromium } = await import('@sparticuz/chromium')
      await chromium.executablePath()
    } finally {
      if (before === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before
    }
    await rename(aside, home).catch(async (error: unknown) => {
      if (!existsSync(executable)) throw error
      await rm(aside, { recursive: true })
    })
    return executable
  })())
}
