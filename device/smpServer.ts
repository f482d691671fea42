// An SMP server as Zephyr's (subsys/mgmt/mcumgr/smp/src/smp.c): reassembly, a queue, and answers in the order of requests.
import { Reassembler, SMP_HEADER_LENGTH, type SmpMessage } from '../src/core/smp/message.ts'
import type { Timer } from '../src/core/smp/transport.ts'
import { answerSmp, type SmpDispatchOptions } from './smpDispatch.ts'

export interface SmpServerOptions extends SmpDispatchOptions {
  /** Bytes of the longest message that is taken or sent, header included. */
  readonly bufSize: number
  /** Messages that can wait; more are lost, as when Zephyr has no net_buf left. */
  readonly bufCount: number
  /** Time that each request takes, milliseconds. */
  readonly requestMs: number
  readonly timer: Timer
}

/** Serves one connection. Requests are handled one at a time, in order, each in its own turn of the timer. */
export class SmpServer {
  readonly #options: SmpServerOptions
  readonly #send: (message: Uint8Array) => void
  readonly #reassembler: Reassembler
  readonly #queue: SmpMessage[] = []
  #cancel: (() => void) | undefined

  constructor(options: SmpServerOptions, send: (message: Uint8Array) => void) {
    this.#options = options
    this.#send = send
    this.#reassembler = new Reassembler(options.bufSize - SMP_HEADER_LENGTH)
  }

  /** Takes a fragment. What is no SMP is dropped without a word, as by Zephyr's reassembly. */
  receive(fragment: Uint8Array): void {
    const result = this.#reassembler.push(fragment)
    const messages = result.ok ? result.value : result.error.complete
    for (const message of messages) {
      if (this.#queue.length < this.#options.bufCount) this.#queue.push(message)
    }
    this.#next(this.#options.requestMs)
  }

  /** Ends the connection: nothing is handled or sent any more. */
  close(): void {
    this.#queue.length = 0
    this.#cancel?.()
    this.#reassembler.reset()
  }

  #next(delayMs: number): void {
    if (this.#cancel || this.#queue.length === 0) return
    this.#cancel = this.#options.timer.after(delayMs, () => {
      const [request] = this.#queue
      if (!request) return
      const answer = answerSmp(request, this.#options)
      // The request's buffer is in use until the answer is out, so it counts against bufCount until then.
      this.#cancel = this.#options.timer.after(answer?.busyMs ?? 0, () => {
        this.#queue.shift()
        this.#cancel = undefined
        if (answer) this.#send(answer.message)
        this.#next(this.#options.requestMs)
      })
    })
  }
}
