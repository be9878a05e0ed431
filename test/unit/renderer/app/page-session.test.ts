import { describe, expect, it } from 'vitest'
import type { Settings } from '#contract/services/shell.ts'
import { settle } from '#test/fakes/manual-timers.ts'
import { openPage } from '#test/fakes/page-app.ts'
import { driveState, rigState, settings } from '#test/fakes/page-states.ts'

describe('a session', () => {
  it('fills the page with what the hosts tell', async () => {
    using page = await openPage((hosts) => hosts.tell('drive.state', driveState('teleop')))
    const live = page.app.live.getState()
    expect(live.link).toEqual({ status: 'connected' })
    expect(live.drive?.mode).toBe('teleop')
    expect(live.record?.phase).toBe('ready')
    expect(live.session?.peer).toBe('page-1')
  })

  it('claims a free lease and beats from then on', async () => {
    using page = await openPage((hosts) =>
      hosts.tell('drive.state', driveState('idle', { lease: { holder: null, label: null } })),
    )
    expect(page.hosts.called('drive.claimLease')).toEqual([{ label: 'test page', force: false }])
    await page.beat()
    expect(page.hosts.called('drive.heartbeat').length).toBeGreaterThanOrEqual(1)
  })

  it('watches while another page drives, and does not beat', async () => {
    using page = await openPage((hosts) =>
      hosts.tell('drive.state', driveState('teleop', { lease: { holder: 'page-2', label: 'other' } })),
    )
    await page.beat()
    expect(page.hosts.called('drive.claimLease')).toEqual([])
    expect(page.hosts.called('drive.heartbeat')).toEqual([])
  })

  it('says how long the rig host has been silent, and forgets that at the next word', async () => {
    using page = await openPage((hosts) => {
      hosts.tell('drive.state', driveState('teleop'))
      hosts.answer('drive.ping', () => new Promise(() => undefined))
      hosts.answer('drive.heartbeat', () => new Promise(() => undefined))
    })
    await page.pass(700)
    expect(page.app.live.getState().rigSilentMs).toBeNull()
    await page.pass(600)
    expect(page.app.live.getState().rigSilentMs).toBeGreaterThanOrEqual(800)
    page.hosts.tell('drive.state', driveState('holding'))
    await settle()
    expect(page.app.live.getState().rigSilentMs).toBeNull()
  })

  it('hears a quiet rig host through its answers to pings', async () => {
    using page = await openPage((hosts) => hosts.tell('drive.state', driveState('holding')))
    await page.pass(5000)
    expect(page.app.live.getState().rigSilentMs).toBeNull()
  })

  it('remembers the rig that was connected when its host ended, until one is connected again', async () => {
    using page = await openPage((hosts) => hosts.tell('rig.state', rigState()))
    page.hosts.end('rig.state', { code: 'shell/host-down', message: 'SIGKILL' })
    await page.pass(500)
    page.hosts.tell('rig.state', rigState({ status: 'none', rig: null, arms: [] }))
    await settle()
    expect(page.app.live.getState().lostRig).toEqual(rigState().rig)
    page.hosts.tell('rig.state', rigState())
    await settle()
    expect(page.app.live.getState().lostRig).toBeNull()
  })

  it('remembers none that a person had disconnected before', async () => {
    using page = await openPage((hosts) => hosts.tell('rig.state', rigState()))
    page.hosts.tell('rig.state', rigState({ status: 'none', rig: null, arms: [] }))
    page.hosts.end('rig.state', { code: 'shell/host-down', message: 'SIGKILL' })
    await settle()
    expect(page.app.live.getState().lostRig).toBeNull()
  })

  it('forgets the drive state when its host dies, and takes it up again when it is back', async () => {
    using page = await openPage((hosts) => hosts.tell('drive.state', driveState('teleop')))
    page.hosts.end('drive.state', { code: 'shell/host-down', message: 'SIGKILL' })
    await settle()
    expect(page.app.live.getState().drive).toBeNull()
    page.hosts.tell('drive.state', driveState('holding'))
    await page.pass(500)
    expect(page.app.live.getState().drive?.mode).toBe('holding')
  })

  it('reconnects by itself, forgets the arm meanwhile, keeps language and theme', async () => {
    const chosen: Settings = { ...settings, language: 'zh' }
    using page = await openPage((hosts) => {
      hosts.tell('drive.state', driveState('teleop'))
      hosts.tell('shell.settings', chosen)
    })
    page.cut()
    await settle()
    const lost = page.app.live.getState()
    expect(lost.link.status).toBe('lost')
    expect(lost.drive).toBeNull()
    expect(lost.session).toBeNull()
    expect(lost.settings?.language).toBe('zh')
    await page.pass(400)
    expect(page.app.live.getState().link.status).toBe('connected')
    expect(page.app.live.getState().drive?.mode).toBe('teleop')
  })

  it('gives up a handshake that nobody answers, and tries again', async () => {
    let asked = 0
    using page = await openPage((hosts) =>
      hosts.answer('shell.info', () => {
        asked += 1
        return new Promise(() => undefined)
      }),
    )
    expect(page.app.live.getState().link.status).toBe('connecting')
    await page.pass(5100)
    expect(page.app.live.getState().link.status).toBe('lost')
    await page.pass(300)
    expect(asked).toBe(2)
  })

  it('draws numbers ten times a second at most, and a new mode at once', async () => {
    using page = await openPage((hosts) => hosts.tell('drive.state', driveState('teleop')))
    let drawn = 0
    page.app.live.subscribe((now, before) => {
      if (now.drive !== before.drive) drawn += 1
    })
    for (let i = 0; i < 20; i += 1) {
      page.hosts.tell('drive.state', driveState('teleop', { timeUs: i }))
      await settle(6)
    }
    expect(drawn).toBe(0)
    page.hosts.tell('drive.state', driveState('policy'))
    await settle()
    expect(drawn).toBe(1)
  })
})

