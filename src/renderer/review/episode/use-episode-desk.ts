/** Reads an episode and lays it out; lets go of it when another one is asked for. */
import { useEffect, useState } from 'react'
import { FaultError, type Fault } from '#core/result.ts'
import { useApp } from '../../app/app-context.tsx'
import { useReviewParts } from '../use-review.ts'
import { EpisodeDesk } from './episode-desk.ts'

export type DeskState =
  | { readonly status: 'reading' }
  | { readonly status: 'ready'; readonly desk: EpisodeDesk }
  | { readonly status: 'failed'; readonly fault: Fault }

const asFault = (error: unknown): Fault =>
  error instanceof FaultError ? error.fault : { code: 'contract/internal', message: String(error) }

export function useEpisodeDesk(dir: string, episodeIndex: number): DeskState {
  const app = useApp()
  const { details } = useReviewParts()
  const [state, setState] = useState<DeskState>({ status: 'reading' })
  useEffect(() => {
    let isGone = false
    let desk: EpisodeDesk | null = null
    const open = async (): Promise<void> => {
      const detail = await details.get(dir, episodeIndex)
      const client = app.services()?.library
      if (isGone || detail === null || client === undefined) return
      desk = new EpisodeDesk(detail, dir, client)
      setState({ status: 'ready', desk })
    }
    open().catch((error: unknown) => {
      if (!isGone) setState({ status: 'failed', fault: asFault(error) })
    })
    return () => {
      isGone = true
      desk?.[Symbol.dispose]()
    }
  }, [app, details, dir, episodeIndex])
  return state
}
