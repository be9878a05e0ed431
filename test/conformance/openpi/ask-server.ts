/** Our client asks an openpi server: added by address, completed by hand as a person would, loaded, warmed up, asked. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unwrap } from '#core/result.ts'
import { addRemote } from '#host/policy/remote/add-remote.ts'
import { openRemotePolicy, readRemoteManifest } from '#host/policy/remote/open-remote-policy.ts'
import { machineClockUs } from '#host/shared/clock.ts'

const [, , address = ''] = process.argv
const check = (title: string, isRight: boolean, detail: unknown = ''): void =>
  console.log(
    JSON.stringify({
      title,
      status: isRight ? 'passed' : 'failed',
      detail: isRight ? '' : JSON.stringify(detail),
    }),
  )

const channels = ['a', 'b', 'c', 'd'].map((name) => ({ name, unit: 'radians' }))
const contract = {
  robotType: null,
  cameras: [{ name: 'front', width: 64, height: 48 }],
  state: channels,
  action: channels,
  fps: 10,
  chunkLength: 5,
  extras: [],
}

const home = mkdtempSync(join(tmpdir(), 'foresight-openpi-'))
try {
  const ownDir = join(home, 'policies')
  const { policyId } = unwrap(
    await addRemote({ address, name: 'far', apiKey: 'sesame', preset: 'libero' }, { ownDir }),
  )
  const folder = join(ownDir, policyId.replace('own/', ''))
  const incomplete = await readRemoteManifest(folder)
  check('what the server does not say is asked for', !incomplete.ok, incomplete)
  const path = join(folder, 'remote.json')
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), contract }))

  await using policy = unwrap(
    await openRemotePolicy(folder, unwrap(await readRemoteManifest(folder)), { clock: machineClockUs }),
  )
  const warmed = await policy.warmUp()
  check('our client warms up on an openpi server', warmed.ok, warmed)
  const bytes = Uint8Array.from({ length: 48 * 64 * 3 }, (_, index) => (index * 7) % 251)
  const pixels = 48 * 64
  const planes = Float32Array.from({ length: 3 * pixels }, (_, index) => {
    const [colour, pixel] = [Math.floor(index / pixels), index % pixels]
    return (bytes[3 * pixel + colour] ?? 0) / 255
  })
  const observation = {
    timeUs: machineClockUs(),
    state: Float32Array.of(0.1, 0.2, 0.3, 0.4),
    extras: {},
    pictures: { front: { width: 64, height: 48, planes } },
    past: {},
    task: 'put the bowl 在盘子上',
    guide: null,
    seed: null,
  }
  const chunk = await policy.infer(observation)
  const wanted = Float32Array.from({ length: 20 }, (_, index) => {
    const state = observation.state[index % 4] ?? 0
    return state + Math.floor(index / 4) / 100
  })
  const isSame =
    chunk.ok && chunk.value.actions.every((value, index) => Math.abs(value - (wanted[index] ?? 0)) < 1e-6)
  check('its chunk arrives with every number', isSame, chunk)
  check('its times arrive in parts', chunk.ok && 'network' in chunk.value.stagesMs, chunk)
  const refused = await policy.infer(observation)
  const reason = refused.ok ? 'accepted' : refused.error.data?.['reason']
  check('its traceback arrives as the reason', reason === 'ValueError: no such bowl', refused)
  // The server closed the connection; ours is made again by itself.
  let again = await policy.infer(observation)
  for (let wait = 0; !again.ok && wait < 50; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    again = await policy.infer(observation)
  }
  check('it is asked again after its error', again.ok, again)
} finally {
  rmSync(home, { recursive: true, force: true })
}
