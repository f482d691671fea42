// A seed's messages out of buffers that are used again: each whole, none overwritten before it is gone.
import { describe, expect, it } from 'vitest'
import { joinPooled } from '../../../node/seed/joinPooled.ts'
import { bytesEqual, concat } from '../../../src/core/bytes.ts'

/** As WebSocketMultiaddrConnection over a socket of ws: it takes a message now, and says later that it has left. */
function connection() {
  const waiting: { readonly data: Uint8Array; readonly sent: () => void }[] = []
  let isClosed = false
  const it = {
    websocket: {
      send(data: Uint8Array, sent: () => void) {
        if (!isClosed) waiting.push({ data, sent })
      },
    },
    sendData(data: Iterable<Uint8Array> & { readonly byteLength: number }) {
      for (const part of data) it.websocket.send(part, () => undefined)
      return { sentBytes: data.byteLength, canSendMore: waiting.length < 3 }
    },
    async sendClose() {
      isClosed = true
    },
  }
  joinPooled(it)
  /** Of the oldest message: its bytes as they are when it leaves. */
  function leave(): Uint8Array | undefined {
    const first = waiting.shift()
    const bytes = first && Uint8Array.from(first.data)
    first?.sent()
    return bytes
  }
  return { it, leave, waiting }
}

const list = (...parts: Uint8Array[]) =>
  Object.assign(parts, { byteLength: parts.reduce((sum, { length }) => sum + length, 0) })
const block = (fill: number, length = 65_536) => new Uint8Array(length).fill(fill)
const goneOut = () => new Promise(resolve => setImmediate(resolve))

describe('messages of a seed', () => {
  it('leave two blocks at a time as they were sent, however many wait, and what has left is used again', async () => {
    const { it: joined, leave, waiting } = connection()
    const used = new Set<unknown>()
    for (let round = 0; round < 5; round++) {
      const sent = Array.from({ length: 7 }, (_, i) => [block(1, 14), block(round * 10 + i), block(2, 16)])
      for (const parts of sent) joined.sendData(list(...parts))
      await goneOut()
      expect(waiting.map(({ data }) => data.length)).toEqual([131_132, 131_132, 131_132, 65_566])
      expect(new Set(waiting.map(({ data }) => data.buffer)).size).toBe(4)
      for (const { data } of waiting) used.add(data.buffer)
      const left = [leave(), leave(), leave(), leave()].map(each => each ?? new Uint8Array())
      expect(bytesEqual(concat(...left), concat(...sent.flat()))).toBe(true)
    }
    expect(used.size).toBe(4)
  })

  it('small and very large ones keep their order, and it is said of each how full the socket is', async () => {
    const { it: joined, leave, waiting } = connection()
    expect(joined.sendData(list(block(1, 3), block(2, 5)))).toEqual({ sentBytes: 8, canSendMore: true })
    expect(joined.sendData(list(block(3, 200_000)))).toEqual({ sentBytes: 200_000, canSendMore: true })
    joined.sendData(list(block(4)))
    await goneOut()
    expect(joined.sendData(list(block(5, 7)))).toEqual({ sentBytes: 7, canSendMore: false })
    await goneOut()
    expect(waiting).toHaveLength(4)
    const left = [leave(), leave(), leave(), leave()].map(each => each ?? new Uint8Array())
    expect(left.map(({ length }) => length)).toEqual([8, 200_000, 65_536, 7])
    const all = concat(block(1, 3), block(2, 5), block(3, 200_000), block(4), block(5, 7))
    expect(bytesEqual(concat(...left), all)).toBe(true)
  })

  it('go out before the connection is closed', async () => {
    const { it: joined, leave } = connection()
    joined.sendData(list(block(1, 100)))
    await joined.sendClose()
    expect(leave()).toEqual(block(1, 100))
  })
})
