// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EpisodeSummary } from '#contract/services/library.ts'
import { ok } from '#core/result.ts'
import { ReviewScreen } from '#renderer/review/review-screen.tsx'
import { showDesk, type DeskUnderTest } from '#test/fakes/desk-page.tsx'
import type { FakeHosts } from '#test/fakes/fake-hosts.ts'
import { driveState } from '#test/fakes/page-states.ts'
import { dataset, episode, foreign, ownDetail } from './episodes.ts'

const drawn: { camera: string; frame: number }[] = []

// Decoding is tested in a real browser; here a video notes which frames it was asked for.
vi.mock('#renderer/video/episode-video.ts', () => ({
  createEpisodeVideo: ({ video }: { video: { camera: string } }) => ({
    camera: video.camera,
    frames: 4,
    draw: (frame: number) => {
      drawn.push({ camera: video.camera, frame })
      return Promise.resolve(ok(undefined))
    },
    prefetch: () => undefined,
    firstPicture: () => Promise.resolve({ ok: false, error: { code: 'dataset/damaged', message: '' } }),
    thumbnail: () => Promise.resolve({ ok: false, error: { code: 'dataset/damaged', message: '' } }),
    [Symbol.dispose]: () => undefined,
  }),
}))

const video = (camera: string) => ({
  camera,
  file: `${camera}.mp4`,
  sizeBytes: 9,
  fromSeconds: 0,
  toSeconds: 0.13,
})

let desk: DeskUnderTest | null = null
let frames: FrameRequestCallback[] = []

beforeEach(() => {
  drawn.length = 0
  frames = []
  vi.stubGlobal('requestAnimationFrame', (run: FrameRequestCallback) => frames.push(run))
  vi.stubGlobal('cancelAnimationFrame', () => undefined)
})

afterEach(() => {
  desk?.[Symbol.dispose]()
  desk = null
  vi.unstubAllGlobals()
})

async function show(
  episodes: readonly EpisodeSummary[],
  prepare: (hosts: FakeHosts) => void = () => undefined,
): Promise<DeskUnderTest> {
  desk = await showDesk(ReviewScreen, (hosts) => {
    hosts.tell('drive.state', driveState('idle', { follower: null, leader: null }))
    hosts.answer('library.datasets', () => [
      dataset('cubes', { episodes: episodes.length }),
      dataset('towels'),
    ])
    hosts.answer('library.episodes', () => episodes)
    hosts.answer('library.episode', ({ episodeIndex }: { episodeIndex: number }) => ({
      ...ownDetail(episode(episodeIndex, { frames: 4 })),
      videos: [video('front'), video('top')],
    }))
    prepare(hosts)
  })
  return desk
}

/** Display frames, with what they start. */
async function display(shown: DeskUnderTest, count = 3): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await act(async () => {
      for (const run of frames.splice(0)) run(performance.now())
      await shown.page.pass(20)
    })
  }
}

const three = [episode(0, { outcome: 'success' }), episode(1), episode(2)]
const rowIsChosen = (index: number): string | null =>
  screen.getByTestId(`episode-row-${index}`).getAttribute('aria-pressed')

