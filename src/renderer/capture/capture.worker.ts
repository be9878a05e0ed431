/** Entry of the capture worker. It has its own line to the hosts, so that a stalled page never disturbs a take. */
import { CaptureSession } from './capture-session.ts'
import type { ToWorker } from './worker-messages.ts'

const session = new CaptureSession((message) => postMessage(message))
addEventListener('message', (event: MessageEvent<ToWorker>) => session.receive(event.data))
