/** One dataset: what it holds, and its episodes; or why it does not open; or what to do when there is none. */
import { FolderX } from 'lucide-react'
import type { ReactNode } from 'react'
import type { DatasetSummary } from '#contract/services/library.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { FaultNote, Note } from '../ui/note.tsx'
import { EpisodeTable } from './episode-table.tsx'
import { lengthText, sizeText } from './figures.ts'
import { filterCounts, shownEpisodes, type Filter } from './filters.ts'
import { reviewMessages, type ReviewText } from './messages.ts'
import { noSelection } from './selection.ts'
import { useReview, useReviewParts } from './use-review.ts'

const filterKeys = {
  all: 'all',
  unlabelled: 'unlabelledOnes',
  policy: 'withPolicy',
  failed: 'failedOnes',
} as const satisfies Record<Filter, keyof ReviewText>

export function DatasetPanel(): ReactNode {
  const t = useMessages(reviewMessages)
  const app = useApp()
  const { model } = useReviewParts()
  const dataDir = useLive((s) => s.session?.info.dataDir ?? '')
  const datasets = useReview((state) => state.datasets)
  const datasetsFault = useReview((state) => state.datasetsFault)
  const dir = useReview((state) => state.dir)
  const dataset = datasets?.find((candidate) => candidate.dir === dir)
  if (datasetsFault !== null)
    return (
      <div className="review-note">
        <FaultNote fault={datasetsFault} />
      </div>
    )
  if (datasets?.length === 0)
    return (
      <div className="review-note">
        <Note title={t.noDatasets} testId="no-datasets">
          <p className="t2">{t.noDatasetsTodo}</p>
          <div className="note-acts">
            <button
              type="button"
              className="btn btn-primary"
              onClick={() => app.ui.setState({ screen: 'operate' })}
            >
              {t.goOperate}
            </button>
            <button type="button" className="btn" onClick={() => model.store.setState({ isOpening: true })}>
              {t.openFolder}
            </button>
          </div>
        </Note>
      </div>
    )
  if (dataset === undefined) return null
  if (dataset.fault !== null)
    return (
      <div className="review-note">
        <h1 className="title cut">{dataset.name}</h1>
        <p className="desk-lead selectable">{dataset.dir}</p>
        <FaultNote fault={dataset.fault} testId="dataset-fault">
          {!dataset.dir.startsWith(dataDir) && (
            <button type="button" className="btn btn-small" onClick={() => model.closeFolder(dataset.dir)}>
              <FolderX className="icon" aria-hidden="true" /> {t.closeFolder}
            </button>
          )}
        </FaultNote>
      </div>
    )
  return <OpenDataset dataset={dataset} />
}

function OpenDataset({ dataset }: { dataset: DatasetSummary }): ReactNode {
  const t = useMessages(reviewMessages)
  const { model } = useReviewParts()
  const episodes = useReview((state) => state.episodes)
  const fault = useReview((state) => state.episodesFault)
  const filter = useReview((state) => state.filter)
  const { frames, fps, cameras, robotType, sizeBytes } = dataset
  const facts = [
    t.lead(dataset.episodes, lengthText(frames / fps), frames),
    cameras.length === 0 ? null : t.camerasAt(cameras.length, fps),
    robotType,
    sizeText(sizeBytes),
  ].filter((fact) => fact !== null)
  return (
    <>
      <header className="review-head">
        <h1 className="title cut">{dataset.name}</h1>
        <p className="desk-lead cut" title={dataset.dir}>
          {facts.join(' · ')}
        </p>
      </header>
      {fault !== null && (
        <div className="review-note">
          <FaultNote fault={fault} />
        </div>
      )}
      {episodes?.length === 0 && (
        <div className="review-note">
          <Note title={t.noEpisodes}>
            <p className="t2">{t.noEpisodesTodo}</p>
          </Note>
        </div>
      )}
      {episodes !== null && episodes.length > 0 && (
        <>
          <div className="review-filters">
            {filterCounts(episodes).map(({ filter: id, count }) => (
              <button
                key={id}
                type="button"
                className="chip"
                aria-pressed={id === filter}
                data-testid={`filter-${id}`}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => model.store.setState({ filter: id, selection: noSelection })}
              >
                {t[filterKeys[id]]} {count}
              </button>
            ))}
            <span className="spring" />
            <span className="size-s t3">{t.newestFirst}</span>
          </div>
          <EpisodeTable dir={dataset.dir} episodes={shownEpisodes(episodes, filter)} />
        </>
      )}
    </>
  )
}
