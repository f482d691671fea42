// Streams of /fob/serve/1.0.0 that come in: so many at once, each for what its first message says, and nobody who floods them.
import type { Failure, Result } from '../result.ts'
import type { Timer } from '../smp/transport.ts'
import {
  decodeServeMessage,
  encodeServeMessage,
  maxPayerMessage,
  type ServeMessage,
} from '../voucher/serveMessage.ts'
import { type BlockGiver, giveOver } from './giveBlocks.ts'
import { type MessageStream, messageStream, type RawStream } from './messageStream.ts'

export interface ServeLimits {
  /** Streams at once, in all and of one peer. */
  readonly streams: number
  readonly streamsPerPeer: number
  /** Requests that a peer may have sent before they are read. */
  readonly unread: number
  /** Milliseconds without a request. */
  readonly silenceMs: number
  /** Milliseconds for which a peer may leave an answer unread. */
  readonly sendMs: number
  /** Milliseconds for which a peer that sent what nobody may send is refused. */
  readonly shunMs: number
}

export const usualServeLimits: ServeLimits = {
  streams: 64,
  streamsPerPeer: 4,
  unread: 256,
  silenceMs: 60_000,
  sendMs: 30_000,
  shunMs: 600_000,
}

/** Sells over a stream whose first message, `ask` or `channel`, can still be received. Resolves when it is over. */
export type Seller = (stream: MessageStream<ServeMessage>, peer: string) => Promise<void>

export interface ServeStreamsOptions {
  readonly timer: Timer
  readonly giver: BlockGiver
  /** null: nothing is sold here. */
  readonly seller: () => Seller | null
  readonly limits?: Partial<ServeLimits>
}

export interface ServeStreams {
  /** Serves the stream until it ends; `peer` is who the connection was authenticated for. */
  accept(stream: RawStream, peer: string): void
  /** Streams that are open now. */
  open(): number
  /** Ends them all. */
  stop(): void
}

/** Peers that are remembered for what they sent. */
const MOST_SHUNNED = 1_000

export function createServeStreams(options: ServeStreamsOptions): ServeStreams {
  const { timer, giver, seller } = options
  const limits = { ...usualServeLimits, ...options.limits }
  const open = new Map<MessageStream<ServeMessage>, string>()
  const shunned = new Map<string, number>()

  function shun(peer: string): void {
    shunned.delete(peer)
    shunned.set(peer, timer.now() + limits.shunMs)
    for (const oldest of shunned.keys()) {
      if (shunned.size <= MOST_SHUNNED) break
      shunned.delete(oldest)
    }
  }

  async function serve(stream: MessageStream<ServeMessage>, peer: string): Promise<void> {
    const first = await stream.receive(limits.silenceMs)
    if (!first.ok) return
    const whole = startingWith(stream, first)
    if (first.value.kind === 'get') return giveOver(whole, peer, giver, limits.silenceMs)
    const sell = seller()
    if (sell !== null) return sell(whole, peer)
    await stream.send({ kind: 'refusal', refusal: 'channelRefused', detail: 'nothing is sold here: get' })
  }

  /** Notes what ends the stream: a peer that floods or talks nonsense is not heard for a while. */
  function watched(stream: MessageStream<ServeMessage>, peer: string): MessageStream<ServeMessage> {
    const note = <T>(result: Result<T, Failure>): Result<T, Failure> => {
      if (!result.ok && ['streamFlooded', 'streamMalformed'].includes(result.error.kind)) shun(peer)
      return result
    }
    return {
      ...stream,
      receive: async ms => note(await stream.receive(ms)),
      send: async message => note(await stream.send(message)),
    }
  }

  return {
    accept(raw, peer) {
      const ofPeer = [...open.values()].filter(each => each === peer).length
      if ((shunned.get(peer) ?? 0) > timer.now() || ofPeer >= limits.streamsPerPeer) {
        raw.abort(new Error('too many of that peer'))
        return
      }
      const messages = messageStream(
        raw,
        { encode: encodeServeMessage, decode: decodeServeMessage },
        { messageBytes: maxPayerMessage, queued: limits.unread, sendMs: limits.sendMs },
        timer,
      )
      if (open.size >= limits.streams) {
        void messages
          .send({ kind: 'refusal', refusal: 'busy', detail: 'too many streams' })
          .then(() => messages.close())
        return
      }
      open.set(messages, peer)
      serve(watched(messages, peer), peer)
        // A block that can't be read, a disk that can't be written: said to the peer, and over.
        .catch(() => messages.send({ kind: 'refusal', refusal: 'unable', detail: 'an unexpected error' }))
        .finally(() => {
          open.delete(messages)
          void messages.close()
        })
    },
    open: () => open.size,
    stop() {
      for (const stream of open.keys()) stream.abort('the node ends')
    },
  }
}

/** The stream as it was before `first` was received. */
function startingWith(
  stream: MessageStream<ServeMessage>,
  first: Awaited<ReturnType<MessageStream<ServeMessage>['receive']>>,
): MessageStream<ServeMessage> {
  let isFirst = true
  return {
    ...stream,
    async receive(ms) {
      if (!isFirst) return stream.receive(ms)
      isFirst = false
      return first
    },
  }
}
