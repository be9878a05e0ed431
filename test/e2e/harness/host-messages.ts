/** What a harness page asks of the fake hosts in their worker. */
import type { CaptureOrder } from '#contract/services/record.ts'
import type { ReceivedVideo } from '#test/fakes/fake-capture-host.ts'

export type HostCommand =
  | { readonly t: 'port'; readonly port: MessagePort }
  | { readonly t: 'order'; readonly order: CaptureOrder }
  | { readonly t: 'freeze'; readonly isOn: boolean }
  | { readonly t: 'delay'; readonly ms: number }
  /** As when a host or the network is gone. */
  | { readonly t: 'hang-up' }
  | { readonly t: 'look' }
  | { readonly t: 'forget' }

export interface HostReply {
  readonly nowUs: number
  readonly capturers: number
  readonly videos: readonly ReceivedVideo[]
}
