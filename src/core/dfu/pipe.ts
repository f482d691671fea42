// What the updaters that have characteristics of their own talk over, and how a conversation on it ends.
import type { Failure } from '../result.ts'
import { LinkError, type LinkLoss, type Timer } from '../smp/transport.ts'

/** One characteristic: writes as its profile wants them, and what it notifies. */
export interface Pipe {
  /** Resolves when the link has taken the bytes; writes of one link never overlap. Rejects with LinkError. */
  write(bytes: Uint8Array): Promise<void>
  /** Calls back for each notification, in order. Returns the unsubscribe. */
  onData(listener: (bytes: Uint8Array) => void): () => void
}

export type PipeFailure =
  | { readonly kind: 'linkLost'; readonly loss: LinkLoss; readonly detail: string }
  | { readonly kind: 'timeout'; readonly detail: string }
  | { readonly kind: 'cancelled' }

/** Ends a driver's run from within; its outermost function makes a returned failure of it. */
export class Ended<F extends Failure> extends Error {
  override readonly name = 'Ended'
  readonly failure: F
  constructor(failure: F) {
    super(failure.kind)
    this.failure = failure
  }
}

/** What a rejected write means; an exception of another kind is a bug, and goes on as one. */
export function asLinkLost(error: unknown): PipeFailure {
  if (!(error instanceof LinkError)) throw error
  return { kind: 'linkLost', loss: error.loss, detail: error.message }
}

/** Notifications as a queue: none is missed between two waits. Closed when its driver's run ends. */
export class Inbox {
  readonly #received: Uint8Array[] = []
  readonly #timer: Timer
  readonly #stops: readonly (() => void)[]
  #lost: LinkLoss | null = null
  #wake: (() => void) | null = null

  constructor(pipe: Pipe, onClose: (listener: (loss: LinkLoss) => void) => () => void, timer: Timer) {
    this.#timer = timer
    this.#stops = [
      pipe.onData(bytes => {
        this.#received.push(bytes)
        this.#wake?.()
      }),
      onClose(loss => {
        this.#lost = loss
        this.#wake?.()
      }),
    ]
  }

  /** Forgets what came and was not waited for. */
  clear(): void {
    this.#received.length = 0
  }

  /** The next notification that came already; undefined if none did. */
  poll(): Uint8Array | undefined {
    return this.#received.shift()
  }

  /** The next notification; undefined after `ms`. Throws Ended when the link goes. */
  async next(ms: number): Promise<Uint8Array | undefined> {
    if (this.#received.length === 0 && this.#lost === null) {
      await new Promise<void>(resolve => {
        const cancel = this.#timer.after(ms, resolve)
        this.#wake = () => {
          cancel()
          resolve()
        }
      })
      this.#wake = null
    }
    const received = this.#received.shift()
    if (received === undefined && this.#lost !== null) {
      throw new Ended<PipeFailure>({
        kind: 'linkLost',
        loss: this.#lost,
        detail: 'while an answer was waited for',
      })
    }
    return received
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }
}
