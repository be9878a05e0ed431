/** What a person decides before a folder is imported, and the act that starts it. */
import { useState, type FormEvent, type ReactNode } from 'react'
import { precisions, type Precision } from '#contract/services/policy.ts'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { importMessages } from './import-messages.ts'
import { policiesViewOf, type Inspected } from './policies-view.ts'
import { PickField, TextField } from './text-field.tsx'

const isPrecision = (text: string): text is Precision => precisions.some((name) => name === text)

export function ImportStart({ inspected }: { inspected: Inspected }): ReactNode {
  const t = useMessages(importMessages)
  const app = useApp()
  const { report, source } = inspected
  const [name, setName] = useState('')
  const [robot, setRobot] = useState('')
  const [tokenizer, setTokenizer] = useState('')
  const [precision, setPrecision] = useState('auto')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    app.act(async ({ policyImport }) => {
      const { jobId } = await policyImport.start({
        source,
        name: name.trim(),
        robot: robot === '' ? null : robot,
        tokenizer: tokenizer.trim() === '' ? null : tokenizer.trim(),
        precision: isPrecision(precision) ? precision : 'auto',
      })
      policiesViewOf(app).setState({ pane: 'job', jobId, inspected: null, source: '' })
    })
  }
  return (
    <form className="import-start" onSubmit={submit}>
      <TextField label={t.name} value={name} testId="import-name" onChange={setName} />
      {report.robots.length > 1 && (
        <PickField
          label={t.robot}
          value={robot}
          options={[
            { value: '', text: t.robotAsSaid },
            ...report.robots.map((id) => ({ value: id, text: id })),
          ]}
          testId="import-robot"
          onChange={setRobot}
        />
      )}
      <PickField
        label={t.precision}
        value={precision}
        options={[
          { value: 'auto', text: t.precisionAuto },
          ...Object.keys(report.memoryBytes).map((id) => ({ value: id, text: id })),
        ]}
        testId="import-precision"
        onChange={setPrecision}
      />
      {report.tokenizer === null && (
        <TextField
          label={t.tokenizer}
          hint={t.tokenizerHint}
          value={tokenizer}
          testId="import-tokenizer"
          onChange={setTokenizer}
        />
      )}
      <button type="submit" className="btn btn-primary" data-testid="import-start">
        {t.start}
      </button>
    </form>
  )
}
