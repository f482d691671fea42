// Two ends of one stream in memory, cut into pieces as a network does, and time that moves when it is told to.
import type { RawStream } from '../../../src/core/p2p/messageStream.ts'
import type { Timer } from '../../../src/core/smp/transport.ts'

export interface TestStream extends RawStream {
  writableNeedsDrain: boolean
  /** Bytes that were sent from this end and not taken in by the other yet. */
  readonly sent: () => number
  readonly aborted: () => string | undefined
  readonly isClosed: () => boolean
}

/** `pieces`: lengths in which what is sent arrives, over and over. */
export function streamPair(pieces: readonly number[] = [16_000]): readonly [TestStream, TestStream] {
  let cut = 0
  const ends: End[] = []
  class End extends EventTarget {
    writableNeedsDrain = false
    closed = false
    error: string | undefined
    bytesSent = 0
    get other(): End {
      const found = ends.find(end => end !== this)
      if (!found) throw new Error('a pair has two ends')
      return found
    }
    end(): void {
      if (this.closed) return
      this.closed = true
      this.dispatchEvent(new Event('close'))
    }
  }
  const make = () => {
    const end = new End()
    ends.push(end)
    return end
  }
  const face = (end: End): TestStream => ({
    send(bytes) {
      if (end.closed) throw new Error('the stream is closed')
      end.bytesSent += bytes.length
      for (let at = 0; at < bytes.length; ) {
        const piece = bytes.slice(at, at + (pieces[cut++ % pieces.length] ?? 1))
        at += piece.length
        queueMicrotask(() => {
          if (!end.other.closed) end.other.dispatchEvent(new MessageEvent('message', { data: piece }))
        })
      }
      return !end.writableNeedsDrain
    },
    get writableNeedsDrain() {
      return end.writableNeedsDrain
    },
    set writableNeedsDrain(isFull) {
      end.writableNeedsDrain = isFull
      if (!isFull) end.dispatchEvent(new Event('drain'))
    },
    async close() {
      end.other.dispatchEvent(new Event('remoteCloseWrite'))
      end.end()
    },
    closeRead: async () => undefined,
    abort(error) {
      end.error ??= error.message
      end.end()
      queueMicrotask(() => end.other.end())
    },
    addEventListener(type: string, listener: (event: never) => void) {
      end.addEventListener(type, event => Reflect.apply(listener, undefined, [event]))
    },
    sent: () => end.bytesSent,
    aborted: () => end.error,
    isClosed: () => end.closed,
  })
  const [one, two] = [make(), make()]
  return [face(one), face(two)]
}

/** Time that moves only when it is told to, from one timer to the next. */
export function virtualTime() {
  let now = 0
  let next = 0
  const timers = new Map<number, { readonly at: number; readonly task: () => void }>()
  const settle = async () => {
    for (let i = 0; i < 60; i++) await Promise.resolve()
  }
  const timer: Timer = {
    now: () => now,
    after(ms, task) {
      const id = next++
      timers.set(id, { at: now + ms, task })
      return () => void timers.delete(id)
    },
  }
  return {
    timer,
    settle,
    pending: () => timers.size,
    async run(ms: number) {
      const end = now + ms
      await settle()
      for (;;) {
        const due = [...timers].filter(([, each]) => each.at <= end).sort((a, b) => a[1].at - b[1].at)[0]
        if (!due) break
        timers.delete(due[0])
        now = due[1].at
        due[1].task()
        await settle()
      }
      now = end
    },
  }
}
