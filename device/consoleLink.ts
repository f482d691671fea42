// SMP over the device's console: lines in, lines out, around the one connection that the device takes at a time.
import { ConsoleReader, encodeConsolePacket } from '../src/core/smp/consoleFrames.ts'
import { encodeMessage, Reassembler } from '../src/core/smp/message.ts'
import type { ByteTransport, Timer } from '../src/core/smp/transport.ts'

export interface ConsoleLinkOptions {
  /** Rejects with LinkError while the device restarts, or is connected over the radio. */
  readonly device: { connect(): Promise<ByteTransport> }
  readonly timer: Timer
  /** Prints on the console. */
  readonly print: (lines: Uint8Array) => void
  /** Bytes of the longest packet that is taken; default 4,096. */
  readonly longest?: number
  /** Milliseconds of silence after which the radio may have the device again, for a cable tells no end; default 15,000. */
  readonly idleMs?: number
}

/** A console has no connections: the first packet begins one, and silence ends it. */
export class ConsoleLink {
  readonly #options: ConsoleLinkOptions
  readonly #reader: ConsoleReader
  #link: ByteTransport | undefined
  #tasks: Promise<void> = Promise.resolve()
  #cancelIdle = () => {}

  constructor(options: ConsoleLinkOptions) {
    this.#options = options
    this.#reader = new ConsoleReader(options.longest ?? 4_096)
  }

  /** Bytes from the console, in pieces of any size. What is no packet is dropped without a word, as by Zephyr. */
  receive(bytes: Uint8Array): void {
    for (const packet of this.#reader.push(bytes).packets) {
      this.#tasks = this.#tasks.then(() => this.#take(packet))
    }
  }

  async close(): Promise<void> {
    this.#cancelIdle()
    this.#reader.reset()
    await this.#link?.close()
  }

  async #take(packet: Uint8Array): Promise<void> {
    try {
      const link = this.#link ?? (await this.#connect())
      this.#awaitNext()
      for (let at = 0; at < packet.length; at += link.maxWrite) {
        await link.write(packet.subarray(at, at + link.maxWrite))
      }
    } catch {
      // It restarts, or somebody else is connected: whoever asks gets no answer, and asks again.
    }
  }

  async #connect(): Promise<ByteTransport> {
    const link = await this.#options.device.connect()
    const answers = new Reassembler(0xffff)
    this.#link = link
    link.onData(bytes => {
      const cut = answers.push(bytes)
      for (const message of cut.ok ? cut.value : cut.error.complete) {
        this.#options.print(encodeConsolePacket(encodeMessage(message)))
      }
    })
    link.onClose(() => {
      this.#cancelIdle()
      if (this.#link === link) this.#link = undefined
    })
    return link
  }

  #awaitNext(): void {
    this.#cancelIdle()
    this.#cancelIdle = this.#options.timer.after(
      this.#options.idleMs ?? 15_000,
      () => void this.#link?.close(),
    )
  }
}