describe('acts of the person', () => {
  it('show in words why they were refused', async () => {
    using page = await openPage((hosts) => {
      hosts.tell('drive.state', driveState('idle'))
      hosts.refuse('record.start', { code: 'record/disk-full', message: 'no space' })
    })
    page.app.act((services) => services.record.start(undefined))
    await settle()
    expect(page.app.ui.getState().refusal).toEqual({
      kind: 'fault',
      fault: { code: 'record/disk-full', message: 'no space' },
    })
    page.app.act((services) => services.record.discard(undefined))
    await settle()
    expect(page.app.ui.getState().refusal).toBeNull()
  })

  it('take a lease that nobody holds before they act', async () => {
    using page = await openPage((hosts) => {
      hosts.answer('drive.claimLease', () => ({ isGranted: false, holder: null }))
      hosts.tell('drive.state', driveState('holding', { lease: { holder: null, label: null } }))
    })
    const before = page.hosts.called('drive.claimLease').length
    page.app.act((services) => services.drive.hold(undefined))
    await settle(40)
    expect(page.hosts.called('drive.claimLease').length).toBe(before + 1)
    expect(page.hosts.called('drive.hold')).toHaveLength(1)
  })

  it('say that there is no connection when there is none', async () => {
    using page = await openPage()
    page.cut()
    await settle()
    page.app.stop(true)
    expect(page.app.ui.getState().refusal).toMatchObject({ fault: { code: 'contract/closed' } })
  })
})

describe('escape', () => {
  const escape = {
    key: 'Escape',
    code: 'Escape',
    isCtrl: false,
    isShift: false,
    isAlt: false,
    isRepeat: false,
    isComposing: false,
    focus: 'none',
  } as const

  it('stops at the first press and cuts torque at the second, without any lease', async () => {
    using page = await openPage((hosts) =>
      hosts.tell('drive.state', driveState('teleop', { lease: { holder: 'page-2', label: 'x' } })),
    )
    page.app.keys.down(escape)
    await settle()
    expect(page.hosts.called('drive.stop')).toHaveLength(1)
    page.app.keys.down(escape)
    await settle()
    expect(page.hosts.called('drive.eStop')).toHaveLength(1)
  })

  it('is sent even while nobody knows whether the arm moves', async () => {
    using page = await openPage((hosts) => hosts.tell('drive.state', driveState('idle')))
    page.hosts.end('drive.state', { code: 'shell/host-down', message: '' })
    await settle()
    page.app.keys.down(escape)
    await settle()
    expect(page.hosts.called('drive.stop')).toHaveLength(1)
  })

  it('sends nothing to an arm without torque, and closes what is open instead', async () => {
    using page = await openPage((hosts) => hosts.tell('drive.state', driveState('idle')))
    page.app.ui.setState({ isKeyListShown: true })
    page.app.keys.down(escape)
    page.app.keys.down(escape)
    await settle()
    expect(page.app.ui.getState().isKeyListShown).toBe(false)
    expect(page.hosts.called('drive.stop')).toEqual([])
    expect(page.hosts.called('drive.eStop')).toEqual([])
  })

  it('takes back a keep-clear question', async () => {
    using page = await openPage((hosts) =>
      hosts.tell('drive.state', driveState('idle', { needsKeepClear: true })),
    )
    page.app.ui.setState({ isClearAsked: true })
    page.app.keys.down(escape)
    expect(page.app.ui.getState().isClearAsked).toBe(false)
  })
})

describe('what happened', () => {
  it('is kept in order for the fault column', async () => {
    using page = await openPage((hosts) => hosts.tell('drive.state', driveState('teleop')))
    page.hosts.tell(
      'drive.state',
      driveState('slowStop', { cause: { code: 'control/leader-lost', message: '', sinceUs: 5 } }),
    )
    await settle()
    expect(page.app.events.list().map((event) => (event.kind === 'mode' ? event.mode : event.code))).toEqual([
      'teleop',
      'control/leader-lost',
      'slowStop',
    ])
  })

  it('does not keep telemetry of a session that ended', async () => {
    using page = await openPage()
    page.hosts.tell('drive.telemetry', {
      joints: 1,
      timeUs: Float64Array.of(1),
      mode: ['teleop'],
      source: Uint8Array.of(1),
      leader: new Float32Array(1),
      follower: new Float32Array(1),
      requested: new Float32Array(1),
      sent: new Float32Array(1),
    })
    await settle()
    expect(page.app.telemetry.length).toBe(1)
    page.cut()
    await settle()
    expect(page.app.telemetry.length).toBe(0)
  })
})
