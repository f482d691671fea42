// /fob/serve/1.0.0 on libp2p: opens streams to peers that speak it, and says of which peers it is known that they don't.
import { type Connection, type Stream, UnsupportedProtocolError } from '@libp2p/interface'
import { type MessageStream, messageStream } from '../../core/p2p/messageStream.ts'
import type { Timer } from '../../core/smp/transport.ts'
import {
  decodeServeMessage,
  encodeServeMessage,
  maxServeMessage,
  type ServeMessage,
  serveProtocol,
} from '../../core/voucher/serveMessage.ts'

const OPEN_MS = 8_000
/** Milliseconds for which a peer may leave our requests unread. */
const SEND_MS = 15_000
/** Answers come one after the other, and each is read at once. */
const QUEUED = 64

const dumb = new WeakSet<Connection>()

/** null where the peer does not speak the protocol. Throws where the connection is gone, or nothing is answered. */
export async function openServeStream(
  connection: Connection,
  timer: Timer,
): Promise<MessageStream<ServeMessage> | null> {
  if (dumb.has(connection)) return null
  let stream: Stream
  try {
    stream = await connection.newStream(serveProtocol, { signal: AbortSignal.timeout(OPEN_MS) })
  } catch (error) {
    if (!(error instanceof UnsupportedProtocolError)) throw error
    dumb.add(connection)
    return null
  }
  return messageStream(
    stream,
    { encode: encodeServeMessage, decode: decodeServeMessage },
    { messageBytes: maxServeMessage, queued: QUEUED, sendMs: SEND_MS },
    timer,
  )
}
