// What goes out together goes out as one message, on a connection that would send each part by itself.
import { describe, expect, it } from 'vitest'
import { concat } from '../../../src/core/bytes.ts'
import { joinParts } from '../../../src/core/p2p/joinParts.ts'

const list = (...parts: Uint8Array[]) => ({
  subarray: () => concat(...parts),
  byteLength: parts.reduce((sum, { length }) => sum + length, 0),
  *[Symbol.iterator]() {
    yield* parts
  },
})

/** As WebSocketMultiaddrConnection does it (@libp2p/websockets 10.1.21). */
class Connection {
  readonly sent: Uint8Array[] = []
  sendData(data: Iterable<Uint8Array> & { byteLength: number }) {
    for (const part of data) this.sent.push(part)
    return { sentBytes: data.byteLength, canSendMore: this.sent.length < 2 }
  }
}

describe('parts that go out together', () => {
  it('are one message, and the connection says the same of them', () => {
    const connection = new Connection()
    joinParts(connection)
    const parts = [Uint8Array.of(0, 9), Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)]
    expect(connection.sendData(list(...parts))).toEqual({ sentBytes: 6, canSendMore: true })
    expect(connection.sent).toEqual([Uint8Array.of(0, 9, 1, 2, 3, 4)])
    expect(connection.sendData(list(Uint8Array.of(5)))).toEqual({ sentBytes: 1, canSendMore: false })
  })

  it('stay as they are on a connection that sends in another way', () => {
    const other = { send: () => true }
    joinParts(other)
    expect(Object.keys(other)).toEqual(['send'])
  })
})
