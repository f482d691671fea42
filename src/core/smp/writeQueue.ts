// One write at a time: messages go out whole and in order, cut to what the link takes in one write.
import { type ByteTransport, LinkError, type Timer } from './transport.ts'

export interface QueuedWrite {
  readonly message: Uint8Array
  readonly writeSize: number
  /** Bytes given to the transport so far; an answer can come from the moment that this is all of them. */
  handedOver: number
  /** The transport took the last byte. */
  readonly onDone: () => void
  /** The transport refused, and the device got nothing of it: later messages still go out. */
  readonly onRefused: (error: LinkError) => void
}

export class WriteQueue {
  private readonly transport: ByteTransport
  private readonly timer: Timer
  private readonly limitMs: number
  private readonly onBroken: (error: unknown) => void
  private readonly waiting: QueuedWrite[] = []
  private isRunning = false
  private isClosed = false

  /**
   * `limitMs` bounds each single write. `onBroken` is called once, when the link can't be used any more: it is gone, a
   * write never ended, or a message broke off (whatever is written next, the device would take for the rest of it).
   */
  constructor(transport: ByteTransport, timer: Timer, limitMs: number, onBroken: (error: unknown) => void) {
    this.transport = transport
    this.timer = timer
    this.limitMs = limitMs
    this.onBroken = onBroken
  }

  add(write: QueuedWrite): void {
    this.waiting.push(write)
    if (!this.isRunning) void this.run()
  }

  /** Takes a message out, unless it has begun: then it must go out whole. */
  drop(write: QueuedWrite): void {
    const at = this.waiting.indexOf(write)
    if (at >= 0) this.waiting.splice(at, 1)
  }

  close(): void {
    this.isClosed = true
    this.waiting.length = 0
  }

  private async run(): Promise<void> {
    this.isRunning = true
    for (let write = this.waiting.shift(); write && !this.isClosed; write = this.waiting.shift()) {
      try {
        await this.writeOut(write)
      } catch (error) {
        if (this.isClosed) break
        if (error instanceof LinkError && isUntouched(write, error)) {
          write.onRefused(error)
        } else {
          this.close()
          this.onBroken(error)
        }
      }
    }
    this.isRunning = false
  }

  private async writeOut(write: QueuedWrite): Promise<void> {
    while (write.handedOver < write.message.length && !this.isClosed) {
      const fragment = write.message.subarray(write.handedOver, write.handedOver + write.writeSize)
      write.handedOver += fragment.length
      await this.withLimit(this.transport.write(fragment))
    }
    if (!this.isClosed) write.onDone()
  }

  private withLimit(written: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.timer.after(this.limitMs, () =>
        reject(new LinkError('timeout', `a write did not end in ${this.limitMs} ms`)),
      )
      written.then(resolve, reject).finally(stop)
    })
  }
}

/** Whether the device can't have got a part of the message. */
function isUntouched(write: QueuedWrite, error: LinkError): boolean {
  if (error.loss !== 'busy' && error.loss !== 'refused') return false
  return write.handedOver <= write.writeSize
}
