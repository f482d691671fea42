// Sends what goes out together as one message, out of buffers that are used again: a seed would else collect garbage most of the time.
import { joinParts } from '../../src/core/p2p/joinParts.ts'

interface Socket {
  send(data: Uint8Array, sent: () => void): void
}

interface ByteList extends Iterable<Uint8Array> {
  readonly byteLength: number
}

/** One block with all that lies around it fits into each; what is much smaller has a buffer of its own. */
const ROOM_BYTES = 72 * 1024
const SMALL = 16 * 1024
/** More than this is on its way only to peers that read slowly: their buffers are not kept. */
const MOST_KEPT = 64
const kept: Buffer[] = []

/**
 * `joinParts` for a connection of @libp2p/websockets 10.1.21 over ws 8, which says when the socket has taken a message: it is not
 * read again after that.
 */
export function joinPooled(connection: object): void {
  const sendData: unknown = Reflect.get(connection, 'sendData')
  const socket: unknown = Reflect.get(connection, 'websocket')
  if (typeof sendData !== 'function' || !isSocket(socket)) {
    joinParts(connection)
    return
  }
  Reflect.set(connection, 'sendData', (data: ByteList) => {
    const isPooled = data.byteLength > SMALL && data.byteLength <= ROOM_BYTES
    const room = (isPooled && kept.pop()) || Buffer.allocUnsafeSlow(isPooled ? ROOM_BYTES : data.byteLength)
    let length = 0
    for (const part of data) {
      room.set(part, length)
      length += part.length
    }
    socket.send(room.subarray(0, length), () => {
      if (isPooled && kept.length < MOST_KEPT) kept.push(room)
    })
    // Without anything more to send it says how full the socket is.
    const state: unknown = Reflect.apply(sendData, connection, [Object.assign([], { byteLength: length })])
    return state
  })
}

const isSocket = (socket: unknown): socket is Socket =>
  typeof socket === 'object' && socket !== null && typeof Reflect.get(socket, 'send') === 'function'
