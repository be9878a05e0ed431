/** Whether a wanted picture can be reached by going on where decoding stands, or only from its key picture. */

export interface DecodePosition {
  /** Decode-order number of the packet that would be fed next; null when the decoder is empty. */
  readonly next: number | null
  /** Of the wanted picture's key packet. */
  readonly key: number
  /** Of the wanted picture's own packet. */
  readonly wanted: number
}

/** Going on is right when the wanted packet was not fed yet and no key packet lies between that could be jumped to. */
export function planDecode({ next, key, wanted }: DecodePosition): 'continue' | 'restart' {
  return next !== null && next <= wanted && key <= next ? 'continue' : 'restart'
}
