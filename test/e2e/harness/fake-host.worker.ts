/** The fake hosts in a worker of their own, as real hosts are processes of their own: a stalled page does not stall them. */
import type { Transport } from '#contract/rpc/transport.ts'
import { serve } from '#contract/rpc/serve.ts'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { FakeCaptureHost } from '#test/fakes/fake-capture-host.ts'
import type { HostCommand, HostReply } from './host-messages.ts'

/** The rig's clock is not the page's; the worker under test has to find out by how much. */
const offsetUs = 987_654_321
const transports: Transport[] = []
const host = new FakeCaptureHost(() => performance.now() * 1000 + offsetUs)

addEventListener('message', (event: MessageEvent<HostCommand>) => {
  const command = event.data
  const reply = (value: HostReply): void => postMessage(value)
  switch (command.t) {
    case 'port': {
      const transport = messagePortTransport(command.port)
      transports.push(transport)
      serve(host.services(), transport, 'page')
      return
    }
    case 'hang-up':
      for (const transport of transports.splice(0)) transport.close()
      return
    case 'order':
      host.order(command.order)
      return
    case 'freeze':
      host.arePosesFrozen = command.isOn
      return
    case 'delay':
      host.takeDelayMs = command.ms
      return
    case 'look':
      reply({ nowUs: host.nowUs(), capturers: host.capturers, videos: host.videos })
      return
    case 'forget':
      host.videos.length = 0
      return
  }
})
