// One connection between a central and the device: the central's end is a ByteTransport, the device's end is this class.
import type { Bytes } from '../src/core/bytes.ts'
import { LinkListeners } from '../src/core/smp/linkListeners.ts'
import { type ByteTransport, LinkError, type LinkLoss, type Timer } from '../src/core/smp/transport.ts'

export interface LinkOptions {
  readonly timer: Timer
  /** Bytes of the longest write and notification (ATT MTU less 3). */
  readonly maxWrite: number
  /** Time that a write takes, milliseconds. */
  readonly writeMs: number
  readonly onReceive: (fragment: Bytes) => void
  readonly onClosed: (loss: LinkLoss) => void
}

export class Link {
  readonly #options: LinkOptions
  readonly #listeners = new LinkListeners()
  /** Rejects the write that is under way. */
  #abortWrite: ((loss: LinkLoss) => void) | undefined

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** The device notifies: the message goes out in fragments of at most `maxWrite` bytes, in order, each in its own turn. */
  send(message: Uint8Array): void {
    for (let at = 0; at < message.length; at += this.#options.maxWrite) {
      const fragment = message.slice(at, at + this.#options.maxWrite)
      this.#options.timer.after(0, () => {
        if (this.#listeners.loss === undefined) this.#listeners.deliver(fragment)
      })
    }
  }

  /** Ends the connection; what was under way is lost. */
  end(loss: LinkLoss): void {
    this.#listeners.end(loss, () => {
      this.#abortWrite?.(loss)
      this.#options.onClosed(loss)
    })
  }

  /** What the central holds. */
  central(): ByteTransport {
    return {
      maxWrite: this.#options.maxWrite,
      write: bytes => this.#write(Uint8Array.from(bytes)),
      onData: listener => this.#listeners.onData(listener),
      onClose: listener => this.#listeners.onClose(listener),
      close: async () => this.end('closed'),
    }
  }

  async #write(fragment: Bytes): Promise<void> {
    const { loss } = this.#listeners
    if (loss !== undefined) throw new LinkError(loss, 'the link is gone')
    if (this.#abortWrite) throw new LinkError('busy', 'a write is under way')
    if (fragment.length > this.#options.maxWrite) {
      throw new LinkError('refused', `${fragment.length} bytes, the link takes ${this.#options.maxWrite}`)
    }
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#options.timer.after(this.#options.writeMs, () => {
        this.#abortWrite = undefined
        this.#options.onReceive(fragment)
        resolve()
      })
      this.#abortWrite = loss => {
        cancel()
        this.#abortWrite = undefined
        reject(new LinkError(loss, 'the link was lost during a write'))
      }
    })
  }
}
