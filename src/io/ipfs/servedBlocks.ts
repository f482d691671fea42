// Notes what this browser gives to whom: the blocks in the bitswap messages that leave it.
import { isPeerId, type Libp2p, type Stream } from '@libp2p/interface'
import { ProtobufError, readFields, readVarint } from '../../core/ipfs/protobuf.ts'

const PROTOCOL = '/ipfs/bitswap/1.2.0'
/** Of bitswap's message, https://specs.ipfs.tech/bitswap-protocol/#bitswap-1-2-0-wire-format, and of its blocks. */
const PAYLOAD = 3
const DATA = 2

export interface SentBlocks {
  readonly peer: string
  /** Views of what is being sent: to be read before the callback returns. */
  readonly blocks: readonly Uint8Array[]
  /** Resolves when the stream that carries them is closed, by whichever side. */
  readonly over: Promise<void>
}

/**
 * `onSent` is called when a stream has taken blocks; what is asked for or taken back does not count. Around the call by which
 * Helia opens its streams (4.0.19, network.js): libp2p's own `use` (3.3.11, connection.js) runs a protocol's handler on streams
 * that go out as well, once one has come in.
 */
export function noteSentBlocks(
  libp2p: Pick<Libp2p, 'dialProtocol'>,
  onSent: (sent: SentBlocks) => void,
): void {
  const dialProtocol = libp2p.dialProtocol.bind(libp2p)
  libp2p.dialProtocol = async (peer, protocols, options) => {
    const stream = await dialProtocol(peer, protocols, options)
    if (stream.protocol === PROTOCOL && isPeerId(peer)) note(stream, peer.toString(), onSent)
    return stream
  }
}

function note(stream: Stream, peer: string, onSent: (sent: SentBlocks) => void): void {
  const over = new Promise<void>(resolve => stream.addEventListener('close', () => resolve(), { once: true }))
  const send = stream.send.bind(stream)
  stream.send = data => {
    const blocks = blocksIn(data instanceof Uint8Array ? data : data.subarray())
    const taken = send(data)
    if (blocks.length > 0) onSent({ peer, blocks, over })
    return taken
  }
}

/** Of one message with its length in front, as Helia sends them: each whole, in one piece. */
export function blocksIn(sent: Uint8Array): readonly Uint8Array[] {
  const found: Uint8Array[] = []
  try {
    const [length, start] = readVarint(sent, 0)
    for (const field of readFields(sent.subarray(start, start + length))) {
      if (field.number !== PAYLOAD || field.wire !== 'bytes') continue
      for (const part of readFields(field.value)) {
        if (part.number === DATA && part.wire === 'bytes') found.push(part.value)
      }
    }
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
  }
  return found
}