describe('the library', () => {
  it('lists episodes newest first with what was measured of them', async () => {
    await show([episode(0, { skewP95Ms: 38, repeats: { front: 3, top: 1 } }), foreign(1)])
    expect(screen.getByTestId('episode-row-0').textContent).toContain('38 ms · 4 rep.')
    expect(screen.getByTestId('episode-row-0').textContent).toContain('Human 60 %, Policy 30 %, Blend 10 %')
    expect(screen.getByTestId('episode-row-1').textContent).not.toContain('ms')
    expect(screen.getByTestId('evidence').textContent).toContain('another program')
  })

  it('moves by arrows, extends with Shift, and labels all that are chosen', async () => {
    const shown = await show(three)
    expect(rowIsChosen(2)).toBe('true')
    await shown.tap('ArrowDown')
    expect([rowIsChosen(2), rowIsChosen(1)]).toEqual(['false', 'true'])
    await shown.tap('Shift+ArrowDown')
    expect([rowIsChosen(1), rowIsChosen(0)]).toEqual(['true', 'true'])
    await shown.tap('p')
    expect(shown.page.hosts.called('library.setOutcome')).toEqual([
      { dir: '/data/datasets/cubes', episodeIndex: 1, outcome: 'partial' },
      { dir: '/data/datasets/cubes', episodeIndex: 0, outcome: 'partial' },
    ])
  })

  it('moves the chosen one to the trash and offers to undo it for eight seconds', async () => {
    const shown = await show(three)
    await shown.tap('Delete')
    expect(shown.page.hosts.called('library.deleteEpisode')).toEqual([
      { dir: '/data/datasets/cubes', episodeIndex: 2 },
    ])
    expect(screen.getByTestId('undo-toast').textContent).toContain('1 episode in the trash')
    await shown.tap('Ctrl+z')
    expect(shown.page.hosts.called('library.undoDelete')).toHaveLength(1)
    expect(screen.queryByTestId('undo-toast')).toBeNull()
    await shown.tap('Delete')
    await shown.pass(8100)
    expect(screen.queryByTestId('undo-toast')).toBeNull()
  })

  it('says why episodes cannot be deleted, on the button itself', async () => {
    const readOnly = { code: 'control/not-allowed' as const, message: 'episodes 0 and 1 share a file' }
    const shown = await show(three, (hosts) =>
      hosts.answer('library.datasets', () => [dataset('cubes', { readOnly })]),
    )
    const button = screen.getByTestId<HTMLButtonElement>('delete-episode')
    expect(button.disabled).toBe(true)
    expect(button.textContent).toContain('several episodes')
    await shown.tap('Delete')
    expect(shown.page.hosts.called('library.deleteEpisode')).toEqual([])
  })

  it('labels only what was recorded here, and says so', async () => {
    const shown = await show([foreign(0)])
    await shown.tap('s')
    expect(shown.page.hosts.called('library.setOutcome')).toEqual([])
    expect(screen.getByTestId('refusal').textContent).toContain('only for takes recorded here')
  })

  it('goes to another dataset by bracket and finds one by name', async () => {
    const shown = await show(three)
    await shown.tap(']')
    expect(screen.getByTestId('dataset-row-towels').getAttribute('aria-current')).toBe('true')
    await shown.tap('/')
    expect(document.activeElement).toBe(screen.getByTestId('find-dataset'))
    await shown.fill('find-dataset', 'cub')
    expect(screen.queryByTestId('dataset-row-towels')).toBeNull()
  })

  it('keeps a dataset that does not open in the list, with what to do', async () => {
    const fault = { code: 'dataset/older' as const, message: 'the dataset is v2.1' }
    await show(three, (hosts) => hosts.answer('library.datasets', () => [dataset('old', { fault })]))
    expect(screen.getByTestId('dataset-row-old').textContent).toContain('does not open')
    expect(screen.getByTestId('dataset-fault').textContent).toContain('the dataset is v2.1')
  })

  it('names the next act where there is nothing', async () => {
    const shown = await show(three, (hosts) => hosts.answer('library.datasets', () => []))
    screen.getByText('Go to Operate').click()
    expect(shown.page.app.ui.getState().screen).toBe('operate')
    expect(screen.getByTestId('no-datasets')).toBeTruthy()
  })

  it('opens a folder by its path', async () => {
    const shown = await show(three, (hosts) =>
      hosts.answer('library.open', ({ dir }: { dir: string }) => dataset('far', { dir })),
    )
    await shown.tap('o')
    await act(async () => {
      fireEvent.change(screen.getByTestId('folder-path'), { target: { value: ' /mnt/far ' } })
    })
    await shown.click('folder-open')
    expect(shown.page.hosts.called('library.open')).toEqual([{ dir: '/mnt/far' }])
  })

  it('reads again when the library changed', async () => {
    const shown = await show(three)
    const before = shown.page.hosts.called('library.episodes').length
    await shown.tell('library.changes', { revision: 2 })
    expect(shown.page.hosts.called('library.episodes').length).toBeGreaterThan(before)
  })

  it('draws only the rows that can be seen', async () => {
    await show(Array.from({ length: 1000 }, (_, index) => episode(index)))
    const rows = within(screen.getByTestId('episode-rows')).getAllByRole('button')
    expect(rows.length).toBeLessThan(60)
    expect(screen.getByTestId('episode-row-999')).toBeTruthy()
  })
})

