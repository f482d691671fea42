// A link with a device at its other end that answers as a test says, and with the faults that the test asks for.
import type { CborMap } from '../../../src/core/smp/cbor.ts'
import { decodeCborMap, encodeCbor } from '../../../src/core/smp/cbor.ts'
import { encodeMessage, Reassembler, responseTo, type SmpMessage } from '../../../src/core/smp/message.ts'
import { type ByteTransport, LinkError, type LinkLoss, type Timer } from '../../../src/core/smp/transport.ts'

export interface ReceivedRequest {
  readonly message: SmpMessage
  readonly body: CborMap
}

/** What a device does with a request: a body is answered with it; bytes go back as they are; undefined is silence. */
export type Script = (request: ReceivedRequest, link: ScriptedLink) => CborMap | Uint8Array[] | undefined

export interface LinkOptions {
  readonly timer: Timer
  readonly script: Script
  readonly maxWrite?: number
  /** Bytes per notification; default 20. */
  readonly notification?: number
  /** Milliseconds from a request's last byte to the answer; default 3. */
  readonly delay?: number
  /** Called for each write before it arrives; what it returns arrives. May throw a LinkError, or never resolve. */
  readonly onWrite?: (
    bytes: Uint8Array,
    count: number,
    link: ScriptedLink,
  ) => Promise<Uint8Array> | Uint8Array
}

export class ScriptedLink implements ByteTransport {
  readonly maxWrite: number
  readonly requests: ReceivedRequest[] = []
  readonly writes: Uint8Array[] = []
  writesUnderWay = 0
  overlapped = false
  private readonly options: LinkOptions
  private readonly data = new Set<(bytes: Uint8Array) => void>()
  private readonly closes = new Set<(loss: LinkLoss) => void>()
  private readonly incoming = new Reassembler(0xffff)
  private loss: LinkLoss | undefined

  constructor(options: LinkOptions) {
    this.options = options
    this.maxWrite = options.maxWrite ?? 20
  }

  get listeners(): number {
    return this.data.size + this.closes.size
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.loss) throw new LinkError(this.loss, 'the link is gone')
    if (this.writesUnderWay > 0) this.overlapped = true
    this.writesUnderWay++
    try {
      this.writes.push(bytes)
      const arriving = (await this.options.onWrite?.(bytes, this.writes.length, this)) ?? bytes
      if (this.loss) throw new LinkError(this.loss, 'the link went')
      const pushed = this.incoming.push(arriving)
      for (const message of pushed.ok ? pushed.value : pushed.error.complete) this.receive(message)
    } finally {
      this.writesUnderWay--
    }
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.data.add(listener)
    return () => this.data.delete(listener)
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    if (this.loss) {
      listener(this.loss)
      return () => {}
    }
    this.closes.add(listener)
    return () => this.closes.delete(listener)
  }

  async close(): Promise<void> {
    this.cut('closed')
  }

  cut(loss: LinkLoss): void {
    if (this.loss) return
    this.loss = loss
    for (const listener of [...this.closes]) listener(loss)
  }

  after(ms: number, task: () => void): void {
    this.options.timer.after(ms, task)
  }

  /** Sends bytes to the central in notifications. */
  notify(bytes: Uint8Array): void {
    const size = this.options.notification ?? 20
    for (let at = 0; at < bytes.length; at += size) {
      if (this.loss) return
      for (const listener of [...this.data]) listener(bytes.slice(at, at + size))
    }
  }

  reply(request: ReceivedRequest, body: CborMap, change: Partial<SmpMessage> = {}): void {
    this.notify(answerBytes(request, body, change))
  }

  private receive(message: SmpMessage): void {
    const body = decodeCborMap(message.payload)
    if (!body.ok) throw new Error(`the client sent ${body.error.detail}`)
    const request = { message, body: body.value }
    this.requests.push(request)
    const answer = this.options.script(request, this)
    if (answer === undefined) return
    this.options.timer.after(this.options.delay ?? 3, () => {
      if (Array.isArray(answer)) for (const bytes of answer) this.notify(bytes)
      else this.reply(request, answer)
    })
  }
}

export function answerBytes(
  request: ReceivedRequest,
  body: CborMap,
  change: Partial<SmpMessage> = {},
): Uint8Array {
  return encodeMessage({ ...responseTo(request.message, encodeCbor(body)), ...change })
}
