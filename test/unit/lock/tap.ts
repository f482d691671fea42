// A man in the middle: sees whole SMP messages in both directions, and may change, drop, repeat or add some.
import { encodeMessage, Reassembler, type SmpMessage } from '../../../src/core/smp/message.ts'
import type { ByteTransport } from '../../../src/core/smp/transport.ts'

/** What is passed on in place of a message. */
export type Meddle = (message: SmpMessage) => readonly SmpMessage[]

export class Tap implements ByteTransport {
  readonly maxWrite: number
  readonly #inner: ByteTransport
  readonly #outgoing = new Reassembler(0xffff)
  readonly #incoming = new Reassembler(0xffff)
  readonly sent: SmpMessage[] = []
  readonly received: SmpMessage[] = []
  toDevice: Meddle = message => [message]
  toPhone: Meddle = message => [message]

  constructor(inner: ByteTransport) {
    this.#inner = inner
    this.maxWrite = inner.maxWrite
  }

  async write(bytes: Uint8Array): Promise<void> {
    const pushed = this.#outgoing.push(bytes)
    if (!pushed.ok) throw new Error(pushed.error.detail)
    for (const message of pushed.value) {
      this.sent.push(message)
      for (const passed of this.toDevice(message)) await this.inject(passed)
    }
  }

  /** A message of the man in the middle's own. */
  async inject(message: SmpMessage): Promise<void> {
    const bytes = encodeMessage(message)
    for (let at = 0; at < bytes.length; at += this.maxWrite) {
      await this.#inner.write(bytes.slice(at, at + this.maxWrite))
    }
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.#inner.onData(bytes => {
      const pushed = this.#incoming.push(bytes)
      if (!pushed.ok) throw new Error(pushed.error.detail)
      for (const message of pushed.value) {
        this.received.push(message)
        for (const passed of this.toPhone(message)) listener(encodeMessage(passed))
      }
    })
  }

  onClose(listener: Parameters<ByteTransport['onClose']>[0]): () => void {
    return this.#inner.onClose(listener)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }
}
