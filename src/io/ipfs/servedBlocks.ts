// Counts what this browser gives to whom: the blocks in the bitswap messages that leave it.
import type { Libp2p, StreamMiddleware } from '@libp2p/interface'
import { ProtobufError, readFields, readVarint } from '../../core/ipfs/protobuf.ts'

const PROTOCOL = '/ipfs/bitswap/1.2.0'
/** Of bitswap's message, https://specs.ipfs.tech/bitswap-protocol/#bitswap-1-2-0-wire-format, and of its blocks. */
const PAYLOAD = 3
const DATA = 2

export interface Served {
  readonly peer: string
  readonly blocks: number
  readonly bytes: number
}

/** `onServed` is called when a stream has taken blocks; what is asked for or taken back does not count. */
export function countServedBlocks(libp2p: Libp2p, onServed: (served: Served) => void): void {
  const count: StreamMiddleware = (stream, connection, next) => {
    if (stream.direction === 'outbound') {
      const send = stream.send.bind(stream)
      stream.send = data => {
        const taken = send(data)
        const { blocks, bytes } = blocksIn(data instanceof Uint8Array ? data : data.subarray())
        if (blocks > 0) onServed({ peer: connection.remotePeer.toString(), blocks, bytes })
        return taken
      }
    }
    next(stream, connection)
  }
  libp2p.use(PROTOCOL, count)
}

/** Of one message with its length in front, as Helia sends them: each whole, in one piece. */
export function blocksIn(sent: Uint8Array): { readonly blocks: number; readonly bytes: number } {
  const found = { blocks: 0, bytes: 0 }
  try {
    const [length, start] = readVarint(sent, 0)
    for (const field of readFields(sent.subarray(start, start + length))) {
      if (field.number !== PAYLOAD || field.wire !== 'bytes') continue
      for (const part of readFields(field.value)) {
        if (part.number !== DATA || part.wire !== 'bytes') continue
        found.blocks++
        found.bytes += part.value.length
      }
    }
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
  }
  return found
}
