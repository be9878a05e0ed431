import { afterEach, describe, expect, it } from 'vitest'
import type { EpisodeSummary } from '#contract/services/library.ts'
import type { Outcome } from '#contract/services/common.ts'
import { ReviewModel } from '#renderer/review/review-model.ts'
import type { FakeHosts } from '#test/fakes/fake-hosts.ts'
import { openPage, type PageUnderTest } from '#test/fakes/page-app.ts'
import { dataset, episode } from './episodes.ts'

let page: PageUnderTest | null = null

afterEach(() => {
  page?.[Symbol.dispose]()
  page = null
})

interface Bench {
  readonly model: ReviewModel
  readonly hosts: FakeHosts
  readonly pass: () => Promise<void>
}

/** A library whose datasets can be edited: `cubes` and one that does not open. */
async function bench(): Promise<Bench> {
  let disk = [0, 1, 2, 3].map((index) => episode(index, { skewP95Ms: index }))
  const trash: { at: number; summary: EpisodeSummary }[] = []
  const renumber = (): void => {
    disk = disk.map((summary, episodeIndex) => ({ ...summary, episodeIndex }))
  }
  const opened = await openPage((hosts) => {
    hosts.answer('library.datasets', () => [
      dataset('broken', { fault: { code: 'dataset/damaged', message: 'no info.json' } }),
      dataset('cubes', { episodes: disk.length }),
    ])
    hosts.answer('library.episodes', () => disk)
    hosts.answer('library.open', ({ dir }: { dir: string }) => dataset('far', { dir }))
    hosts.answer('library.setOutcome', (input: { episodeIndex: number; outcome: Outcome }) => {
      disk = disk.map((e) => (e.episodeIndex === input.episodeIndex ? { ...e, outcome: input.outcome } : e))
    })
    hosts.answer('library.deleteEpisode', ({ episodeIndex }: { episodeIndex: number }) => {
      const [summary] = disk.splice(episodeIndex, 1)
      if (summary !== undefined) trash.push({ at: episodeIndex, summary })
      renumber()
    })
    hosts.answer('library.undoDelete', () => {
      const last = trash.pop()
      if (last === undefined) return null
      disk.splice(last.at, 0, last.summary)
      renumber()
      return { episodeIndex: last.at }
    })
  })
  page = opened
  const model = new ReviewModel(opened.app)
  await model.refresh()
  await model.choose('/data/datasets/cubes')
  return {
    model,
    hosts: opened.hosts,
    pass: () => opened.pass(60),
  }
}

const marks = (episodes: readonly EpisodeSummary[] | null): readonly (number | null)[] =>
  (episodes ?? []).map((e) => e.skewP95Ms)

describe('datasets', () => {
  it('begin with the one that was recorded into last', async () => {
    page = await openPage((hosts) => {
      hosts.answer('library.datasets', () => [dataset('aaa'), dataset('cube-box-v4')])
      hosts.answer('library.episodes', () => [])
    })
    const model = new ReviewModel(page.app)
    await model.refresh()
    expect(model.store.getState().dir).toBe('/data/datasets/cube-box-v4')
  })

  it('that do not open are not asked for episodes', async () => {
    const { model, hosts } = await bench()
    const before = hosts.called('library.episodes').length
    await model.choose('/data/datasets/broken')
    expect(hosts.called('library.episodes')).toHaveLength(before)
    expect(model.store.getState().episodes).toBeNull()
  })

  it('are opened from anywhere, and a folder that is none is said by the page', async () => {
    const { model, hosts, pass } = await bench()
    model.store.setState({ isOpening: true })
    model.openFolder('/mnt/far')
    await pass()
    expect(model.store.getState()).toMatchObject({ dir: '/mnt/far', isOpening: false })
    hosts.refuse('library.open', { code: 'dataset/not-a-dataset', message: 'no meta/info.json' })
    model.openFolder('/etc')
    await pass()
    expect(page?.app.ui.getState().refusal).toMatchObject({ fault: { code: 'dataset/not-a-dataset' } })
    expect(model.store.getState().dir).toBe('/mnt/far')
  })

  it('whose episodes cannot be read say why', async () => {
    const { model, hosts } = await bench()
    hosts.refuse('library.episodes', { code: 'dataset/damaged', message: 'torn' })
    await model.refresh()
    expect(model.store.getState().episodesFault?.code).toBe('dataset/damaged')
  })
})

