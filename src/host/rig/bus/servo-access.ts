/**
 * Single registers of single servos, acknowledged and retried: for everything outside the control loop. Writing a register
 * twice does no harm, so a lost acknowledgement is answered by trying again.
 */
import type { FeetechAnswer } from '#core/bus/feetech-exchange.ts'
import { encodePing, encodeRead, encodeWrite } from '#core/bus/feetech-packet.ts'
import {
  decodeRegister,
  encodeRegister,
  stsRegisters,
  type StsRegisterName,
} from '#core/bus/feetech-registers.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { BusClock } from './bus-clock.ts'
import type { ExchangeOptions, FeetechBus } from './feetech-bus.ts'

export interface AccessOptions extends ExchangeOptions {
  /** Tries before giving up, 3 by default. */
  readonly attempts?: number
  /** Patience of the first try, doubled by each further one: a busy computer is waited for. */
  readonly timeoutUs?: number
}

const defaultAttempts = 3
/** Covers the slowest return delay, adapters that hold bytes for milliseconds, and a computer that is busy for a moment. */
const defaultTimeoutUs = 60_000
/**
 * For requests between the passes of the control loop, which stand still while one waits for its answer: short first tries,
 * so that an answer lost on the way is no silence of the arm, and in all the same patience.
 */
export const besideLoop: AccessOptions = { attempts: 5, timeoutUs: 15_000 }
/**
 * Pause after a try that was answered although an earlier one was given up: both answers may still come, and the second
 * would be taken for the answer to the next request of the same length, because a status names no register.
 */
const strayUs = 30_000

export class ServoAccess {
  readonly #bus: FeetechBus
  readonly #clock: BusClock

  constructor(bus: FeetechBus, clock: BusClock) {
    this.#bus = bus
    this.#clock = clock
  }

  /** Whether the servo answers. Error bits in the answer do not matter. */
  async ping(id: number, options: AccessOptions = {}): Promise<Result<void>> {
    const answer = await this.#ask(id, encodePing(id), 0, options)
    return answer.ok ? ok(undefined) : answer
  }

  /** @returns the register's value, `bus/no-reply`, `bus/corrupt` or `bus/closed` */
  async read(id: number, name: StsRegisterName, options: AccessOptions = {}): Promise<Result<number>> {
    const register = stsRegisters[name]
    const answer = await this.#ask(
      id,
      encodeRead(id, register.address, register.size),
      register.size,
      options,
    )
    return answer.ok ? ok(decodeRegister(register, answer.value.params, register.address)) : answer
  }

  /**
   * Writes a register. Where no acknowledgement comes, the register is read instead: a servo told to stay silent
   * (Response_Status_Level 0) obeys without a word.
   * @throws RangeError when the value does not fit the register
   */
  async write(
    id: number,
    name: StsRegisterName,
    value: number,
    options: AccessOptions = {},
  ): Promise<Result<void>> {
    const register = stsRegisters[name]
    const bytes = encodeWrite(id, register.address, encodeRegister(register, value))
    const answer = await this.#ask(id, bytes, 0, options)
    if (answer.ok) return ok(undefined)
    if (answer.error.code !== 'bus/no-reply') return answer
    const stored = await this.read(id, name, { ...options, attempts: 1 })
    return stored.ok && stored.value === value ? ok(undefined) : answer
  }

  async #ask(
    id: number,
    bytes: Uint8Array,
    answerLength: number,
    options: AccessOptions,
  ): Promise<Result<FeetechAnswer>> {
    const attempts = options.attempts ?? defaultAttempts
    let isCorrupt = false
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const deadlineUs = this.#clock.nowUs() + (options.timeoutUs ?? defaultTimeoutUs) * 2 ** attempt
      const outcome = await this.#bus.exchange({ bytes, ids: [id], answerLength }, deadlineUs, options)
      if (!outcome.ok) return outcome
      const answer = outcome.value.answers.get(id)
      if (answer !== undefined) {
        if (attempt > 0) await this.#pause(strayUs)
        return ok(answer)
      }
      isCorrupt ||= outcome.value.corrupt > 0
    }
    return isCorrupt
      ? fail('bus/corrupt', `the answers of servo ${id} arrive damaged`, { id, attempts })
      : fail('bus/no-reply', `servo ${id} does not answer`, { id, attempts })
  }

  #pause(us: number): Promise<void> {
    return new Promise((resolve) => this.#clock.callAt(this.#clock.nowUs() + us, resolve))
  }
}
