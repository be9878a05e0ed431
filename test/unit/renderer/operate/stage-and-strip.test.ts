import { describe, expect, it } from 'vitest'
import type { RecordState } from '#contract/services/record.ts'
import { stageLayout } from '#renderer/operate/stage/stage-layout.ts'
import { readDatasetForm } from '#renderer/operate/strip/dataset-form.ts'
import { stripLines, type LineFacts } from '#renderer/operate/strip/lines-model.ts'
import { stripMessages } from '#renderer/operate/strip/messages.ts'
import { sessionModel } from '#renderer/operate/strip/session-model.ts'
import { driveState, openTake, recordState, sessionOf } from '#test/fakes/page-states.ts'

const t = stripMessages.en

describe('stageLayout', () => {
  const facts = {
    cameras: ['front', 'top', 'wrist'],
    enlarged: null,
    hasCause: false,
    isPolicy: false,
    policyCameras: null,
    isBeside: false,
  }

  it.each([
    [1, 'single'],
    [2, 'hero'],
    [3, 'hero'],
    [4, 'quad'],
    [6, 'hero'],
  ] as const)('%i cameras stand as %s', (count, kind) => {
    const cameras = Array.from({ length: count }, (_, i) => `c${i}`)
    expect(stageLayout({ ...facts, cameras })).toEqual({ kind, cameras, beside: [], others: [] })
  })

  it('stands in columns while the policy drives, three at most', () => {
    expect(stageLayout({ ...facts, isPolicy: true, cameras: ['a', 'b', 'c', 'd'] })).toEqual({
      kind: 'columns',
      cameras: ['a', 'b', 'c'],
      beside: [],
      others: ['d'],
    })
  })

  it('shows the cameras that the policy sees, in its order, and the others small', () => {
    const layout = stageLayout({ ...facts, isPolicy: true, policyCameras: ['wrist', 'front'] })
    expect(layout).toEqual({ kind: 'columns', cameras: ['wrist', 'front'], beside: [], others: ['top'] })
    const one = { ...facts, cameras: ['front'], isPolicy: true }
    expect(stageLayout({ ...one, policyCameras: ['front'] }).kind).toBe('columns')
    expect(stageLayout(one).kind).toBe('single')
  })

  it('fills the columns that predictions leave free with cameras that the policy does not see', () => {
    const six = { ...facts, cameras: ['a', 'b', 'c', 'd', 'e'], isPolicy: true, isBeside: true }
    expect(stageLayout({ ...six, policyCameras: ['e'] })).toEqual({
      kind: 'columns',
      cameras: ['e'],
      beside: ['a', 'b'],
      others: ['c', 'd'],
    })
    expect(stageLayout({ ...six, policyCameras: ['a', 'b', 'c'] })).toMatchObject({
      beside: [],
      others: ['d', 'e'],
    })
  })

  it('gives the first place to the cause, whatever was enlarged', () => {
    expect(stageLayout({ ...facts, hasCause: true, enlarged: 'wrist' })).toEqual({
      kind: 'cause',
      cameras: ['front', 'top'],
      beside: [],
      others: [],
    })
  })

  it('shows an enlarged camera alone, and all when it went away', () => {
    expect(stageLayout({ ...facts, enlarged: 'wrist' }).cameras).toEqual(['wrist'])
    expect(stageLayout({ ...facts, enlarged: 'gone' }).kind).toBe('hero')
  })
})

describe('sessionModel', () => {
  it('draws saved takes, the open one and those still wanted', () => {
    const model = sessionModel(recordState({ phase: 'recording', take: openTake() }))
    expect(model.blocks).toHaveLength(50)
    expect(model.blocks[22]?.kind).toBe('failure')
    expect(model.blocks[23]?.kind).toBe('open')
    expect(model.blocks[24]?.kind).toBe('wanted')
    expect(model.saved).toBe(23)
    expect(model.success + model.partial + model.failure + model.unlabelled).toBe(23)
  })

  it('leaves discarded takes out of the row and counts them', () => {
    const session = sessionOf(3).map((entry, i) => (i === 1 ? { ...entry, state: 'trash' as const } : entry))
    const model = sessionModel(recordState({ session, goal: null, trash: 1 }))
    expect(model.blocks.map((block) => block.number)).toEqual([1, 3])
    expect(model.trash).toBe(1)
  })

  it('tells a take that is being saved from one whose saving failed', () => {
    const session = sessionOf(2).map((entry, i) => ({
      ...entry,
      state: i === 0 ? ('saving' as const) : ('failed' as const),
    }))
    expect(sessionModel(recordState({ session, goal: null })).blocks.map((block) => block.kind)).toEqual([
      'saving',
      'failed',
    ])
  })

  it('draws a hundred blocks at most, the newest', () => {
    const blocks = sessionModel(recordState({ session: sessionOf(140), goal: 500 })).blocks
    expect(blocks).toHaveLength(100)
    expect(blocks.at(-1)?.number).toBe(140)
  })
})

