/** Where takes go, what the arm shall do, who records: asked in the strip, between takes. Enter uses it, Esc leaves it. */
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useApp, useLive, useUi } from '../../app/app-context.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { readDatasetForm, type DatasetField, type DatasetForm } from './dataset-form.ts'
import { stripMessages } from './messages.ts'

/** The first text that says something. */
const firstOf = (...texts: readonly (string | undefined)[]): string | undefined =>
  texts.find((text) => text !== undefined && text !== '')

const noWrong: ReadonlySet<DatasetField> = new Set()

export function DatasetPanel(): ReactNode {
  const t = useMessages(stripMessages)
  const app = useApp()
  const record = useLive((s) => s.record)
  const settings = useLive((s) => s.settings)
  const isOpen = useUi((ui) => ui.isChoosingDataset)
  const [form, setForm] = useState<DatasetForm>(() => ({
    dataset: firstOf(record?.dataset?.name, settings?.lastDataset ?? undefined) ?? 'my-first-dataset',
    task: firstOf(record?.task, settings?.lastTask) ?? t.taskHint,
    operator: firstOf(record?.operator, settings?.operator) ?? '',
    goal: record?.goal === null || record?.goal === undefined ? '' : String(record.goal),
  }))
  const [wrong, setWrong] = useState(noWrong)
  const [names, setNames] = useState<readonly string[]>([])
  const listId = useId()
  const first = useRef<HTMLInputElement>(null)

  // The key that opens the panel also puts the cursor into it; the fields have Tab until it closes.
  useEffect(() => {
    if (!isOpen) return undefined
    app.ui.setState({ lentRegion: 'strip' })
    first.current?.focus()
    return () => app.ui.setState({ lentRegion: null })
  }, [app, isOpen])

  useEffect(() => {
    let isGone = false
    app
      .services()
      ?.library.datasets(undefined)
      .then(
        (datasets) => {
          if (!isGone) setNames(datasets.map((dataset) => dataset.name))
        },
        () => undefined,
      )
    return () => {
      isGone = true
    }
  }, [app])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const reading = readDatasetForm(form)
    if (!reading.isValid) return setWrong(reading.wrong)
    const { choice } = reading
    setWrong(noWrong)
    app.act(async (services) => {
      await services.record.choose(choice)
      app.ui.setState({ isChoosingDataset: false })
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      await services.shell.changeSettings({
        lastDataset: choice.dataset,
        lastTask: choice.task,
        operator: choice.operator,
      })
    })
  }
  const field = (name: DatasetField, extra: object): ReactNode => (
    <label className="field">
      {t[name]}
      <input
        value={form[name]}
        aria-invalid={wrong.has(name)}
        data-testid={`dataset-${name}`}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setForm({ ...form, [name]: event.target.value })}
        {...extra}
      />
    </label>
  )
  return (
    <form className="dataset-panel" onSubmit={submit} data-testid="dataset-panel">
      <div className="dataset-head">
        <b className="size-l">{t.whereTo}</b>
        <span className="t2 size-s cut">{wrong.has('dataset') ? t.datasetHint : t.whereToHint}</span>
      </div>
      {field('dataset', { ref: first, list: listId })}
      {field('task', { placeholder: t.taskHint })}
      {field('operator', {})}
      {field('goal', { inputMode: 'numeric' })}
      <datalist id={listId}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      <div className="dataset-actions">
        <button type="submit" className="btn btn-primary btn-small" data-testid="dataset-choose">
          {t.choose} <KeyCap chord="Enter" />
        </button>
        {isOpen && (
          <button
            type="button"
            className="btn btn-small btn-ghost"
            onClick={() => app.ui.setState({ isChoosingDataset: false })}
          >
            {t.cancel}
          </button>
        )}
      </div>
    </form>
  )
}
