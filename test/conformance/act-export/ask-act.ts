/** The exported ACT policy as Foresight loads it, asked what LeRobot's own was asked; prints the largest difference of an action. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { unwrap } from '#core/result.ts'
import { defaultPolicySettings } from '#host/policy/settings-store.ts'
import { openStoredPolicy } from '#host/policy/open-policy.ts'
import { readPolicy } from '#host/policy/policy-store.ts'
import { predictOnce } from '#host/policy/predict.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { machineClockUs } from '#host/shared/clock.ts'

const Cases = z.object({
  width: z.number(),
  height: z.number(),
  cases: z.array(
    z.object({
      state: z.array(z.number()),
      pictures: z.record(z.string(), z.string()),
      actions: z.array(z.number()),
    }),
  ),
})

const [, , folder = '', casesFile = ''] = process.argv
const { width, height, cases } = Cases.parse(JSON.parse(readFileSync(casesFile, 'utf8')))
await using policy = unwrap(
  await openStoredPolicy(await readPolicy('act', folder, 'resources'), {
    settings: defaultPolicySettings,
    providers: new ProviderDesk([]),
    clock: machineClockUs,
    log: null,
  }),
)
const { inferMs } = unwrap(await policy.warmUp())
let worst = 0
for (const { state, pictures, actions } of cases) {
  const present = Object.entries(pictures).map(([camera, hex]) => ({
    camera,
    timeUs: Number.NaN,
    width,
    height,
    rgb: Uint8Array.from(Buffer.from(hex, 'hex')),
  }))
  const question = {
    policyId: 'act',
    state: Float32Array.from(state),
    extras: {},
    past: [],
    present,
    task: '',
    seed: 0,
    hasForesight: false,
  }
  const answer = unwrap(await predictOnce(policy, question, machineClockUs()))
  if (answer.actions.length !== actions.length) worst = Infinity
  for (const [index, action] of actions.entries())
    worst = Math.max(worst, Math.abs((answer.actions[index] ?? Number.NaN) - action))
}
console.log(JSON.stringify({ worst, inferMs, cases: cases.length }))
