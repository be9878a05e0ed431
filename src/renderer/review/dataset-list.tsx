/** All datasets by name; one that does not open stays in the list with a sign, because hiding it would look like loss. */
import { Folder, FolderOpen, Plus, TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { DatasetSummary } from '#contract/services/library.ts'
import { useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { lengthText } from './figures.ts'
import { FolderField } from './folder-field.tsx'
import { reviewMessages } from './messages.ts'
import { useReview, useReviewParts } from './use-review.ts'

export function DatasetList({ searchId }: { searchId: string }): ReactNode {
  const t = useMessages(reviewMessages)
  const { model } = useReviewParts()
  const datasets = useReview((state) => state.datasets)
  const isOpening = useReview((state) => state.isOpening)
  const dataDir = useLive((s) => s.session?.info.dataDir ?? '')
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = (datasets ?? []).filter((dataset) => dataset.name.toLowerCase().includes(wanted))
  const isOwn = ({ dir }: DatasetSummary): boolean => dir.startsWith(dataDir)
  const groups = [
    { title: t.thisMachine, list: found.filter(isOwn) },
    { title: t.elsewhere, list: found.filter((dataset) => !isOwn(dataset)) },
  ].filter(({ list }) => list.length > 0)
  return (
    <nav className="desk-list" aria-label={t.datasets} data-region="list">
      <label className="field review-search">
        <input
          id={searchId}
          type="search"
          value={text}
          placeholder={t.findDataset}
          aria-label={t.findDataset}
          data-testid="find-dataset"
          onChange={(event) => setText(event.target.value)}
        />
        {text === '' && <KeyCap chord="/" />}
      </label>
      {groups.map(({ title, list }) => (
        <div key={title} className="review-group">
          <h2 className="heading">{title}</h2>
          {list.map((dataset) => (
            <DatasetItem key={dataset.dir} dataset={dataset} />
          ))}
        </div>
      ))}
      <span className="spring" />
      {isOpening ? (
        <FolderField />
      ) : (
        <button
          type="button"
          className="desk-item t2"
          data-testid="open-folder"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => model.store.setState({ isOpening: true })}
        >
          <Plus className="icon" aria-hidden="true" />
          <span className="desk-item-text">{t.openFolder}</span>
          <KeyCap chord="O" />
        </button>
      )}
    </nav>
  )
}

function DatasetItem({ dataset }: { dataset: DatasetSummary }): ReactNode {
  const t = useMessages(reviewMessages)
  const { model } = useReviewParts()
  const isChosen = useReview((state) => state.dir === dataset.dir)
  const { episodes, frames, fps, fault } = dataset
  const Icon = isChosen ? FolderOpen : Folder
  return (
    <button
      type="button"
      className="desk-item"
      aria-current={isChosen ? 'true' : undefined}
      data-testid={`dataset-row-${dataset.name}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => void model.choose(dataset.dir)}
    >
      <Icon className="icon" aria-hidden="true" />
      <span className="desk-item-text">
        <b className="cut">{dataset.name}</b>
        <span className="size-s t2 cut">
          {fault === null ? t.episodesAndTime(episodes, lengthText(frames / fps)) : t.doesNotOpen}
        </span>
      </span>
      {fault !== null && <TriangleAlert className="icon is-bad" aria-hidden="true" />}
    </button>
  )
}
