// Blocks for nothing: the taker's side of /fob/serve/1.0.0. Many requests are under way; answers come in their order.
import type { CID } from 'multiformats/cid'
import { type Failure, fail, ok, type Result } from '../result.ts'
import type { Timer } from '../smp/transport.ts'
import type { ServeMessage } from '../voucher/serveMessage.ts'
import type { MessageStream } from './messageStream.ts'

type TakeFailure =
  /** It has no such block, or none for nothing: the stream goes on. */
  | { readonly kind: 'notHere' | 'notFree'; readonly detail: string }
  /** It sent more than the block can have, or what is no answer: the stream is ended. */
  | { readonly kind: 'wrongAnswer'; readonly detail: string }
  /** The stream ended, by whichever side, before the answer came. */
  | { readonly kind: 'takeEnded'; readonly detail: string }

export interface BlockTaker {
  /** What it says that the block is, of at most `maxBytes`: to be compared with the CID. */
  get(cid: CID, maxBytes: number): Promise<Result<Uint8Array, TakeFailure>>
  isEnded(): boolean
  /** Ends the stream, and with it what is still to come. */
  end(why: string): void
}

export interface TakerTimes {
  /** Milliseconds from one answer to the next, while some are to come. */
  readonly answer: number
  /** Milliseconds without a request after which the stream is closed. */
  readonly idle: number
}

interface Waiting {
  readonly maxBytes: number
  settle(result: Result<Uint8Array, TakeFailure>): void
}

export function takeOver(
  stream: MessageStream<ServeMessage>,
  timer: Timer,
  { answer, idle }: TakerTimes,
): BlockTaker {
  const waiting: Waiting[] = []
  let isReading = false
  let isEnded = false
  let cancelIdle = timer.after(idle, close)

  function close(): void {
    isEnded = true
    void stream.close()
  }

  function end(failure: TakeFailure): void {
    isEnded = true
    for (const { settle } of waiting.splice(0)) settle(fail(failure))
  }

  async function read(): Promise<void> {
    isReading = true
    while (waiting.length > 0) {
      const received = await stream.receive(answer)
      if (!received.ok) end({ kind: 'takeEnded', detail: reasonOf(received.error) })
      else take(received.value)
    }
    isReading = false
    if (!isEnded) cancelIdle = timer.after(idle, close)
  }

  function take(message: ServeMessage): void {
    const first = waiting.shift()
    if (first === undefined) return
    if (message.kind === 'given' && message.bytes.length <= first.maxBytes) {
      first.settle(ok(message.bytes))
    } else if (message.kind === 'refusal' && message.refusal === 'notHere') {
      first.settle(fail({ kind: 'notHere', detail: 'does not have it' }))
    } else if (message.kind === 'refusal' && message.refusal === 'notFree') {
      first.settle(fail({ kind: 'notFree', detail: 'has it for vouchers alone' }))
    } else if (message.kind === 'refusal') {
      waiting.unshift(first)
      end({ kind: 'takeEnded', detail: `${message.refusal}: ${message.detail}` })
      void stream.close()
    } else {
      const detail =
        message.kind === 'given' ? `a block of ${message.bytes.length} bytes` : `${message.kind} is no answer`
      first.settle(fail({ kind: 'wrongAnswer', detail }))
      // The others may have been asked of a liar: they are asked elsewhere.
      end({ kind: 'takeEnded', detail })
      stream.abort(detail)
    }
  }

  return {
    isEnded: () => isEnded,
    end(why) {
      if (isEnded) return
      cancelIdle()
      end({ kind: 'takeEnded', detail: why })
      stream.abort(why)
    },
    get(cid, maxBytes) {
      if (isEnded) return Promise.resolve(fail({ kind: 'takeEnded', detail: 'the stream has ended' }))
      cancelIdle()
      return new Promise(settle => {
        waiting.push({ maxBytes, settle })
        void stream.send({ kind: 'get', cid: cid.bytes }).then(sent => {
          if (!sent.ok) end({ kind: 'takeEnded', detail: reasonOf(sent.error) })
        })
        if (!isReading) void read()
      })
    },
  }
}

const reasonOf = ({ kind, detail }: Failure): string => (detail === undefined ? kind : `${kind}: ${detail}`)