describe('lines of the strip', () => {
  const facts: LineFacts = {
    drive: driveState('holding'),
    record: recordState(),
    operator: null,
    refusal: null,
    isClearAsked: false,
    isWatching: false,
    proposal: null,
  }
  const ids = (changes: Partial<LineFacts>): readonly string[] =>
    stripLines({ ...facts, ...changes }, 'en', t).map((line) => line.id)

  it('are empty while nothing asks', () => {
    expect(ids({})).toEqual([])
  })

  it('propose a take-over before anything that can wait', () => {
    const proposal = { title: 'Surprise 0.41', detail: '' }
    expect(ids({ proposal, isWatching: true })).toEqual(['surprise', 'watching'])
  })

  it('say what to do while the arm holds for a trouble that nobody asked for', () => {
    const cause = { code: 'control/servo-hot', message: '', joint: 'elbow_flex', sinceUs: 1 }
    const commands = {
      ...driveState('holding').commands,
      engage: { code: 'control/servo-hot', message: '' } as const,
    }
    expect(stripLines({ ...facts, drive: driveState('holding', { cause, commands }) }, 'en', t)).toEqual([
      {
        id: 'cause',
        tone: 'warn',
        title: 'A servo is too hot: elbow_flex',
        detail: 'Let it cool below 55 °C, then engage again.',
      },
    ])
  })

  it('say that a trouble is over as soon as the arm can be engaged again', () => {
    const cause = { code: 'control/leader-lost', message: '', sinceUs: 1 }
    const commands = { ...driveState('holding').commands, engage: null }
    const line = stripLines(
      { ...facts, drive: driveState('holding', { cause, commands }) },
      'zh',
      stripMessages.zh,
    )[0]
    expect(line).toMatchObject({ id: 'cause', tone: 'info', detail: stripMessages.zh.causeOver })
  })

  it.each(['policy/used-up', 'control/no-stop-key', 'control/servo-reset'])(
    'keep the advice for %s, which does not block engaging',
    (code) => {
      const cause = { code, message: '', sinceUs: 1 }
      const commands = { ...driveState('holding').commands, engage: null }
      const line = stripLines({ ...facts, drive: driveState('holding', { cause, commands }) }, 'en', t)[0]
      expect(line).toMatchObject({ id: 'cause', tone: 'warn' })
    },
  )

  it.each([
    ['holding', 'control/stop-asked'],
    ['holding', 'control/hold-asked'],
    ['holding', 'control/held-since'],
    ['fault', 'bus/closed'],
    ['eStop', 'control/e-stop-asked'],
  ] as const)('are silent in %s about %s', (mode, code) => {
    expect(ids({ drive: driveState(mode, { cause: { code, message: '', sinceUs: 1 } }) })).toEqual([])
  })

  it('say what was refused, about what, and what to do', () => {
    const fault = { code: 'bus/port-busy', message: '', data: { port: '/dev/ttyACM0' } } as const
    expect(stripLines({ ...facts, refusal: { kind: 'fault', fault } }, 'en', t)[0]).toEqual({
      id: 'refusal',
      tone: 'warn',
      title: 'Another program uses the port: /dev/ttyACM0',
      detail: 'Close the other program, then connect again.',
    })
  })

  it('say why a command waits', () => {
    const refusal = { kind: 'waits', title: 'Start take', reason: 'after engage' } as const
    expect(stripLines({ ...facts, refusal }, 'en', t)[0]?.title).toBe('Start take waits: after engage')
  })

  it('offer a closed take with what closed it', () => {
    const take = openTake({
      frames: 546,
      seconds: 18.2,
      closedBy: { code: 'control/servo-silent', message: '' },
    })
    const line = stripLines({ ...facts, record: recordState({ phase: 'closed', take }) }, 'en', t)[0]
    expect(line).toMatchObject({
      id: 'closed',
      title: 'Take 24 is safe to 00:18.2',
      detail:
        '546 frames · A servo does not answer. Push in the cable before that joint, both ends, then engage again.',
    })
    const unplugged = { code: 'capture/lost', message: '', data: { camera: 'wrist' } } as const
    const closed = recordState({ phase: 'closed', take: openTake({ closedBy: unplugged }) })
    expect(stripLines({ ...facts, record: closed }, 'en', t)[0]?.detail).toContain(
      'a camera went away: wrist. Keep',
    )
    expect(stripLines({ ...facts, record: closed }, 'zh', t)[0]?.detail).toContain('相机已离开：wrist。保留')
  })

  it('offer recovered takes one after another, but not while a take is open', () => {
    const summary = { ...openTake(), number: 7 }
    const { t0Us: _t0, closedBy: _by, ...found } = summary as NonNullable<ReturnType<typeof openTake>>
    const recovered = [found, { ...found, takeId: 'other' }]
    expect(ids({ record: recordState({ recovered }) })).toEqual(['recovered'])
    expect(stripLines({ ...facts, record: recordState({ recovered }) }, 'en', t)[0]?.detail).toContain(
      'and 1 more',
    )
    expect(ids({ record: recordState({ recovered, phase: 'recording', take: openTake() }) })).toEqual([])
  })

  it('say of a take whose dataset has gone that it waits, where it was to go, and where it goes instead', () => {
    const { t0Us: _t0, closedBy: _by, ...found } = openTake() as NonNullable<ReturnType<typeof openTake>>
    const { takeId, number } = found
    const failed = {
      recovered: [found],
      session: [{ takeId, number, outcome: 'success', state: 'failed' }],
      failure: { code: 'record/dataset-gone', message: '', data: { path: '/disk/cubes' } },
    } as const
    const dataset = { dir: '/disk/cubes', name: 'cubes', episodes: 3, fps: 30 }
    const linesOf = (record: Partial<RecordState>) =>
      stripLines(
        {
          ...facts,
          record: recordState({ ...failed, recovered: [found], session: [...failed.session], ...record }),
        },
        'en',
        t,
      )
    const [waits, why] = linesOf({ dataset })
    expect(waits?.title).toContain('waits to be saved')
    expect(waits?.detail).not.toContain('goes to')
    expect(why?.title).toContain('folder is gone')
    expect(why?.detail).toContain('/disk/cubes')
    expect(linesOf({ dataset: { ...dataset, dir: '/data/new', name: 'new' } })[0]?.detail).toContain(
      'goes to new',
    )
  })

  it('put refusals first, then the keep-clear line, then who drives', () => {
    const refusal = { kind: 'waits', title: 'a', reason: 'b' } as const
    expect(
      ids({
        refusal,
        isClearAsked: true,
        isWatching: true,
        drive: driveState('holding', { heldSince: '2026-11-24T14:02:11Z' }),
        record: recordState({ failure: { code: 'record/disk-full', message: '' } }),
        operator: { isRunning: true, phase: 'lift', cube: 'red', attempts: 1, cubesInBin: [] },
      }),
    ).toEqual(['refusal', 'keepClear', 'watching', 'failure', 'heldSince', 'operator'])
  })
})

describe('readDatasetForm', () => {
  const form = { dataset: 'cubes-1', task: 'Put it in', operator: '', goal: '' }

  it('takes a folder name or an absolute path', () => {
    expect(readDatasetForm(form)).toEqual({
      isValid: true,
      choice: { dataset: 'cubes-1', task: 'Put it in', operator: '', goal: null },
    })
    expect(readDatasetForm({ ...form, dataset: '/data/other' }).isValid).toBe(true)
  })

  it.each(['', '../up', 'a b', '.hidden'])('refuses %j as a dataset', (dataset) => {
    const reading = readDatasetForm({ ...form, dataset })
    expect(reading.isValid).toBe(false)
    if (!reading.isValid) expect([...reading.wrong]).toEqual(['dataset'])
  })

  it('names every field that is wrong', () => {
    const reading = readDatasetForm({ ...form, task: ' ', goal: '0' })
    expect(reading.isValid).toBe(false)
    if (!reading.isValid) expect([...reading.wrong].toSorted()).toEqual(['goal', 'task'])
  })

  it.each(['1.5', 'many', '-3'])('refuses %j as a goal', (goal) => {
    expect(readDatasetForm({ ...form, goal }).isValid).toBe(false)
  })
})