describe('an episode', () => {
  const open = async (): Promise<DeskUnderTest> => {
    const shown = await show(three)
    await shown.tap('Enter')
    await display(shown)
    return shown
  }
  const frame = (): string => screen.getByTestId('frame-number').textContent

  it('shows all cameras at one frame and steps them together', async () => {
    const shown = await open()
    expect(screen.getByText('Episode 2')).toBeTruthy()
    await shown.tap('ArrowRight')
    await display(shown)
    expect(frame()).toBe('1')
    expect(drawn.slice(-2)).toEqual([
      { camera: 'front', frame: 1 },
      { camera: 'top', frame: 1 },
    ])
    await shown.tap('End')
    await display(shown)
    expect(frame()).toBe('3')
    await shown.tap('Shift+ArrowLeft')
    await display(shown)
    expect(frame()).toBe('0')
  })

  it('says at the playhead who drove, where the joints were and when the picture was taken', async () => {
    const shown = await open()
    await shown.tap('.')
    await display(shown)
    expect(frame()).toBe('2')
    const values = [...document.querySelectorAll('.timeline-value')].map((cell) => cell.textContent)
    expect(values).toEqual(['Policy', '−35 ms', '7.0°', '52.0'])
    expect(screen.getByTestId('playback-front').closest('figure')?.textContent).toContain(
      '2 · taken 35 ms early · repeated',
    )
  })

  it('goes to where a segment of the lane begins', async () => {
    const shown = await open()
    screen.getByLabelText('Policy, 0.1 to 0.1 seconds').click()
    await display(shown)
    expect(frame()).toBe('2')
  })

  it('plays and pauses by Space, faster and slower, in a loop', async () => {
    const shown = await open()
    await shown.tap(' ')
    expect(screen.getByTestId('play').getAttribute('aria-label')).toBe('Pause')
    await shown.tap(' ')
    expect(screen.getByTestId('play').getAttribute('aria-label')).toBe('Play')
    await shown.tap('=')
    await shown.tap('=')
    expect(screen.getByTestId('rate').textContent).toBe('4×')
    for (let n = 0; n < 6; n += 1) await shown.tap('-')
    expect(screen.getByTestId('rate').textContent).toBe('0.25×')
    await shown.tap('l')
    expect(screen.getByTestId('loop').getAttribute('aria-pressed')).toBe('true')
  })

  it('is labelled by key and by button, and Enter goes on once the label is on disk', async () => {
    const shown = await open()
    await shown.tap('f')
    await shown.click('outcome-success')
    expect(shown.page.hosts.called('library.setOutcome')).toHaveLength(2)
    await shown.tap('Enter')
    expect(screen.getByText('Episode 1')).toBeTruthy()
  })

  it('goes to the episodes beside it and stops at the ends', async () => {
    const shown = await open()
    await shown.tap('ArrowUp')
    expect(screen.getByText('Episode 2')).toBeTruthy()
    await shown.tap('ArrowDown')
    await shown.tap('ArrowDown')
    await shown.tap('ArrowDown')
    expect(screen.getByText('Episode 0')).toBeTruthy()
    expect(screen.queryByTestId('save-and-next')).toBeNull()
  })

  it('goes back to the list by Escape, where nothing is live', async () => {
    const shown = await open()
    await shown.tap('Escape')
    expect(screen.getByTestId('episode-rows')).toBeTruthy()
    expect(shown.page.hosts.called('drive.stop')).toEqual([])
  })

  it('stays open when Escape stops an arm', async () => {
    const shown = await open()
    await shown.tell('drive.state', driveState('teleop'))
    await shown.tap('Escape')
    expect(shown.page.hosts.called('drive.stop')).toHaveLength(1)
    expect(screen.getByText('Episode 2')).toBeTruthy()
  })

  it('that cannot be read says why', async () => {
    const shown = await show(three, (hosts) =>
      hosts.refuse('library.episode', { code: 'dataset/damaged', message: 'file-000.parquet is torn' }),
    )
    await shown.tap('Enter')
    expect(screen.getByTestId('episode-fault').textContent).toContain('file-000.parquet is torn')
  })
})
