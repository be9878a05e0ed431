/**
 * What a checkpoint answers here, without any server: `FOLDER SEED FILE` writes state and actions. Sample i of camera k is
 * (i·7 + k·13) mod 251, a hundred more in the past picture.
 */
import { writeFileSync } from 'node:fs'
import { unwrap } from '#core/result.ts'
import { openStoredPolicy } from '#host/policy/open-policy.ts'
import { readPolicy } from '#host/policy/policy-store.ts'
import { predictOnce } from '#host/policy/predict.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { defaultPolicySettings } from '#host/policy/settings-store.ts'
import { machineClockUs } from '#host/shared/clock.ts'

const [, , folder = '', seed = '0', file = ''] = process.argv
const size = { width: 64, height: 48 }

await using policy = unwrap(
  await openStoredPolicy(await readPolicy('tiny', folder, 'resources'), {
    settings: { ...defaultPolicySettings, provider: 'cpu', hasForesight: false },
    providers: new ProviderDesk([]),
    clock: machineClockUs,
    log: null,
  }),
)
const { cameras } = policy.contract
const picture = (camera: string, slot: number, offset: number) => ({
  camera,
  timeUs: Number.NaN,
  ...size,
  rgb: Uint8Array.from(
    { length: 3 * size.width * size.height },
    (_, index) => (index * 7 + slot * 13 + offset) % 251,
  ),
})
const state = policy.neutralState ?? new Float32Array(policy.contract.state.length)
const { actions, length, width } = unwrap(
  await predictOnce(
    policy,
    {
      policyId: 'tiny',
      state,
      extras: {},
      past: cameras.map(({ name }, slot) => picture(name, slot, 100)),
      present: cameras.map(({ name }, slot) => picture(name, slot, 0)),
      task: 'abc',
      seed: Number(seed),
      hasForesight: false,
    },
    machineClockUs(),
  ),
)
const names = cameras.map(({ name }) => name)
writeFileSync(
  file,
  JSON.stringify({ cameras: names, state: [...state], actions: [...actions], length, width }),
)
