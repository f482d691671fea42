// One stream of /fob/serve/1.0.0 as messages: bounded in size, in number and in time, whatever the other side does.
import type { Stream } from '@libp2p/interface'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { ServeFrames } from '../../src/core/voucher/serveFrames.ts'
import {
  decodeServeMessage,
  encodeServeMessage,
  type ServeMessage,
} from '../../src/core/voucher/serveMessage.ts'

/** `kind`: streamEnded, streamSilent, streamMalformed or streamFlooded. */
type StreamFailure = Failure

export interface ServeStream {
  /** Resolves when the stream has taken it, however slowly the other side reads; fails where it has ended. */
  send(message: ServeMessage): Promise<Result<null, StreamFailure>>
  /** The next message; the stream is ended where none comes within `ms`, or what comes is none. */
  receive(ms: number): Promise<Result<ServeMessage, StreamFailure>>
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

export function serveStream(stream: Stream, limits: StreamLimits): ServeStream {
  const frames = new ServeFrames(limits.messageBytes)
  const queue: Uint8Array[] = []
  let ended: StreamFailure | null = null
  let wake: (() => void) | null = null

  const end = (failure: StreamFailure) => {
    ended ??= failure
    wake?.()
  }
  const abort = (kind: string, detail: string) => {
    end({ kind, detail })
    stream.abort(new Error(detail))
  }
  stream.addEventListener('message', ({ data }) => {
    if (ended !== null) return
    const cut = frames.push(data instanceof Uint8Array ? data : data.subarray())
    if (!cut.ok) return abort('streamMalformed', cut.error.detail)
    queue.push(...cut.value)
    if (queue.length > limits.queued) return abort('streamFlooded', `${queue.length} messages at once`)
    wake?.()
  })
  stream.addEventListener('close', () => end({ kind: 'streamEnded' }))
  stream.addEventListener('remoteCloseWrite', () => end({ kind: 'streamEnded' }))

  return {
    async send(message) {
      if (ended !== null && ended.kind !== 'streamEnded') return fail(ended)
      try {
        if (!stream.send(encodeServeMessage(message))) {
          await stream.onDrain({ signal: AbortSignal.timeout(limits.sendMs) })
        }
        return ok(null)
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error)
        stream.abort(new Error('the other side does not read'))
        return fail({ kind: 'streamEnded', detail })
      }
    },
    async receive(ms) {
      if (queue.length === 0 && ended === null) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
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
      const message = decodeServeMessage(body)
      if (message.ok) return message
      abort('streamMalformed', message.error.detail)
      return fail({ kind: 'streamMalformed', detail: message.error.detail })
    },
    async close() {
      const signal = AbortSignal.timeout(2_000)
      try {
        await stream.close({ signal })
        // Half a stream would go on counting against the other side's number of them.
        await stream.closeRead({ signal })
      } catch {
        stream.abort(new Error('the other side does not read'))
      }
    },
    abort: why => abort('streamEnded', why),
  }
}
