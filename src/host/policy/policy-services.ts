/** The policy host's two services over one desk: `policy` for pages, `policyRunner` for the rig host. */
import { unwrap } from '#core/result.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { policy, policyRunner } from '#contract/services/policy.ts'
import { checkPolicy } from './check-policy.ts'
import type { PolicyDesk } from './policy-desk.ts'
import type { ProviderDesk } from './providers/provider-desk.ts'

export function policyServices(
  desk: PolicyDesk,
  providers: ProviderDesk,
): {
  readonly forPages: BoundService
  readonly forRig: BoundService
} {
  return {
    forPages: implement(policy, {
      list: () => desk.list(),
      load: async ({ policyId }) => {
        await desk.load(policyId)
      },
      unload: () => desk.unload(),
      check: async ({ policyId, rig, task, state }) => {
        const [stored, settings] = [await desk.find(policyId), await desk.settings(policyId)]
        return unwrap(await checkPolicy(stored, rig, settings, { task, state }))
      },
      state: (_params, emitter) => desk.follow((state) => void emitter.emit(state)),
      settings: ({ policyId }) => desk.settings(policyId),
      configure: ({ policyId, settings }) => desk.configure(policyId, settings),
      providers: ({ isFresh }) => providers.statuses(isFresh),
      bench: ({ policyId, runs }, { signal }) => desk.bench(policyId, runs, signal),
      predict: (question, { signal }) => desk.predict(question, signal),
    }),
    forRig: implement(policyRunner, {
      load: ({ policyId }) => desk.load(policyId),
      settings: ({ policyId }) => desk.settings(policyId),
      infer: (observation, { signal }) => desk.infer(observation, signal),
      state: (_params, emitter) => desk.follow((state) => void emitter.emit(state)),
    }),
  }
}
