// Who listens to a link, and how it ended: what every ByteTransport does alike.
import type { ByteTransport, LinkLoss } from './transport.ts'

export class LinkListeners implements Pick<ByteTransport, 'onData' | 'onClose'> {
  readonly #data = new Set<(bytes: Uint8Array) => void>()
  readonly #close = new Set<(loss: LinkLoss) => void>()
  #loss: LinkLoss | undefined

  /** undefined while it has not ended. */
  get loss(): LinkLoss | undefined {
    return this.#loss
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return subscribe(this.#data, listener)
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    if (this.#loss === undefined) return subscribe(this.#close, listener)
    listener(this.#loss)
    return () => {}
  }

  deliver(bytes: Uint8Array): void {
    for (const listener of [...this.#data]) listener(bytes)
  }

  /** The first end counts. `before` is done when `loss` is known and nobody has heard of it yet. */
  end(loss: LinkLoss, before: () => void = () => {}): void {
    if (this.#loss !== undefined) return
    this.#loss = loss
    before()
    for (const listener of [...this.#close]) listener(loss)
    this.#data.clear()
    this.#close.clear()
  }
}

function subscribe<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): () => void {
  // Wrapped, so that the same function can listen twice.
  const entry = (value: T) => listener(value)
  listeners.add(entry)
  return () => listeners.delete(entry)
}
