/** A policy that runs on another machine and speaks openpi's protocol. */
import { useState, type FormEvent, type ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { importMessages } from './import-messages.ts'
import { TextField } from './text-field.tsx'

export function RemoteForm({ onAdded }: { onAdded: (policyId: string) => void }): ReactNode {
  const t = useMessages(importMessages)
  const app = useApp()
  const [address, setAddress] = useState('')
  const [name, setName] = useState('')
  const [key, setKey] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    app.act(async ({ policyImport }) => {
      const { policyId } = await policyImport.addRemote({
        address: address.trim(),
        name: name.trim(),
        apiKey: key === '' ? null : key,
      })
      onAdded(policyId)
    })
  }
  return (
    <form className="import-start" onSubmit={submit}>
      <TextField
        label={t.address}
        hint={t.addressHint}
        value={address}
        testId="remote-address"
        onChange={setAddress}
      />
      <TextField label={t.name} value={name} testId="remote-name" onChange={setName} />
      <TextField label={t.key} value={key} isSecret testId="remote-key" onChange={setKey} />
      <button
        type="submit"
        className="btn btn-primary"
        disabled={address.trim() === ''}
        data-testid="remote-add"
      >
        {t.add}
      </button>
    </form>
  )
}