describe('labels', () => {
  it('are on disk when they are shown, and a second one of the same kind takes them back', async () => {
    const { model, hosts, pass } = await bench()
    const targets = (): readonly EpisodeSummary[] => model.store.getState().episodes?.slice(0, 2) ?? []
    model.label(targets(), 'success')
    await pass()
    expect(model.store.getState().episodes?.map((e) => e.outcome)).toEqual([
      'success',
      'success',
      'unlabelled',
      'unlabelled',
    ])
    model.label(targets(), 'success')
    await pass()
    expect(hosts.called('library.setOutcome')).toHaveLength(4)
    expect(targets().map((e) => e.outcome)).toEqual(['unlabelled', 'unlabelled'])
  })

  it('are put back as they were by undo', async () => {
    const { model, pass } = await bench()
    const first = (): readonly EpisodeSummary[] => model.store.getState().episodes?.slice(0, 1) ?? []
    model.label(first(), 'partial')
    await pass()
    model.label(first(), 'failure')
    await pass()
    model.undo()
    await pass()
    expect(first()[0]?.outcome).toBe('partial')
  })
})

describe('the trash', () => {
  it('takes several episodes, whichever order they were chosen in, and gives them all back', async () => {
    const { model, pass } = await bench()
    const [a, , c] = model.store.getState().episodes ?? []
    model.trash([a, c].filter((e) => e !== undefined))
    await pass()
    expect(marks(model.store.getState().episodes)).toEqual([1, 3])
    expect(model.store.getState().trashed).toEqual({ count: 2 })
    model.undo()
    await pass()
    expect(marks(model.store.getState().episodes)).toEqual([0, 1, 2, 3])
    expect(model.store.getState().trashed).toBeNull()
  })

  it('offers to undo what was moved when a later one is refused', async () => {
    const { model, hosts, pass } = await bench()
    hosts.refuse('library.deleteEpisode', { code: 'dataset/io', message: 'read-only' })
    model.trash(model.store.getState().episodes ?? [])
    await pass()
    expect(model.store.getState()).toMatchObject({ trashed: null })
    expect(marks(model.store.getState().episodes)).toEqual([0, 1, 2, 3])
    expect(page?.app.ui.getState().refusal).toMatchObject({ fault: { code: 'dataset/io' } })
  })

  it('is searched for an older episode when this page has nothing to undo', async () => {
    const { model, hosts, pass } = await bench()
    model.undo()
    await pass()
    expect(hosts.called('library.undoDelete')).toEqual([{ dir: '/data/datasets/cubes' }])
  })

  it('keeps the episode that is open, or says that its number means another one now', async () => {
    const { model, pass } = await bench()
    model.store.setState({ open: 3 })
    const { edition } = model.store.getState()
    await model.refresh()
    expect(model.store.getState()).toMatchObject({ open: 3, edition })
    model.trash((model.store.getState().episodes ?? []).slice(3))
    await pass()
    expect(model.store.getState()).toMatchObject({ open: 2, edition: edition + 1 })
  })

  it('closes the open episode with the last one', async () => {
    const { model, pass } = await bench()
    model.store.setState({ open: 0 })
    model.trash(model.store.getState().episodes ?? [])
    await pass()
    expect(model.store.getState().open).toBeNull()
  })

  it('waits for the change before it', async () => {
    const { model, hosts, pass } = await bench()
    const episodes = model.store.getState().episodes ?? []
    model.label(episodes.slice(0, 1), 'success')
    model.trash(episodes.slice(0, 1))
    let isSettled = false
    void model.settled().then(() => (isSettled = true))
    expect(isSettled).toBe(false)
    await pass()
    expect(isSettled).toBe(true)
    const order = hosts.calls
      .map((made) => made.member)
      .filter((name) => /setOutcome|deleteEpisode/u.test(name))
    expect(order).toEqual(['library.setOutcome', 'library.deleteEpisode'])
  })
})
