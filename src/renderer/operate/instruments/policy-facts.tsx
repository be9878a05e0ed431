/** The policy that drives, as measured by its host. Absent figures were not measured yet. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { providerTitle } from '../../i18n/provider-name.ts'
import { operateMessages } from '../messages.ts'
import { Fact, Facts } from './fact.tsx'

export function PolicyFacts(): ReactNode {
  const t = useMessages(operateMessages)
  const policy = useLive((s) => s.policy)
  const drive = useLive((s) => s.drive?.policy ?? null)
  if (drive === null) return null
  const contract = policy?.loaded?.contract ?? null
  const latency = policy?.latency ?? null
  // A name that says so itself is not followed by the same words.
  const isSaid = drive.name.toLowerCase().includes(t.notLearned.toLowerCase())
  return (
    <Facts title={drive.name} note={drive.isLearned || isSaid ? '' : t.notLearned}>
      {contract !== null && (
        <Fact
          name={t.chunk}
          value={t.chunkOf(contract.chunkLength, fixed(contract.chunkLength / contract.fps, 1))}
        />
      )}
      {latency !== null && (
        <Fact
          name={t.inference}
          value={`p50 ${fixed(latency.p50Ms, 0)} · p99 ${fixed(latency.p99Ms, 0)} ms`}
        />
      )}
      {policy?.residentMemoryMb !== null && policy !== null && (
        <Fact name={t.memory} value={`${fixed(policy.residentMemoryMb, 0)} MB`} />
      )}
      {policy?.provider !== null && policy !== null && (
        <Fact name={t.runsOn} value={providerTitle(policy.provider)} />
      )}
    </Facts>
  )
}
