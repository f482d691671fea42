// Signed orders between peers: one stream for one order, one message each way, however many strangers try.
import { type MessageStream, messageStream, type RawStream } from '../p2p/messageStream.ts'
import { type Failure, fail, ok, type Result } from '../result.ts'
import type { Timer } from '../smp/transport.ts'
import {
  decodeOrderMessage,
  encodeOrderMessage,
  MAX_ORDER_MESSAGE,
  type OrderAnswer,
  type OrderMessage,
} from './orderMessage.ts'

/** Judges an order; an answer `taken` means that it is written down. */
export type TakeOrder = (code: string) => Promise<OrderAnswer>

interface OrderLimits {
  /** Streams at once, in all and of one peer. */
  readonly streams: number
  readonly streamsPerPeer: number
  /** Milliseconds for the order to come, and for its answer to be read. */
  readonly silenceMs: number
}

/** Each order that is well signed costs the kiosk a reading of the chain. */
const usualLimits: OrderLimits = { streams: 8, streamsPerPeer: 2, silenceMs: 10_000 }

const codec = { encode: encodeOrderMessage, decode: decodeOrderMessage }
const over = (stream: RawStream, timer: Timer, sendMs: number): MessageStream<OrderMessage> =>
  messageStream(stream, codec, { messageBytes: MAX_ORDER_MESSAGE, queued: 1, sendMs }, timer)

export interface OrderStreams {
  /** `peer`: who the connection was authenticated for. */
  accept(stream: RawStream, peer: string): void
  /** Ends those that are open. */
  stop(): void
}

export function createOrderStreams(options: {
  readonly timer: Timer
  readonly take: TakeOrder
  readonly limits?: Partial<OrderLimits>
}): OrderStreams {
  const { timer, take } = options
  const { streams, streamsPerPeer, silenceMs } = { ...usualLimits, ...options.limits }
  const open = new Map<MessageStream<OrderMessage>, string>()

  async function serve(stream: MessageStream<OrderMessage>): Promise<void> {
    const asked = await stream.receive(silenceMs)
    if (!asked.ok) return
    if (asked.value.kind !== 'order') return stream.abort('an order comes first')
    const answer = await take(asked.value.code).catch(
      (): OrderAnswer => ({ kind: 'refused', refusal: 'unable' }),
    )
    await stream.send(answer)
  }

  return {
    accept(raw, peer) {
      const ofPeer = [...open.values()].filter(each => each === peer).length
      if (ofPeer >= streamsPerPeer || open.size >= streams) {
        raw.abort(new Error('too many orders at once'))
        return
      }
      const stream = over(raw, timer, silenceMs)
      open.set(stream, peer)
      void serve(stream).finally(() => {
        open.delete(stream)
        void stream.close()
      })
    },
    stop() {
      for (const stream of open.keys()) stream.abort('the kiosk ends')
    },
  }
}

/** Milliseconds for which a buyer waits for the kiosk's answer: it reads the chain for that. */
const ANSWER_MS = 12_000

/** One round trip. `kind`: orderUnanswered, where nobody knows whether it was taken: the chain will tell. */
export async function sendOrder(
  raw: RawStream,
  code: string,
  timer: Timer,
): Promise<Result<OrderAnswer, Failure>> {
  const stream = over(raw, timer, ANSWER_MS)
  const sent = await stream.send({ kind: 'order', code })
  const answer = sent.ok ? await stream.receive(ANSWER_MS) : sent
  void stream.close()
  if (answer.ok && answer.value.kind !== 'order') return ok(answer.value)
  return fail({ kind: 'orderUnanswered', detail: answer.ok ? 'an order for an answer' : answer.error.kind })
}
