/** Builds the page's moving parts once and joins them: link, state, clock, telemetry, keys. React only draws them. */
import { FaultError, type Fault } from '#core/result.ts'
import { SourceLane } from '../charts/source-lane.ts'
import { TelemetryRing } from '../charts/telemetry-ring.ts'
import { CommandRegistry } from '../keys/command-registry.ts'
import { KeyDispatcher } from '../keys/key-dispatcher.ts'
import { ClockSync } from './clock-sync.ts'
import { EventLog } from './event-log.ts'
import type { LeaseKeeper } from './lease.ts'
import { Link, type LinkOptions } from './link.ts'
import { createLiveStore, type LiveStore } from './live-state.ts'
import type { ScreenDefinition } from './screen-definition.ts'
import type { Services } from './services.ts'
import { feedSession, type SessionFeed } from './session-feed.ts'
import { armMayHaveTorque } from './torque.ts'
import type { Timers } from './timers.ts'
import { createUiStore, type UiStore } from './ui-state.ts'

export interface App extends Disposable {
  readonly live: LiveStore
  readonly ui: UiStore
  readonly clock: ClockSync
  readonly telemetry: TelemetryRing
  /** Who drove since when. */
  readonly lane: SourceLane
  readonly events: EventLog
  readonly registry: CommandRegistry
  readonly keys: KeyDispatcher
  readonly timers: Timers
  /** The rooms that exist. */
  readonly screens: readonly ScreenDefinition[]
  /** The services of the present session, or null without one. */
  services(): Services | null
  lease(): LeaseKeeper | null
  /** Runs a command of the person: claims a free lease first, shows a refusal in words, never throws. */
  act(run: (services: Services) => Promise<unknown>): void
  /** Stop and emergency stop: from any page, without the lease. */
  stop(isEmergency: boolean): void
}

export interface AppOptions {
  readonly open: LinkOptions['open']
  readonly timers: Timers
  readonly screens: readonly ScreenDefinition[]
  readonly hasFocus: () => boolean
  readonly label: string
  readonly onBeat: (act: () => void) => Disposable
  /** Leaves a text field; false when none has the focus. */
  readonly leaveField: () => boolean
}

/** 12 s of the default 200 Hz loop. */
const telemetryTicks = 2400

const faultOf = (error: unknown): Fault =>
  error instanceof FaultError
    ? error.fault
    : { code: 'contract/internal', message: error instanceof Error ? error.message : String(error) }

export function createApp(options: AppOptions): App {
  const live = createLiveStore()
  const ui = createUiStore()
  const { timers } = options
  const clock = new ClockSync(timers)
  const telemetry = new TelemetryRing(telemetryTicks)
  const lane = new SourceLane()
  const events = new EventLog()
  const registry = new CommandRegistry()
  let feed: SessionFeed | null = null

  const link = new Link({
    open: options.open,
    timers,
    onStatus: (status) => live.setState({ link: status }),
    onSession: (session) => {
      feed = feedSession(session, { ...options, live, clock, telemetry, lane, events })
      return feed
    },
  })
  const services = (): Services | null => live.getState().session?.services ?? null
  const refuse = (fault: Fault): void => ui.setState({ refusal: { kind: 'fault', fault } })

  const act: App['act'] = (run) => {
    const now = services()
    if (now === null) return refuse({ code: 'contract/closed', message: 'not connected' })
    ui.setState({ refusal: null })
    const perform = async (): Promise<void> => {
      try {
        if (feed !== null && live.getState().drive?.lease.holder === null) await feed.lease.claim(false)
        await run(now)
      } catch (error) {
        refuse(faultOf(error))
      }
    }
    void perform()
  }
  const stop: App['stop'] = (isEmergency) => {
    const now = services()
    if (now === null) return refuse({ code: 'contract/closed', message: 'not connected' })
    const answer = isEmergency ? now.drive.eStop(undefined) : now.drive.stop(undefined)
    answer.catch((error: unknown) => refuse(faultOf(error)))
  }

  const keys = new KeyDispatcher({
    timers,
    commands: registry.list,
    rebindings: () => live.getState().settings?.keys ?? {},
    ownsControls: () => ui.getState().screen === 'operate' && ui.getState().lentRegion === null,
    onEscape: (isSecond) => {
      const isLive = armMayHaveTorque(live.getState())
      if (isLive) stop(isSecond)
      ui.setState({ isClearAsked: false })
      const { isKeyListShown, lentRegion, refusal, isChoosingDataset } = ui.getState()
      if (isKeyListShown) ui.setState({ isKeyListShown: false })
      else if (isChoosingDataset) {
        options.leaveField()
        ui.setState({ isChoosingDataset: false })
      } else if (!options.leaveField()) {
        if (lentRegion !== null) ui.setState({ lentRegion: null })
        else if (refusal !== null) ui.setState({ refusal: null })
        else if (!isLive) ui.getState().closeOpen?.()
      }
    },
    onBlocked: (command) =>
      ui.setState({
        refusal: {
          kind: 'waits',
          title: command.title,
          reason: typeof command.availability === 'object' ? command.availability.blockedBy : '',
        },
      }),
    onHold: (hold) => ui.setState({ hold }),
  })
  link.start()
  return {
    live,
    ui,
    clock,
    telemetry,
    lane,
    events,
    registry,
    keys,
    timers,
    screens: options.screens,
    services,
    lease: () => feed?.lease ?? null,
    act,
    stop,
    [Symbol.dispose]: () => {
      link[Symbol.dispose]()
      feed?.[Symbol.dispose]()
    },
  }
}
