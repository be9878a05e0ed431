import { record } from '#contract/services/record.ts'
import { sim } from '#contract/services/sim.ts'
import { launchBrowser } from './browser.ts'
import { startApp } from './app.ts'
import { openOperatePage } from './operate-page.ts'
import { sessionCookie } from './contract-client.ts'
await using app = await startApp({ dataDir: '/tmp/fs-try' })
const cookie = await sessionCookie(app.url)
import { connectPeer, hostsRunning } from './contract-client.ts'
const peer = await connectPeer(app.url, cookie)
await hostsRunning(peer)
const browser = await launchBrowser()
const operate = await openOperatePage(browser, new URL(app.url).origin, cookie)
const { page } = operate
const wait = (ms) => new Promise((r) => setTimeout(r, ms))
import { drive } from '#contract/services/drive.ts'
import { latestOf } from './contract-client.ts'
const say = async () => {
  const s = await latestOf((a, b) => peer.client(drive).state(undefined, a, b))
  console.log(
    s.mode,
    s.cause?.code,
    JSON.stringify(s.warnings),
    s.derate,
    (await page.getByTestId('status-bar').innerText()).replaceAll('\n', ' '),
  )
}
try {
  await operate.startSimulatedPair('try', 'Put the red cube in the bin')
  await wait(3000)
  await say()
  await page.screenshot({ path: '/tmp/try-2.png' })
  await operate.holdUntil('Enter', 'matching', 'teleop')
  await operate.waitForMode('teleop')
  await operate.tap('ArrowRight')
  await operate.waitForTake('recording')
  await operate.tap('d')
  const rec = async () => {
    const r = await latestOf((a, b) => peer.client(record).state(undefined, a, b))
    console.log(
      r.phase,
      r.take?.frames,
      r.take?.flushedFrames,
      JSON.stringify(r.take?.repeats),
      JSON.stringify(r.blocker),
      JSON.stringify(r.failure),
    )
    const o = await latestOf((a, b) => peer.client(sim).operator(undefined, a, b))
    console.log(JSON.stringify(o))
  }
  for (let i = 0; i < 10; i++) {
    await wait(3000)
    await say()
    await rec()
    await page.screenshot({ path: `/tmp/try-3-${i}.png` })
  }
} catch (e) {
  console.log('ERR', e.message)
  await say()
  await page.screenshot({ path: '/tmp/try-err.png' })
}
console.log('mode', await operate.mode(), operate.problems)
await browser.close()
