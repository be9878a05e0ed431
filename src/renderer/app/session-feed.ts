/** Everything one connection feeds into the page: state streams, telemetry, clock offset, lease and its heartbeat. */
import type { RigConfig, RigState } from '#contract/services/rig.ts'
import type { SourceLane } from '../charts/source-lane.ts'
import type { TelemetryRing } from '../charts/telemetry-ring.ts'
import type { ClockSync } from './clock-sync.ts'
import type { EventLog } from './event-log.ts'
import { Freshness } from './freshness.ts'
import { keepSubscribed, type StreamOf } from './keep-subscribed.ts'
import { LeaseKeeper } from './lease.ts'
import type { Session } from './link.ts'
import { emptyLive, type LiveStore } from './live-state.ts'
import { RepaintGate } from './repaint.ts'
import type { Timers } from './timers.ts'

export interface FeedParts {
  readonly live: LiveStore
  readonly clock: ClockSync
  readonly telemetry: TelemetryRing
  readonly lane: SourceLane
  readonly events: EventLog
  readonly timers: Timers
  readonly hasFocus: () => boolean
  readonly label: string
  /** Calls back on every tick of the heartbeat worker. */
  readonly onBeat: (act: () => void) => Disposable
}

export interface SessionFeed extends Disposable {
  readonly lease: LeaseKeeper
}

const telemetryHz = 30
const watchMs = 100
/** Of a pose only the speed of the simulation is kept here. */
const speedHz = 2

const connectedIn = ({ status, rig }: RigState): RigConfig | null =>
  status === 'connected' || status === 'lost' ? rig : null

export function feedSession(session: Session, parts: FeedParts): SessionFeed {
  const { live, timers } = parts
  const { services } = session
  const scope = new DisposableStack()
  const freshness = new Freshness(timers.nowMs())
  const heard = (): void => {
    freshness.heard(timers.nowMs())
    if (live.getState().rigSilentMs !== null) live.setState({ rigSilentMs: null })
  }
  const lease = new LeaseKeeper({
    drive: services.drive,
    peer: session.peer,
    label: parts.label,
    hasFocus: parts.hasFocus,
    hasOtherStop: () => false,
    onAnswer: heard,
  })
  const gate = new RepaintGate()
  let connected: RigConfig | null = null
  const keep = <P, T>(
    stream: StreamOf<P, T>,
    params: P,
    onItem: (item: T) => void,
    onGone?: () => void,
  ): void => {
    scope.use(keepSubscribed(timers, stream, params, onItem, onGone))
  }

  // Settings stay over sessions: losing the link must not change the language or the theme.
  const forget = (now: Session | null): void => {
    const { link, settings } = live.getState()
    live.setState({ ...emptyLive, link, settings, session: now })
  }
  forget(session)
  keep(
    services.drive.state,
    undefined,
    (drive) => {
      heard()
      lease.onState(drive)
      parts.events.onState(drive)
      if (gate.isDue(drive, timers.nowMs())) live.setState({ drive })
    },
    () => live.setState({ drive: null }),
  )
  keep(services.drive.telemetry, { maxHz: telemetryHz }, (batch) => {
    parts.telemetry.push(batch)
    parts.lane.push(batch)
  })
  keep(
    services.record.state,
    undefined,
    (record) => live.setState({ record }),
    () => live.setState({ record: null }),
  )
  keep(
    services.rig.state,
    undefined,
    (rig) => {
      connected = connectedIn(rig) ?? live.getState().lostRig
      live.setState(rig.status === 'connected' ? { rig, lostRig: null } : { rig })
    },
    () => live.setState({ rig: null, lostRig: connected }),
  )
  keep(
    services.policy.state,
    undefined,
    (policy) => live.setState({ policy }),
    () => live.setState({ policy: null }),
  )
  keep(
    services.sim.poses,
    { maxHz: speedHz },
    ({ speed }) => live.setState({ simSpeed: speed }),
    () => live.setState({ simSpeed: null }),
  )
  keep(
    services.sim.operator,
    undefined,
    (operator) => live.setState({ operator }),
    () => live.setState({ operator: null }),
  )
  keep(
    services.sim.faults,
    undefined,
    (simFaults) => live.setState({ simFaults }),
    () => live.setState({ simFaults: null }),
  )
  keep(services.shell.hosts, undefined, (hosts) => live.setState({ hosts }))
  keep(services.shell.settings, undefined, (settings) => live.setState({ settings }))
  scope.use(parts.clock.measure(services.drive, heard))
  scope.use(parts.onBeat(() => void lease.beat()))
  scope.use(
    timers.every(watchMs, () => {
      const rigSilentMs = freshness.silentMs(timers.nowMs())
      if (rigSilentMs !== live.getState().rigSilentMs) live.setState({ rigSilentMs })
    }),
  )
  return {
    lease,
    [Symbol.dispose]: () => {
      scope.dispose()
      parts.telemetry.clear()
      parts.lane.clear()
      forget(null)
    },
  }
}
