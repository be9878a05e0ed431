// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { RigContract } from '#contract/services/rig.ts'
import type { PolicySettings } from '#contract/services/policy.ts'
import { checkContract } from '#core/policy/contract-check.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { FaultError } from '#core/result.ts'
import { PoliciesScreen } from '#renderer/policies/policies-screen.tsx'
import { showDesk, type DeskUnderTest } from '#test/fakes/desk-page.tsx'
import type { FakeHosts } from '#test/fakes/fake-hosts.ts'
import { driveState, policySettings, policyState, rigState } from '#test/fakes/page-states.ts'
import { demoEntry, rigContract } from './entries.ts'
import { a1Entry, importJob, importReport } from './imports.ts'

let desk: DeskUnderTest | null = null

afterEach(() => {
  desk?.[Symbol.dispose]()
  desk = null
})

const rig: RigContract = {
  ...rigContract,
  cameras: ['image0', 'wrist'].map((name) => ({ name, width: 320, height: 240 })),
}

/** A policy host that keeps what was set, and checks a slot against the camera it was given. */
async function show(
  prepare: (hosts: FakeHosts) => void = () => undefined,
  language: 'en' | 'zh' = 'en',
): Promise<DeskUnderTest> {
  let kept = policySettings()
  desk = await showDesk(
    PoliciesScreen,
    (hosts) => {
      hosts.answer('policy.list', () => [a1Entry, demoEntry])
      hosts.answer('rig.contract', () => rig)
      hosts.answer('policy.settings', () => kept)
      hosts.answer('policy.configure', ({ settings }: { settings: PolicySettings }) => {
        kept = settings
        return null
      })
      hosts.answer('policy.check', ({ policyId }: { policyId: string }) => {
        const contract = (policyId === a1Entry.id ? a1Entry : demoEntry).contract as PolicyContract
        const cameras = contract.cameras.map((camera) => ({
          ...camera,
          name: kept.cameras[camera.name] ?? camera.name,
        }))
        const lines = checkContract({ ...contract, cameras }, true, rig)
        return lines.map((line) => {
          const slot = contract.cameras.find(({ name }) => line.id === `camera.${kept.cameras[name] ?? name}`)
          return slot === undefined ? line : { ...line, id: `camera.${slot.name}` }
        })
      })
      hosts.answer('policyImport.report', () => importReport())
      hosts.answer('policyImport.nearby', () => ({ checkpoints: [], folders: [] }))
      hosts.tell('drive.state', driveState('idle'))
      prepare(hosts)
    },
    language,
  )
  return desk
}

async function choose(testId: string, value: string): Promise<void> {
  await act(async () => {
    fireEvent.change(screen.getByTestId(testId), { target: { value } })
    await desk?.page.pass(60)
  })
}

const configured = (): PolicySettings | undefined => {
  const calls = desk?.page.hosts.called('policy.configure') ?? []
  return (calls.at(-1) as { settings: PolicySettings } | undefined)?.settings
}

describe('mapping on the spot', () => {
  it('gives a slot a camera of the rig, and the line passes', async () => {
    await show()
    expect(screen.getByTestId('check-camera.image1').dataset['status']).toBe('fail')
    await choose('map-image1', 'wrist')
    expect(configured()?.cameras).toEqual({ image1: 'wrist' })
    expect(screen.getByTestId('check-camera.image1').dataset['status']).not.toBe('fail')
  })

  it('leaves a slot empty when asked to', async () => {
    await show()
    await choose('map-image1', '')
    expect(configured()?.cameras).toEqual({ image1: null })
  })

  it('gives a channel a joint of the rig', async () => {
    await show()
    await choose('map-joint-gripper.pos', 'shoulder_pan.pos')
    expect(configured()?.joints).toEqual({ 'gripper.pos': 'shoulder_pan.pos' })
  })

  it('is proposed by one key where the names are the same but for their writing, and warms up with the next', async () => {
    const shown = await show((hosts) => {
      const cameras = ['Image_0', 'image1'].map((name) => ({ name, width: 320, height: 240 }))
      hosts.answer('rig.contract', () => ({ ...rig, cameras }))
    })
    expect(screen.getByTestId('policy-fix').textContent).toContain('Fix')
    expect(screen.queryByTestId('policy-load')).toBeNull()
    await shown.tap('Enter')
    expect(configured()?.cameras).toEqual({ image0: 'Image_0' })
    expect(shown.page.hosts.called('drive.selectPolicy')).toEqual([])
  })

  it('says so when the change is refused, and shows what is in force', async () => {
    await show((hosts) => hosts.refuse('policy.configure', { code: 'shell/io', message: 'read-only' }))
    await choose('map-image1', 'wrist')
    expect(screen.getByTestId('refusal').textContent).toContain('read-only')
    expect(screen.getByTestId<HTMLSelectElement>('map-image1').value).not.toBe('wrist')
  })
})

