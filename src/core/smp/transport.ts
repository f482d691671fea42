// What carries SMP bytes: Web Bluetooth, the in-page demo device, later a gateway or a serial line.

/** Why a transport ended or refused a write. */
export type LinkLoss = 'closed' | 'lost' | 'timeout' | 'busy' | 'refused'

/** Thrown by `write`; the SMP client turns it into a returned failure. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
  readonly loss: LinkLoss
  constructor(loss: LinkLoss, message: string, options?: ErrorOptions) {
    super(message, options)
    this.loss = loss
  }
}

/**
 * An ordered, lossy-at-disconnect byte pipe. An SMP message may be split over several writes and notifications
 * (MCUmgr over BLE has no framing); the client reassembles by the header's length.
 */
export interface ByteTransport {
  /** Largest `write` in bytes that is certain to work on this link. */
  readonly maxWrite: number
  /** Resolves when the link has taken the bytes; at most one write is under way at a time. Rejects with LinkError. */
  write(bytes: Uint8Array): Promise<void>
  /** Calls back for each notification, in order. Returns the unsubscribe. */
  onData(listener: (bytes: Uint8Array) => void): () => void
  /** Calls back once when the link is gone; at once if it already is. Returns the unsubscribe. */
  onClose(listener: (loss: LinkLoss) => void): () => void
  close(): Promise<void>
}

/** Time as an argument, so that core has no clock of its own. Times in milliseconds. */
export interface Timer {
  now(): number
  /** Calls `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void
}
