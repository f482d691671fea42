// SMP bytes over a serial port: each message goes out as a packet of console lines, and packets come out of the log around them.
import { ConsoleReader, encodeConsolePacket } from '../../core/smp/consoleFrames.ts'
import { LinkListeners } from '../../core/smp/linkListeners.ts'
import { encodeMessage, Reassembler } from '../../core/smp/message.ts'
import { type ByteTransport, LinkError, type LinkLoss } from '../../core/smp/transport.ts'

/** What is used of a Web Serial port that is open. */
export interface OpenPort {
  readonly readable: ReadableStream<Uint8Array> | null
  readonly writable: WritableStream<Uint8Array> | null
  close(): Promise<void>
}

/** Bytes of the longest SMP message: what a console's packet can name. */
const LONGEST_MESSAGE = 0xffff - 2
const MAX_WRITE = 4_096

export class SerialTransport implements ByteTransport {
  /** Any size works, for lines are cut by their own rule. */
  readonly maxWrite = MAX_WRITE
  readonly #port: OpenPort
  readonly #writer: WritableStreamDefaultWriter<Uint8Array> | undefined
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #lines = new ConsoleReader()
  readonly #outgoing = new Reassembler(LONGEST_MESSAGE - 8)
  readonly #listeners = new LinkListeners()
  #closing: Promise<void> | undefined

  constructor(port: OpenPort) {
    this.#port = port
    this.#writer = port.writable?.getWriter()
    this.#reader = port.readable?.getReader()
    // Its own end; what was under way rejects where it is awaited.
    this.#writer?.closed.catch(() => this.#end('lost'))
    void this.#read()
  }

  /** A message goes out when it is whole; bytes that can't be one are dropped, as the device would drop them. */
  async write(bytes: Uint8Array): Promise<void> {
    const { loss } = this.#listeners
    if (loss !== undefined) throw new LinkError(loss, `the cable's link ended (${loss})`)
    if (bytes.length > MAX_WRITE)
      throw new LinkError('refused', `${bytes.length} bytes, more than ${MAX_WRITE}`)
    const cut = this.#outgoing.push(bytes)
    for (const message of cut.ok ? cut.value : cut.error.complete) {
      try {
        await this.#writer?.write(encodeConsolePacket(encodeMessage(message)))
      } catch (error) {
        this.#end('lost')
        throw new LinkError('lost', error instanceof Error ? error.message : String(error), { cause: error })
      }
    }
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener)
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    return this.#listeners.onClose(listener)
  }

  /** Resolves when the port may be opened again. */
  close(): Promise<void> {
    this.#end('closed')
    this.#closing ??= this.#letGo()
    return this.#closing
  }

  async #letGo(): Promise<void> {
    await this.#reader?.cancel().catch(() => undefined)
    this.#reader?.releaseLock()
    await this.#writer?.abort().catch(() => undefined)
    this.#writer?.releaseLock()
    // A port that was unplugged is closed already.
    await this.#port.close().catch(() => undefined)
  }

  async #read(): Promise<void> {
    try {
      while (this.#listeners.loss === undefined) {
        const piece = await this.#reader?.read()
        if (piece?.value === undefined) break
        for (const packet of this.#lines.push(piece.value).packets) {
          this.#listeners.deliver(packet)
        }
      }
    } catch {
      // The cable was pulled, or the line failed: said below.
    }
    this.#end('lost')
  }

  #end(loss: LinkLoss): void {
    this.#listeners.end(loss)
  }
}
