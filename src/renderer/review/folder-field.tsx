/** Path of a folder to open. Hosts read it, so it is a path on their machine; a file dialog would show another one. */
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { reviewMessages } from './messages.ts'
import { useReviewParts } from './use-review.ts'

export function FolderField(): ReactNode {
  const t = useMessages(reviewMessages)
  const app = useApp()
  const { model } = useReviewParts()
  const [path, setPath] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
    app.ui.setState({ closeOpen: () => model.store.setState({ isOpening: false }) })
    return () => app.ui.setState({ closeOpen: null })
  }, [app, model])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (path.trim() !== '') model.openFolder(path.trim())
  }
  return (
    <form className="review-folder" onSubmit={submit}>
      <label className="field">
        {t.folderPath}
        <input
          ref={field}
          value={path}
          autoComplete="off"
          spellCheck={false}
          data-testid="folder-path"
          onChange={(event) => setPath(event.target.value)}
        />
      </label>
      <p className="size-s t3">{t.folderHint}</p>
      <div className="row">
        <button type="submit" className="btn btn-primary btn-small" data-testid="folder-open">
          {t.open} <KeyCap chord="Enter" />
        </button>
        <button
          type="button"
          className="btn btn-small btn-ghost"
          onClick={() => model.store.setState({ isOpening: false })}
        >
          {t.cancel}
        </button>
      </div>
    </form>
  )
}