describe('the licence', () => {
  it('is shown, with what it forbids', async () => {
    const shown = await show()
    expect(screen.getByTestId('policy-facts').textContent).toContain('CC BY-NC-SA 4.0')
    expect(screen.getByTestId('non-commercial').textContent).toContain('Not for commercial use')
    await shown.click(`policy-row-${demoEntry.id}`)
    expect(screen.queryByTestId('non-commercial')).toBeNull()
    expect(screen.getByTestId('policy-facts').textContent).toContain('not stated')
  })
})

describe('importing', () => {
  it('looks into a folder before anything is done with it, then starts', async () => {
    const shown = await show((hosts) => {
      hosts.answer('policyImport.inspect', () => importReport())
      hosts.answer('policyImport.start', () => ({ jobId: 'job-1' }))
    })
    await shown.tap('o')
    await shown.fill('import-path', '/data/InternVLA-A1-3B')
    await shown.click('import-look')
    expect(screen.getByTestId('import-report').textContent).toContain('1102 tensors, 6.3 GB')
    expect(screen.getByTestId('import-report').textContent).toContain('no tokenizer.json')
    expect(shown.page.hosts.called('policyImport.start')).toEqual([])
    await shown.fill('import-tokenizer', '/data/tokenizer.json')
    await choose('import-robot', 'a2d')
    await shown.click('import-start')
    expect(shown.page.hosts.called('policyImport.start')).toEqual([
      {
        source: '/data/InternVLA-A1-3B',
        name: '',
        robot: 'a2d',
        tokenizer: '/data/tokenizer.json',
        precision: 'auto',
      },
    ])
  })

  it('offers the checkpoints that are on the machine; arrows and Enter take one and look into it', async () => {
    const name = 'InternRobotics/InternVLA-A1-3B'
    const found = { name, path: '/hub/a1', architecture: 'qwena1', bytes: 6.7e9 }
    const shown = await show((hosts) => {
      hosts.answer('policyImport.nearby', ({ path }: { path: string }) => ({
        checkpoints: [found],
        folders: path.startsWith('/hub') ? [{ path: '/hub/other', isCheckpoint: false }] : [],
      }))
      hosts.answer('policyImport.inspect', () => importReport())
    })
    await shown.tap('o')
    expect(screen.getAllByTestId('import-near').map((row) => row.textContent)).toEqual([
      `${name}checkpoint, 6.7 GB`,
    ])
    await shown.fill('import-path', '/hub/')
    await screen.findByText('other')
    const field = screen.getByTestId<HTMLInputElement>('import-path')
    const press = (key: string) => act(async () => void fireEvent.keyDown(field, { key }))
    act(() => field.focus())
    await press('ArrowUp')
    await press('ArrowDown')
    await press('ArrowDown')
    await press('Enter')
    expect(field.value).toBe('/hub/other/')
    expect(shown.page.hosts.called('policyImport.inspect')).toEqual([])
    await shown.fill('import-path', '/hub/a')
    act(() => field.focus())
    await press('ArrowDown')
    await press('Enter')
    expect(field.value).toBe('/hub/a1')
    expect(shown.page.hosts.called('policyImport.inspect')).toEqual([{ source: '/hub/a1' }])
    expect(screen.getByTestId('import-report')).toBeTruthy()
  })

  it('says what is wrong with a folder and what to do', async () => {
    const shown = await show((hosts) =>
      hosts.refuse('policyImport.inspect', {
        code: 'policy/checkpoint-incomplete',
        message: 'model.action_out_proj.weight is missing',
      }),
    )
    await shown.tap('o')
    await shown.fill('import-path', '/data/half')
    await shown.click('import-look')
    expect(screen.getByTestId('import-fault').textContent).toContain('model.action_out_proj.weight')
    expect(screen.queryByTestId('import-start')).toBeNull()
  })

  it('shows several jobs with step, amount and total', async () => {
    const shown = await show()
    await shown.tell('policyImport.jobs', [
      importJob(),
      importJob({ jobId: 'job-2', name: 'towel', step: 'read', bytesTotal: null, bytesDone: 0 }),
    ])
    const first = screen.getByTestId('job-row-job-1')
    expect(first.textContent).toContain('Converting')
    expect(first.textContent).toContain('3.8 GB of 6.3 GB')
    expect(screen.getByTestId('job-row-job-2').textContent).toContain('Reading')
    await shown.pass(2000)
    await shown.tell('policyImport.jobs', [importJob({ bytesDone: 5_050_000_000 })])
    expect(screen.getByTestId('job-row-job-1').textContent).toMatch(/[23] s left/u)
  })

  it('is given up with Esc while it is looked at', async () => {
    const shown = await show()
    await shown.tell('policyImport.jobs', [importJob()])
    await shown.click('job-row-job-1')
    await shown.tap('Escape')
    expect(shown.page.hosts.called('policyImport.cancel')).toEqual([{ jobId: 'job-1' }])
  })

  it('that failed says why, and offers the same folder again', async () => {
    const shown = await show()
    const fault = { code: 'policy/no-memory', message: 'needs 13 GB, 6 are free' } as const
    await shown.tell('policyImport.jobs', [importJob({ status: 'failed', fault })])
    await shown.click('job-row-job-1')
    expect(screen.getByTestId('job-fault').textContent).toContain('needs 13 GB')
    await shown.click('job-again')
    expect(screen.getByTestId<HTMLInputElement>('import-path').value).toBe('/data/InternVLA-A1-3B')
  })

  it('that is done shows the new policy', async () => {
    const shown = await show()
    await shown.click(`policy-row-${demoEntry.id}`)
    await shown.tell('policyImport.jobs', [importJob()])
    const before = shown.page.hosts.called('policy.list').length
    await shown.tell('policyImport.jobs', [importJob({ status: 'done', policyId: a1Entry.id })])
    expect(shown.page.hosts.called('policy.list').length).toBeGreaterThan(before)
    expect(screen.getByTestId(`policy-row-${a1Entry.id}`).getAttribute('aria-current')).toBe('true')
    expect(screen.queryByTestId('job-row-job-1')).toBeNull()
  })

  it('keeps its report', async () => {
    const shown = await show()
    await shown.click('policy-tab-report')
    expect(screen.getByTestId('import-report').textContent).toContain('5012 nodes')
  })

  it('adds a policy on a server', async () => {
    const shown = await show((hosts) =>
      hosts.answer('policyImport.addRemote', () => ({ policyId: 'own/pi' })),
    )
    await shown.tap('o')
    await shown.click('import-kind-server')
    await shown.fill('remote-address', 'ws://lab-gpu:8000')
    await shown.click('remote-add')
    expect(shown.page.hosts.called('policyImport.addRemote')).toEqual([
      { address: 'ws://lab-gpu:8000', name: '', apiKey: null, preset: 'generic', contract: null },
    ])
  })

  it('says beside the form that an address is none, and that a server cannot be reached', async () => {
    const shown = await show((hosts) =>
      hosts.answer('policyImport.addRemote', () => {
        throw new FaultError({ code: 'policy/remote-unreachable', message: 'ws://lab-gpu:1: refused' })
      }),
    )
    await shown.tap('o')
    await shown.click('import-kind-server')
    await shown.fill('remote-address', 'http://lab gpu')
    expect(screen.getByTestId<HTMLButtonElement>('remote-add').disabled).toBe(true)
    expect(screen.getByTestId('remote-address').getAttribute('aria-invalid')).toBe('true')
    await shown.fill('remote-address', 'lab-gpu:1')
    await shown.click('remote-add')
    expect(screen.getByTestId('remote-fault').textContent).toContain('ws://lab-gpu:1: refused')
    expect(screen.getByTestId<HTMLButtonElement>('remote-add').disabled).toBe(false)
  })

  it('takes from the rig what an openpi server does not say, but never the length of its chunks', async () => {
    const shown = await show((hosts) => {
      hosts.answer('policyImport.addRemote', () => ({ policyId: 'own/pi' }))
      hosts.tell('rig.state', rigState())
    })
    await shown.tap('o')
    await shown.click('import-kind-server')
    await shown.fill('remote-address', 'ws://lab-gpu:8000')
    await choose('remote-preset', 'libero')
    await choose('remote-wants', 'rig')
    const add = screen.getByTestId<HTMLButtonElement>('remote-add')
    expect(add.disabled).toBe(true)
    await shown.fill('remote-chunk', '1.5')
    expect(add.disabled).toBe(true)
    await shown.fill('remote-chunk', '50')
    await shown.click('remote-add')
    const { extras: _, ...said } = rig
    expect(shown.page.hosts.called('policyImport.addRemote')).toMatchObject([
      { preset: 'libero', contract: { ...said, chunkLength: 50 } },
    ])
  })
})

