// One stream between two peers as messages: bounded in size, in number and in time, whatever the other side does.
import { concat } from '../bytes.ts'
import { type Failure, fail, ok, type Result } from '../result.ts'
import type { Timer } from '../smp/transport.ts'
import { Frames } from './frames.ts'

/** `kind`: streamEnded, streamSilent, streamMalformed or streamFlooded. */
type StreamFailure = Failure

/** What is used of a libp2p stream. */
export interface RawStream {
  send(bytes: Uint8Array): unknown
  /** It has more than it can pass on: `drain` says when that may have changed. */
  readonly writableNeedsDrain: boolean
  close(): Promise<unknown>
  closeRead(): Promise<unknown>
  abort(error: Error): void
  addEventListener(
    type: 'message',
    listener: (event: { readonly data: Uint8Array | Iterable<Uint8Array> }) => void,
  ): void
  addEventListener(type: 'close' | 'remoteCloseWrite' | 'drain', listener: () => void): void
}

export interface MessageCodec<Message> {
  /** With its length in front: four bytes, big-endian. */
  encode(message: Message): Uint8Array
  /** Without its length. */
  decode(body: Uint8Array): Result<Message, Failure & { readonly detail: string }>
}

export interface MessageStream<Message> {
  /**
   * Resolves when the stream has taken it, however slowly the other side reads; fails where it has ended. Short messages that
   * are sent in one go leave together.
   */
  send(message: Message): Promise<Result<null, StreamFailure>>
  /** The next message; the stream is ended where none comes within `ms`, or what comes is none. */
  receive(ms: number): Promise<Result<Message, StreamFailure>>
  close(): Promise<void>
  /** Ends at once. */
  abort(why: string): void
}

export interface StreamLimits {
  /** Bytes of the longest message that the other side may send. */
  readonly messageBytes: number
  /** Messages that it may send before they are read: each side waits for the other's. */
  readonly queued: number
  /** Milliseconds for which it may leave a message unread. */
  readonly sendMs: number
}

/** Longer ones are not copied to be joined. Bytes. */
const SHORT = 4_096
/** Milliseconds for which the other side may take note that a stream is closed. */
const CLOSE_MS = 2_000

export function messageStream<Message>(
  stream: RawStream,
  codec: MessageCodec<Message>,
  limits: StreamLimits,
  timer: Timer,
): MessageStream<Message> {
  const frames = new Frames(limits.messageBytes)
  const queue: Uint8Array[] = []
  let ended: StreamFailure | null = null
  let wake: (() => void) | null = null
  let isClosed = false
  const waitingToSend: (() => void)[] = []
  let unsent: Uint8Array[] = []
  let leaving: Promise<void> | null = null

  const end = (failure: StreamFailure) => {
    ended ??= failure
    wake?.()
  }
  const wakeSenders = () => {
    for (const resolve of waitingToSend.splice(0)) resolve()
  }
  const abort = (kind: string, detail: string) => {
    // Whoever floods is not answered first.
    queue.length = 0
    end({ kind, detail })
    stream.abort(new Error(detail))
  }
  stream.addEventListener('message', ({ data }) => {
    if (ended !== null) return
    for (const piece of data instanceof Uint8Array ? [data] : data) {
      const cut = frames.push(piece)
      if (!cut.ok) return abort('streamMalformed', cut.error.detail)
      queue.push(...cut.value)
    }
    if (queue.length > limits.queued) return abort('streamFlooded', `${queue.length} messages at once`)
    // A piece of a message is not yet one.
    if (queue.length > 0) wake?.()
  })
  // After the stream's own listener, which passes on what it has.
  stream.addEventListener('drain', () => void Promise.resolve().then(wakeSenders))
  stream.addEventListener('close', () => {
    isClosed = true
    end({ kind: 'streamEnded' })
    wakeSenders()
  })
  stream.addEventListener('remoteCloseWrite', () => end({ kind: 'streamEnded' }))

  /** Throws where the stream takes no more. */
  function sendAll(): void {
    const messages = unsent
    unsent = []
    leaving = null
    if (messages.every(({ length }) => length <= SHORT)) stream.send(concat(...messages))
    else for (const message of messages) stream.send(message)
  }

  /** Rejects where it takes longer: the other side does not read. */
  function within(ms: number, done: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = timer.after(ms, () => reject(new Error('the other side does not read')))
      done.then(() => resolve(), reject).finally(cancel)
    })
  }

  return {
    async send(message) {
      if (ended !== null && (isClosed || ended.kind !== 'streamEnded')) return fail(ended)
      try {
        unsent.push(codec.encode(message))
        leaving ??= Promise.resolve().then(sendAll)
        await leaving
        // Not `onDrain` of libp2p's streams: from its second time on it resolves at once (@libp2p/utils 7.4.1).
        while (stream.writableNeedsDrain && !isClosed)
          await within(limits.sendMs, new Promise<void>(resolve => waitingToSend.push(resolve)))
        return isClosed ? fail(ended ?? { kind: 'streamEnded' }) : ok(null)
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error)
        stream.abort(new Error('the other side does not read'))
        return fail({ kind: 'streamEnded', detail })
      }
    },
    async receive(ms) {
      if (queue.length === 0 && ended === null) {
        await new Promise<void>(resolve => {
          const cancel = timer.after(ms, resolve)
          wake = () => {
            cancel()
            resolve()
          }
        })
        wake = null
      }
      const body = queue.shift()
      if (body === undefined) {
        if (ended === null) abort('streamSilent', `nothing came within ${ms} ms`)
        return fail(ended ?? { kind: 'streamEnded' })
      }
      const message = codec.decode(body)
      if (message.ok) return message
      abort('streamMalformed', message.error.detail)
      return fail({ kind: 'streamMalformed', detail: message.error.detail })
    },
    async close() {
      try {
        await leaving
        await within(CLOSE_MS, stream.close())
        // Half a stream would go on counting against the other side's number of them.
        await within(CLOSE_MS, stream.closeRead())
      } catch {
        stream.abort(new Error('the other side does not read'))
      }
    },
    abort: why => abort('streamEnded', why),
  }
}
