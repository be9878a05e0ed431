/** The running simulator: a world in real time with one line per arm. Everything that a front door offers is done to this. */
import { type Result, ok } from '#core/result.ts'
import type { Clock } from '../shared/clock.ts'
import { VirtualBus } from './bus/virtual-bus.ts'
import { WireFaults } from './bus/wire-faults.ts'
import { FaultBoard } from './faults/fault-board.ts'
import type { BusLink, LinkEvents } from './link/bus-link.ts'
import { LeaderDriver } from './operator/leader-driver.ts'
import { type Line, Pump } from './pump.ts'
import { seededRandom } from './random.ts'
import { type ArmName, armNames } from './scene/layout.ts'
import { SimWorld } from './sim-world.ts'

export type OpenLink = (arm: ArmName, events: LinkEvents) => Promise<Result<BusLink>>

export interface BenchOptions {
  readonly clock: Clock
  readonly openLink: OpenLink
  /** Seed of everything random about the lines. */
  readonly seed: number
}

export class SimBench implements AsyncDisposable {
  readonly world: SimWorld
  readonly lines: Readonly<Record<ArmName, Line & { readonly faults: WireFaults }>>
  readonly pump: Pump
  readonly clock: Clock
  readonly faults: FaultBoard
  readonly leader: LeaderDriver

  private constructor(world: SimWorld, lines: SimBench['lines'], clock: Clock) {
    this.world = world
    this.lines = lines
    this.clock = clock
    this.pump = new Pump(clock, world, Object.values(lines))
    this.faults = new FaultBoard({
      leader: { arm: world.arms.leader, ...lines.leader },
      follower: { arm: world.arms.follower, ...lines.follower },
    })
    this.leader = new LeaderDriver(world)
  }

  /** Fails with `sim/not-available`, or with what opening a link failed with. */
  static async start({ clock, openLink, seed }: BenchOptions): Promise<Result<SimBench>> {
    const world = await SimWorld.create()
    if (!world.ok) return world
    const random = seededRandom(seed)
    const lines: Partial<Record<ArmName, Line & { readonly faults: WireFaults }>> = {}
    let bench: SimBench | null = null
    for (const arm of armNames) {
      const faults = new WireFaults(random)
      const bus = new VirtualBus(world.value.arms[arm].servos, faults)
      const events: LinkEvents = {
        onBytes: (bytes) => bench?.pump.receive(bench.lines[arm], bytes),
        onGone: () => bus.clear(),
      }
      const link = await openLink(arm, events)
      if (!link.ok) {
        for (const line of Object.values(lines)) await line.link[Symbol.asyncDispose]()
        world.value[Symbol.dispose]()
        return link
      }
      lines[arm] = { bus, link: link.value, faults }
    }
    bench = new SimBench(world.value, lines as SimBench['lines'], clock)
    return ok(bench)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pump[Symbol.dispose]()
    for (const arm of armNames) await this.lines[arm].link[Symbol.asyncDispose]()
    this.world[Symbol.dispose]()
  }
}
