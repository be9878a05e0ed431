/**
 * A bus as a serial port: a pseudo-terminal behind a symbolic link with a name of its own. Servos hear the host only at their
 * own speed, since the speed that the host has set can be read back. Programs may open and close it as often as they like.
 */
import { lstatSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { fail, ok, type Result } from '#core/result.ts'
import type { BusLink, LinkEvents } from './bus-link.ts'
import type { Pty, PtyAddon } from './pty-addon.ts'

/** Nobody is told when a client opens a terminal whose last client had gone, so it is looked at this often. */
const reopenMs = 5
/** Taken as the host's speed where the system does not tell. */
const usualBaud = 1_000_000

export class PtyLink implements BusLink {
  readonly address: string
  readonly #addon: PtyAddon
  readonly #events: LinkEvents
  #pty: Pty | null = null
  #timer: NodeJS.Timeout | null = null

  private constructor(addon: PtyAddon, path: string, events: LinkEvents) {
    this.address = path
    this.#addon = addon
    this.#events = events
  }

  /** @param path of the link; a link left there by a dead simulator is replaced, anything else is `bus/port-busy` */
  static async open(addon: PtyAddon, path: string, events: LinkEvents): Promise<Result<PtyLink>> {
    const link = new PtyLink(addon, path, events)
    const plugged = link.#plug()
    return plugged.ok ? ok(link) : plugged
  }

  get baud(): number {
    const baud = this.#pty?.baud ?? 0
    return baud > 0 ? baud : usualBaud
  }

  get isOpen(): boolean {
    return this.#pty !== null && this.#timer === null
  }

  send(bytes: Uint8Array): void {
    if (this.isOpen) this.#pty?.write(bytes)
  }

  async setPlugged(isPlugged: boolean): Promise<Result<void>> {
    if (isPlugged && this.#pty === null) return this.#plug()
    if (!isPlugged) this.#unplug()
    return ok(undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unplug()
  }

  #plug(): Result<void> {
    try {
      if (isLink(this.address)) rmSync(this.address)
      const pty = new this.#addon.Pty()
      this.#pty = pty
      symlinkSync(pty.path, this.address)
      this.#listen(pty)
      return ok(undefined)
    } catch (error) {
      this.#pty?.close()
      this.#pty = null
      return fail('bus/port-busy', `cannot make ${this.address}: ${String(error)}`)
    }
  }

  #listen(pty: Pty): void {
    pty.watch((bytes) => {
      if (bytes !== null) {
        this.#events.onBytes(bytes)
        return
      }
      this.#events.onGone()
      this.#timer = setInterval(() => {
        if (pty.isHungUp()) return
        this.#stopLooking()
        this.#listen(pty)
      }, reopenMs)
    })
  }

  #unplug(): void {
    this.#stopLooking()
    if (this.#pty === null) return
    const { path } = this.#pty
    this.#pty.close()
    this.#pty = null
    // Another simulator may have taken the name over meanwhile.
    if (isLink(this.address) && readlinkSync(this.address) === path) rmSync(this.address)
    this.#events.onGone()
  }

  #stopLooking(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}

const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
