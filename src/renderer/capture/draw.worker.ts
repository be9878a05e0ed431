/**
 * Entry of the drawing worker. Drawing without a graphics card blocks its thread for most of a frame's time; here it blocks
 * nothing else, so that poses, acknowledgements and encoders are served meanwhile.
 */
import type { FromDraw, ToDraw } from './draw-messages.ts'
import { VirtualRenderer } from './virtual-renderer.ts'

let renderer: VirtualRenderer | null = null

function answer(message: ToDraw): FromDraw {
  if (message.t === 'draw')
    return { t: 'drawn', pictures: renderer?.render(message.pose, message.timestampUs) ?? [] }
  renderer?.[Symbol.dispose]()
  const created = VirtualRenderer.create(message.world, message.cameras)
  renderer = created.ok ? created.value : null
  return { t: 'world', fault: created.ok ? null : created.error }
}

addEventListener('message', (event: MessageEvent<ToDraw>) => {
  const reply = answer(event.data)
  postMessage(reply, { transfer: reply.t === 'drawn' ? reply.pictures.map(({ frame }) => frame) : [] })
})