describe('on this machine', () => {
  it('shows what each provider can do and why not, and keeps the choice', async () => {
    const shown = await show((hosts) =>
      hosts.answer('policy.providers', () => [
        { name: 'cpu', status: 'works', why: 'everywhere', detail: 'every machine has it' },
        { name: 'cuda', status: 'missing', why: 'no-libraries', detail: 'libcudart.so.13 was not found' },
        { name: 'coreml', status: 'fails', why: 'refused', detail: 'the runtime’s own words' },
      ]),
    )
    const { textContent } = screen.getByTestId('providers')
    expect(textContent).toContain('foresight gpu install')
    expect(textContent).toContain('the runtime’s own words')
    expect(screen.getByTitle('libcudart.so.13 was not found')).not.toBeNull()
    expect(screen.getByTestId<HTMLInputElement>('provider-cuda').disabled).toBe(true)
    await shown.click('provider-cpu')
    expect(configured()?.provider).toBe('cpu')
    await shown.click('probe-again')
    expect(shown.page.hosts.called('policy.providers').at(-1)).toEqual({ isFresh: true })
  })

  it('keeps precision, foresight, threshold and seed', async () => {
    const shown = await show()
    await choose('setup-precision', 'fp16')
    expect(configured()?.precision).toBe('fp16')
    await shown.click('setup-foresight')
    expect(configured()?.hasForesight).toBe(false)
    await shown.click('setup-foresight')
    await shown.fill('setup-threshold', '0.35')
    expect(configured()?.surpriseThreshold).toBe(0.35)
    await shown.fill('setup-seed', '42')
    expect(configured()?.seed).toBe(42)
    await shown.fill('setup-seed', 'x')
    expect(configured()?.seed).toBe(42)
  })

  it('measures only what is loaded, stage by stage', async () => {
    const shown = await show((hosts) =>
      hosts.answer('policy.bench', () => ({
        provider: 'cpu',
        stages: { infer: Float64Array.of(80, 84, 120), preprocess: Float64Array.of(6, 6, 6) },
      })),
    )
    expect(screen.getByTestId<HTMLButtonElement>('bench-start').disabled).toBe(true)
    await shown.tell('policy.state', policyState({ loaded: a1Entry, status: 'warm' }))
    await shown.click('bench-start')
    const bench = screen.getByTestId('policy-bench').textContent
    expect(bench).toContain('50 runs on CPU')
    expect(bench).toMatch(/Inference84119/u)
    const bars = screen.getByTestId('histogram-infer').querySelectorAll('rect')
    expect([...bars].map((bar) => Number(bar.getAttribute('height')))).toEqual([1, 0, 0.5])
    expect(screen.getByTestId('histogram-infer').title).toBe('72 … 122 ms')
  })
})

