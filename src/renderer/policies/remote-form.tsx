/**
 * A policy that runs on another machine and speaks openpi's protocol. What such a server does not say, a person says: that it
 * wants what the connected rig has, or nothing yet.
 */
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { socketAddressOf } from '#core/policy/openpi/remote-manifest.ts'
import { templatePresets, type TemplatePreset } from '#core/policy/openpi/template-presets.ts'
import type { Fault } from '#core/result.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import type { Services } from '../app/services.ts'
import { useMessages } from '../i18n/language.tsx'
import { FaultNote } from '../ui/note.tsx'
import { faultOf } from './fault-of.ts'
import { importMessages } from './import-messages.ts'
import { PickField, TextField } from './text-field.tsx'

const longestChunk = 1000

export function RemoteForm({ onAdded }: { onAdded: (policyId: string) => void }): ReactNode {
  const t = useMessages(importMessages)
  const app = useApp()
  const rig = useRigContract()
  const [address, setAddress] = useState('')
  const [name, setName] = useState('')
  const [key, setKey] = useState('')
  const [preset, setPreset] = useState<TemplatePreset>('generic')
  const [wants, setWants] = useState<'open' | 'rig'>('open')
  const [chunk, setChunk] = useState('')
  const [isAsking, setIsAsking] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)
  const length = Number(chunk)
  const isChunk = Number.isInteger(length) && length > 0 && length <= longestChunk
  const asRig = wants === 'rig' && rig !== null
  const isAddress = socketAddressOf(address) !== null
  const add = async ({ policyImport }: Services): Promise<void> => {
    setIsAsking(true)
    setFault(null)
    try {
      const { policyId } = await policyImport.addRemote({
        address: address.trim(),
        name: name.trim(),
        apiKey: key === '' ? null : key,
        preset,
        contract: asRig ? { ...rig, extras: [], chunkLength: length } : null,
      })
      onAdded(policyId)
    } catch (error) {
      setFault(faultOf(error))
    } finally {
      setIsAsking(false)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const services = app.services()
    if (services !== null && isAddress && !isAsking) void add(services)
  }
  return (
    <>
      <form className="import-start" onSubmit={submit}>
        <TextField
          label={t.address}
          hint={t.addressHint}
          value={address}
          problem={address.trim() === '' || isAddress ? undefined : t.addressProblem}
          testId="remote-address"
          onChange={setAddress}
        />
        <TextField label={t.name} value={name} testId="remote-name" onChange={setName} />
        <TextField label={t.key} value={key} isSecret testId="remote-key" onChange={setKey} />
        <PickField
          label={t.keys}
          value={preset}
          options={templatePresets.map((value) => ({ value, text: value }))}
          testId="remote-preset"
          onChange={(value) => setPreset(templatePresets.find((known) => known === value) ?? 'generic')}
        />
        <PickField
          label={t.unsaid}
          value={asRig ? 'rig' : 'open'}
          options={[
            { value: 'open', text: t.unsaidOpen },
            ...(rig === null ? [] : [{ value: 'rig', text: t.unsaidAsRig }]),
          ]}
          testId="remote-wants"
          onChange={(value) => setWants(value === 'rig' ? 'rig' : 'open')}
        />
        {asRig && (
          <TextField
            label={t.chunkActions}
            hint={t.asRigHint(rig.state.length, rig.cameras.map((camera) => camera.name).join(', '), rig.fps)}
            value={chunk}
            problem={chunk === '' || isChunk ? undefined : t.chunkProblem(longestChunk)}
            testId="remote-chunk"
            onChange={setChunk}
          />
        )}
        <button
          type="submit"
          className="btn btn-primary"
          disabled={!isAddress || isAsking || (asRig && !isChunk)}
          data-testid="remote-add"
        >
          {isAsking ? t.adding : t.add}
        </button>
      </form>
      {fault !== null && <FaultNote fault={fault} testId="remote-fault" />}
    </>
  )
}

/** Null while no rig is connected. */
function useRigContract(): RigContract | null {
  const services = useLive((s) => s.session?.services ?? null)
  const rigName = useLive((s) => s.rig?.rig?.name ?? null)
  const [found, setFound] = useState<{ rigName: string; contract: RigContract } | null>(null)
  useEffect(() => {
    if (services === null || rigName === null) return undefined
    let isWanted = true
    services.rig
      .contract(undefined)
      .then((contract) => isWanted && setFound({ rigName, contract }))
      .catch(() => undefined)
    return () => {
      isWanted = false
    }
  }, [services, rigName])
  return found?.rigName === rigName ? found.contract : null
}
