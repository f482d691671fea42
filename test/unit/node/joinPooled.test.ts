// A seed's messages out of buffers that are used again: each whole, none overwritten before it is gone.
import { describe, expect, it } from 'vitest'
import { joinPooled } from '../../../node/seed/joinPooled.ts'
import { concat } from '../../../src/core/bytes.ts'

/** As WebSocketMultiaddrConnection over a socket of ws: it takes a message now, and says later that it has left. */
function connection() {
  const waiting: { readonly data: Uint8Array; readonly sent: () => void }[] = []
  const it = {
    websocket: { send: (data: Uint8Array, sent: () => void) => void waiting.push({ data, sent }) },
    sendData(data: Iterable<Uint8Array> & { readonly byteLength: number }) {
      for (const part of data) it.websocket.send(part, () => undefined)
      return { sentBytes: data.byteLength, canSendMore: waiting.length < 3 }
    },
  }
  /** Of the oldest message: its bytes as they are when it leaves. */
  function leave(): Uint8Array | undefined {
    const first = waiting.shift()
    const bytes = first && Uint8Array.from(first.data)
    first?.sent()
    return bytes
  }
  return { it, leave, memory: () => new Set(waiting.map(({ data }) => data.buffer)), waiting }
}

const list = (...parts: Uint8Array[]) =>
  Object.assign(parts, { byteLength: parts.reduce((sum, { length }) => sum + length, 0) })
const block = (fill: number, length = 65_536) => new Uint8Array(length).fill(fill)

describe('messages of a seed', () => {
  it('leave as they were sent, however many wait, and what has left is used again', () => {
    const { it: joined, leave, memory, waiting } = connection()
    joinPooled(joined)
    const used = new Set<unknown>()
    for (let round = 0; round < 5; round++) {
      const sent = Array.from({ length: 4 }, (_, i) => [block(1, 14), block(round * 10 + i), block(2, 16)])
      for (const parts of sent) joined.sendData(list(...parts))
      expect(waiting).toHaveLength(4)
      expect(memory().size).toBe(4)
      for (const buffer of memory()) used.add(buffer)
      for (const parts of sent) expect(leave()).toEqual(concat(...parts))
    }
    expect(used.size).toBe(4)
  })

  it('small and very large ones too, and it is said of each how full the socket is', () => {
    const { it: joined, leave } = connection()
    joinPooled(joined)
    expect(joined.sendData(list(block(1, 3), block(2, 5)))).toEqual({ sentBytes: 8, canSendMore: true })
    expect(joined.sendData(list(block(3, 200_000)))).toEqual({ sentBytes: 200_000, canSendMore: true })
    expect(joined.sendData(list(block(4)))).toEqual({ sentBytes: 65_536, canSendMore: false })
    expect([leave(), leave(), leave()]).toEqual([
      concat(block(1, 3), block(2, 5)),
      block(3, 200_000),
      block(4),
    ])
  })
})
