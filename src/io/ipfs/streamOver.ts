// A libp2p stream over another one, as what Noise makes of a connection: it ends when that one ends.
import type { AbortOptions, MessageStream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { AbstractMessageStream } from '@libp2p/utils'

export abstract class StreamOver extends AbstractMessageStream {
  protected readonly under: MessageStream

  constructor(under: MessageStream) {
    super({
      log: under.log,
      direction: under.direction,
      inactivityTimeout: under.inactivityTimeout,
      maxReadBufferLength: under.maxReadBufferLength,
    })
    this.under = under
    under.addEventListener('message', this.#onMessage)
    under.addEventListener('drain', this.#onDrain)
    under.addEventListener('remoteCloseWrite', this.#onRemoteCloseWrite)
    under.addEventListener('close', this.#onClose)
  }

  /** Something came from the stream below. */
  protected abstract received(data: Uint8Array): void

  /** Does it when everything that has come was passed on. */
  protected abstract afterwards(task: () => void): void

  /** Hears no more of the stream below, which stays as it is. */
  protected letGo(): void {
    this.under.removeEventListener('message', this.#onMessage)
    this.under.removeEventListener('drain', this.#onDrain)
    this.under.removeEventListener('remoteCloseWrite', this.#onRemoteCloseWrite)
    this.under.removeEventListener('close', this.#onClose)
  }

  override close(options?: AbortOptions): Promise<void> {
    return this.under.close(options)
  }

  override sendPause(): void {
    this.under.pause()
  }

  override sendResume(): void {
    this.under.resume()
  }

  override sendReset(error: Error): void {
    this.under.abort(error)
  }

  readonly #onMessage = ({ data }: StreamMessageEvent) => this.received(data.subarray())
  readonly #onDrain = () => void this.safeDispatchEvent('drain')
  readonly #onRemoteCloseWrite = () => this.afterwards(() => this.onRemoteCloseWrite())
  readonly #onClose = ({ error, local }: StreamCloseEvent) =>
    this.afterwards(() => {
      if (error === undefined) this.onTransportClosed()
      else if (local === true) this.abort(error)
      else this.onRemoteReset()
    })
}