describe('removing', () => {
  it('goes to the trash and comes back with Ctrl Z', async () => {
    const shown = await show()
    await shown.tap('Delete')
    expect(shown.page.hosts.called('policyImport.remove')).toEqual([{ policyId: a1Entry.id }])
    expect(screen.getByTestId('undo-toast').textContent).toContain('InternVLA-A1-3B')
    await shown.pass(9000)
    expect(screen.queryByTestId('undo-toast')).toBeNull()
    await shown.tap('Ctrl+z')
    expect(shown.page.hosts.called('policyImport.undoRemove')).toEqual([{ policyId: a1Entry.id }])
  })

  it('waits while the policy is loaded', async () => {
    const shown = await show((hosts) =>
      hosts.tell('policy.state', policyState({ loaded: a1Entry, status: 'warm' })),
    )
    await shown.tap('Delete')
    expect(shown.page.hosts.called('policyImport.remove')).toEqual([])
    expect(screen.getByTestId<HTMLButtonElement>('policy-remove').disabled).toBe(true)
  })
})

describe('in Chinese', () => {
  it('leaves no English words but names and units', async () => {
    await show(() => undefined, 'zh')
    const text = screen
      .getByTestId('policy-setup')
      .textContent.replaceAll(/fp\d+|int\d|so_follower|a2d/gu, '')
    expect(text).not.toMatch(/[a-z]{3,}/u)
  })
})
