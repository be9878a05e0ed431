/**
 * Hosts that a page can be tested against without any: they tell the states they are given, remember every call, and
 * refuse the calls they are told to refuse. Served over the real contract.
 */
import type { z } from 'zod'
import { FaultError, type Fault } from '#core/result.ts'
import type { Member, Service } from '#contract/rpc/define.ts'
import { serve, type BoundService } from '#contract/rpc/serve.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import type { StreamEmitter } from '#contract/rpc/types.ts'
import { drive } from '#contract/services/drive.ts'
import { library } from '#contract/services/library.ts'
import { pictures } from '#contract/services/pictures.ts'
import { policyImport } from '#contract/services/policy-import.ts'
import { policy } from '#contract/services/policy.ts'
import { record } from '#contract/services/record.ts'
import { rig } from '#contract/services/rig.ts'
import { shell } from '#contract/services/shell.ts'
import { sim } from '#contract/services/sim.ts'

type Handler = (input: never) => unknown
/** A service's members by name, without their types. */
type AnyMembers = Readonly<Record<string, Member>>

export interface Called {
  readonly member: string
  readonly input: unknown
}

const services = [shell, rig, drive, record, sim, policy, policyImport, pictures, library] as const

export class FakeHosts {
  readonly calls: Called[] = []
  readonly #latest = new Map<string, unknown>()
  readonly #emitters = new Map<string, Set<StreamEmitter<unknown>>>()
  readonly #answers = new Map<string, Handler>()
  readonly #refusals = new Map<string, Fault>()

  /** Tells every subscriber, and later ones at once. `stream` is e.g. `drive.state`. */
  tell(stream: string, item: unknown): void {
    this.#latest.set(stream, item)
    for (const emitter of this.#emitters.get(stream) ?? []) void emitter.emit(item)
  }

  /** What a call answers; without one it answers nothing. `call` is e.g. `drive.ping`. */
  answer(call: string, handler: Handler): void {
    this.#answers.set(call, handler)
  }

  refuse(call: string, fault: Fault): void {
    this.#refusals.set(call, fault)
  }

  called(member: string): readonly unknown[] {
    return this.calls.filter((made) => made.member === member).map((made) => made.input)
  }

  /** Ends a stream as a host that dies does. */
  end(stream: string, fault: Fault): void {
    const emitters = this.#emitters.get(stream)
    this.#emitters.delete(stream)
    this.#latest.delete(stream)
    for (const emitter of emitters ?? []) emitter.end(fault)
  }

  serve(transport: Transport, peer: string): Disposable {
    return serve(
      services.map((service) => this.#bind(service as unknown as Service<AnyMembers>)),
      transport,
      peer,
    )
  }

  #bind(service: Service<AnyMembers>): BoundService {
    const methods: Record<string, (...args: never[]) => unknown> = {}
    for (const [name, member] of Object.entries(service.members)) {
      const path = `${service.name}.${name}`
      if (member.kind === 'call') methods[name] = (input: z.input<z.ZodType>) => this.#call(path, input)
      else if (member.kind === 'stream')
        methods[name] = (_params: never, emitter: StreamEmitter<unknown>) => this.#subscribe(path, emitter)
      else methods[name] = () => ({ take: () => Promise.resolve(), end: () => undefined })
    }
    return { service, methods }
  }

  #call(path: string, input: unknown): Promise<unknown> {
    this.calls.push({ member: path, input })
    const refusal = this.#refusals.get(path)
    if (refusal !== undefined) return Promise.reject(new FaultError(refusal))
    return Promise.resolve(this.#answers.get(path)?.(input as never) ?? null)
  }

  #subscribe(path: string, emitter: StreamEmitter<unknown>): Disposable {
    const emitters = this.#emitters.get(path) ?? new Set()
    this.#emitters.set(path, emitters.add(emitter))
    if (this.#latest.has(path)) void emitter.emit(this.#latest.get(path))
    return { [Symbol.dispose]: () => emitters.delete(emitter) }
  }
}
