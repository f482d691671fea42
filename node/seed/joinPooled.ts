// Sends what goes out together as one message, out of buffers that are used again: a seed would else collect garbage most of the time.
import { joinParts } from '../../src/core/p2p/joinParts.ts'

interface Socket {
  send(data: Uint8Array, sent: () => void): void
}

interface ByteList extends Iterable<Uint8Array> {
  readonly byteLength: number
}

/** Of one message, bytes: two blocks with all that lies around them. With more, a slow link would be silent for too long. */
const ROOM_BYTES = 144 * 1024
/** What is not longer has a buffer of its own. */
const SMALL = 16 * 1024
/** Buffers. More than this are in use only where peers read slowly. */
const MOST_KEPT = 32
const kept: Buffer[] = []

/**
 * As `joinParts`, and for everything that is sent in one go, on a connection of @libp2p/websockets 10.1.21 over ws 8: that
 * says when the socket has taken a message, and does not read it after that.
 */
export function joinPooled(connection: object): void {
  const sendData: unknown = Reflect.get(connection, 'sendData')
  const socket: unknown = Reflect.get(connection, 'websocket')
  if (typeof sendData !== 'function' || !isSocket(socket)) {
    joinParts(connection)
    return
  }
  const send: Socket['send'] = (data, sent) => socket.send(data, sent)
  let waiting: Uint8Array[] = []
  let length = 0
  let isLeaving = false

  function leave(): void {
    if (length === 0) return
    const isPooled = length > SMALL && length <= ROOM_BYTES
    const room = (isPooled && kept.pop()) || Buffer.allocUnsafeSlow(isPooled ? ROOM_BYTES : length)
    let at = 0
    for (const part of waiting) {
      room.set(part, at)
      at += part.length
    }
    waiting = []
    length = 0
    send(room.subarray(0, at), () => {
      if (isPooled && kept.length < MOST_KEPT) kept.push(room)
    })
  }

  Reflect.set(connection, 'sendData', (data: ByteList) => {
    if (length + data.byteLength > ROOM_BYTES) leave()
    waiting.push(...data)
    length += data.byteLength
    if (!isLeaving) {
      isLeaving = true
      setImmediate(() => {
        isLeaving = false
        leave()
      })
    }
    // With nothing to send it says how full the socket is.
    const state: unknown = Reflect.apply(sendData, connection, [
      Object.assign([], { byteLength: data.byteLength }),
    ])
    return state
  })
  // What waits goes out before the connection ends.
  for (const name of ['sendClose', 'sendReset']) {
    const end: unknown = Reflect.get(connection, name)
    if (typeof end !== 'function') continue
    Reflect.set(connection, name, (...args: readonly unknown[]) => {
      leave()
      const ended: unknown = Reflect.apply(end, connection, args)
      return ended
    })
  }
}

const isSocket = (socket: unknown): socket is Socket =>
  typeof socket === 'object' && socket !== null && typeof Reflect.get(socket, 'send') === 'function'
