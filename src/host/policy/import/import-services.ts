/** The service `policyImport` over its desk, with remote policies beside the imported ones. */
import { RemoteContract } from '#core/policy/openpi/remote-manifest.ts'
import { FaultError, unwrap } from '#core/result.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { policyImport } from '#contract/services/policy-import.ts'
import { addRemote } from '../remote/add-remote.ts'
import type { ImportDesk } from './import-desk.ts'

/** @param ownDir the user's own policies */
export const importServices = (desk: ImportDesk, ownDir: string): BoundService =>
  implement(policyImport, {
    nearby: ({ path }) => desk.nearby(path),
    inspect: ({ source }) => desk.inspect(source),
    start: async (question) => desk.start(question),
    addRemote: async ({ contract, ...question }) => {
      const said = contract === null ? null : RemoteContract.safeParse(contract)
      if (said?.success === false)
        throw new FaultError({ code: 'contract/invalid-request', message: String(said.error) })
      const whole = said === null ? question : { ...question, contract: said.data }
      return unwrap(await addRemote(whole, { ownDir }))
    },
    cancel: async ({ jobId }) => desk.cancel(jobId),
    jobs: (_params, emitter) => desk.follow((jobs) => void emitter.emit(jobs)),
    report: ({ policyId }) => desk.report(policyId),
    remove: ({ policyId }) => desk.remove(policyId),
    undoRemove: ({ policyId }) => desk.undoRemove(policyId),
  })
