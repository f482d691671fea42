// SMP bytes through a gateway: one stream to it is one link to a device.
import { GATEWAY_WINDOW, type GatewayMessage, MAX_GATEWAY_DATA } from '../../core/gateway/message.ts'
import type { MessageStream } from '../../core/p2p/messageStream.ts'
import { LinkListeners } from '../../core/smp/linkListeners.ts'
import { type ByteTransport, LinkError, type LinkLoss } from '../../core/smp/transport.ts'

/** The gateway ends a client that says nothing; a device may be silent for as long as it likes. */
const SILENCE_MS = 24 * 60 * 60_000

/**
 * `maxWrite` is what the gateway takes in one message: it cuts that to what its radio carries. A write is done when no more
 * than a window of them is on the way, so that who writes keeps the radio's pace.
 */
export class GatewayTransport implements ByteTransport {
  readonly maxWrite = MAX_GATEWAY_DATA
  readonly #stream: MessageStream<GatewayMessage>
  readonly #listeners = new LinkListeners()
  readonly #levels: ((percent: number | null) => void)[] = []
  #onTheWay = 0
  #wake: (() => void)[] = []

  /** `stream` has just been told `opened`. */
  constructor(stream: MessageStream<GatewayMessage>) {
    this.#stream = stream
    void this.#read()
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#check()
    if (bytes.length > this.maxWrite) {
      throw new LinkError('refused', `${bytes.length} bytes, a gateway takes ${this.maxWrite}`)
    }
    if (bytes.length === 0) return
    this.#onTheWay++
    const sent = await this.#stream.send({ kind: 'data', bytes: Uint8Array.from(bytes) })
    if (!sent.ok) this.#end('lost')
    this.#check()
    while (this.#onTheWay >= GATEWAY_WINDOW) {
      await new Promise<void>(resolve => this.#wake.push(resolve))
      this.#check()
    }
  }

  /** Percent; null where the device has no battery that it tells of, and where the link ends before. */
  async batteryLevel(): Promise<number | null> {
    if (this.#listeners.loss !== undefined) return null
    const asked = new Promise<number | null>(resolve => this.#levels.push(resolve))
    await this.#stream.send({ kind: 'battery' })
    return asked
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener)
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    return this.#listeners.onClose(listener)
  }

  async close(): Promise<void> {
    if (this.#listeners.loss !== undefined) return
    this.#end('closed')
    await this.#stream.close()
  }

  #check(): void {
    const { loss } = this.#listeners
    if (loss !== undefined) throw new LinkError(loss, `the link through the gateway ended (${loss})`)
  }

  async #read(): Promise<void> {
    while (this.#listeners.loss === undefined) {
      const received = await this.#stream.receive(SILENCE_MS)
      if (!received.ok) return this.#end('lost')
      const message = received.value
      switch (message.kind) {
        case 'data':
          this.#listeners.deliver(message.bytes)
          break
        case 'taken':
          this.#onTheWay = Math.max(0, this.#onTheWay - 1)
          this.#wakeAll()
          break
        case 'level':
          this.#levels.shift()?.(message.percent)
          break
        case 'ended':
          this.#end(message.ending === 'closed' ? 'lost' : message.ending)
          void this.#stream.close()
          return
        default:
          this.#end('lost')
          return this.#stream.abort(`${message.kind} in the midst of a link`)
      }
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  #end(loss: LinkLoss): void {
    this.#listeners.end(loss, () => {
      this.#wakeAll()
      for (const resolve of this.#levels.splice(0)) resolve(null)
    })
  }
}
