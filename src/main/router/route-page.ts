/**
 * One page's connection: frames go by service name to the process that serves it, on a channel named after the page, and come
 * back as they are. When a host dies, everything the page had open on it ends with `shell/host-down`; nothing is left hanging.
 */
import type { Fault } from '#core/result.ts'
import { routes } from '#contract/registry.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import { protocolVersion, wireMessage, type WireMessage } from '#contract/rpc/wire.ts'
import type { HostName } from '#contract/services/shell.ts'

export type Target = HostName | 'main'

/** Opens a channel for `peer` to a process, or null while it is down. */
export type OpenChannel = (target: Target, peer: string) => Transport | null

type Request = Extract<WireMessage, { t: 'call' | 'sub' | 'open' }>

interface Open {
  readonly target: Target
  readonly kind: Request['t']
}

const hostDown = (target: Target): Fault => ({
  code: 'shell/host-down',
  message: `the ${target} host is not running`,
  data: { host: target },
})

const targetOf = (service: string): Target | null =>
  Object.hasOwn(routes, service) ? (routes[service] ?? null) : null

export function routePage(page: Transport, peer: string, openChannel: OpenChannel): void {
  const channels = new Map<Target, Transport>()
  const open = new Map<number, Open>()
  const post = (message: WireMessage): void => page.post(message)

  const refuse = (id: number, kind: Request['t'], fault: Fault): void =>
    post(kind === 'sub' ? { t: 'end', id, e: fault } : { t: 'err', id, e: fault })

  const onHostFrame = (raw: unknown): void => {
    const parsed = wireMessage.safeParse(raw)
    if (!parsed.success) return
    const message = parsed.data
    switch (message.t) {
      case 'ok':
      case 'err':
      case 'end':
        if (open.delete(message.id)) post(message)
        return
      case 'item':
      case 'took':
        if (open.has(message.id)) post(message)
        return
      default:
      // The page's handshake is with main; a host's own greeting ends here.
    }
  }

  const onHostGone = (target: Target, channel: Transport): void => {
    if (channels.get(target) !== channel) return
    channels.delete(target)
    for (const [id, entry] of open) {
      if (entry.target !== target) continue
      open.delete(id)
      refuse(id, entry.kind, hostDown(target))
    }
  }

  const channelTo = (target: Target): Transport | null => {
    const known = channels.get(target)
    if (known !== undefined) return known
    const channel = openChannel(target, peer)
    if (channel === null) return null
    channels.set(target, channel)
    channel.onMessage(onHostFrame)
    channel.onClose(() => onHostGone(target, channel))
    channel.post({ t: 'hello', v: protocolVersion })
    return channel
  }

  const onRequest = (message: Request): void => {
    const { id, t: kind } = message
    const target = targetOf(message.s)
    if (target === null)
      return refuse(id, kind, { code: 'contract/unknown-member', message: `no service ${message.s}` })
    if (open.has(id))
      return post({ t: 'err', id, e: { code: 'contract/invalid-request', message: `id ${id} is in use` } })
    const channel = channelTo(target)
    if (channel === null) return refuse(id, kind, hostDown(target))
    open.set(id, { target, kind })
    channel.post(message)
  }

  page.onMessage((raw) => {
    const parsed = wireMessage.safeParse(raw)
    if (!parsed.success) return
    const message = parsed.data
    switch (message.t) {
      case 'hello':
        post({ t: 'hello', v: protocolVersion })
        if (message.v !== protocolVersion) page.close()
        return
      case 'call':
      case 'sub':
      case 'open':
        onRequest(message)
        return
      case 'unsub':
      case 'cancel':
      case 'ack':
      case 'put':
      case 'fin': {
        const entry = open.get(message.id)
        if (entry === undefined) return
        if (message.t === 'unsub') open.delete(message.id)
        channels.get(entry.target)?.post(message)
        return
      }
      default:
      // Answers flow to a page, never from it.
    }
  })
  page.onClose(() => {
    const closing = [...channels.values()]
    channels.clear()
    open.clear()
    for (const channel of closing) channel.close()
  })
}
