// What the relay knows of its peers' files: each says what it holds, and whoever looks for a file is told whom to ask.
import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import { type MessageStream, messageStream } from '../../src/core/p2p/messageStream.ts'
import {
  decodeProvidersMessage,
  encodeProvidersMessage,
  type FoundProvider,
  MAX_FOUND,
  MAX_PROVIDERS_MESSAGE,
  type ProvidersMessage,
  providersProtocol,
} from '../../src/core/providers/message.ts'
import { ProviderRecords } from '../../src/core/providers/records.ts'
import { peerIdText, wayThrough } from '../../src/core/providers/way.ts'
import { systemTimer } from '../systemTimer.ts'

export interface ProvidersOptions {
  /** Multiaddrs of other relays, which are asked where this one knows too few. */
  readonly neighbours: () => readonly string[]
  readonly log: (line: string) => void
}

/** Enough to fetch from: no neighbour is asked where so many are known here. */
const ENOUGH = 4
const STREAMS_PER_PEER = 4
const STREAMS = 128
const ANSWER_MS = 5_000
const NEIGHBOUR_MS = 3_000

const codec = { encode: encodeProvidersMessage, decode: decodeProvidersMessage }
const limits = { messageBytes: MAX_PROVIDERS_MESSAGE, queued: 1, sendMs: ANSWER_MS }

const frame = (stream: Stream): MessageStream<ProvidersMessage> =>
  messageStream(stream, codec, limits, systemTimer)

const bytesOf = (peer: PeerId): Uint8Array => peer.toMultihash().bytes

/** Answers on `libp2p` until it stops. Records end with their peer's last connection: a circuit needs one. */
export async function serveProviders(libp2p: Libp2p, { neighbours, log }: ProvidersOptions): Promise<void> {
  const records = new ProviderRecords(systemTimer.now)
  let open = 0

  libp2p.addEventListener('peer:disconnect', event => records.withdraw(bytesOf(event.detail)))

  async function answer(message: ProvidersMessage, peer: PeerId): Promise<ProvidersMessage | undefined> {
    switch (message.kind) {
      case 'announce': {
        const taken = records.announce(bytesOf(peer), message.cids, message.lifetime)
        return { kind: 'announced', ...taken }
      }
      case 'find': {
        const known = records.find(message.cid, MAX_FOUND, bytesOf(peer))
        const here = known.map(found => ({ peer: found, ways: [] }))
        if (!message.mayAsk || here.length >= ENOUGH) return { kind: 'found', providers: here }
        const asked = await Promise.all(neighbours().map(neighbour => ask(neighbour, message.cid)))
        const elsewhere = asked.flat().filter(({ peer: found }) => !isAmong(found, [bytesOf(peer), ...known]))
        return { kind: 'found', providers: [...here, ...elsewhere].slice(0, MAX_FOUND) }
      }
      default:
        return undefined
    }
  }

  /** Who is met at that relay; nobody where it does not answer. What a relay says of third ones is not passed on. */
  async function ask(neighbour: string, cid: Uint8Array): Promise<readonly FoundProvider[]> {
    try {
      const found = await askRelay(libp2p, neighbour, cid, false)
      return found
        .filter(({ ways }) => ways.length === 0)
        .map(({ peer }) => ({ peer, ways: [multiaddr(wayThrough(neighbour, peer)).bytes] }))
    } catch (error) {
      log(
        `the relay ${neighbour} could not be asked: ${error instanceof Error ? error.message : String(error)}`,
      )
      return []
    }
  }

  async function serve(stream: MessageStream<ProvidersMessage>, peer: PeerId): Promise<void> {
    if (open >= STREAMS) {
      await stream.send({ kind: 'busy' })
      return
    }
    open++
    try {
      const asked = await stream.receive(ANSWER_MS)
      const said = asked.ok ? await answer(asked.value, peer) : undefined
      if (said) await stream.send(said)
    } finally {
      open--
    }
  }

  const handle = (stream: Stream, connection: Connection): void => {
    const messages = frame(stream)
    void serve(messages, connection.remotePeer).finally(() => messages.close())
  }
  await libp2p.handle(providersProtocol, handle, { maxInboundStreams: STREAMS_PER_PEER })
}

/** What one relay says; its own peers are without ways. Throws where it can't be reached. */
async function askRelay(
  libp2p: Libp2p,
  relay: string,
  cid: Uint8Array,
  mayAsk: boolean,
): Promise<readonly FoundProvider[]> {
  const signal = AbortSignal.timeout(NEIGHBOUR_MS)
  const stream = frame(await libp2p.dialProtocol(multiaddr(relay), providersProtocol, { signal }))
  await stream.send({ kind: 'find', cid, mayAsk })
  const answered = await stream.receive(NEIGHBOUR_MS)
  void stream.close()
  return answered.ok && answered.value.kind === 'found' ? answered.value.providers : []
}

/** Multiaddrs of those who hold the file as far as these relays know, one for each peer. Relays that do not answer are left out. */
export async function findHolders(
  libp2p: Libp2p,
  relays: readonly string[],
  cid: Uint8Array,
): Promise<readonly string[]> {
  const ways = new Map<string, string>()
  const asked = relays.map(async relay => {
    for (const { peer, ways: told } of await askRelay(libp2p, relay, cid, true)) {
      const [way] = told.map(bytes => multiaddr(bytes).toString())
      const id = peerIdText(peer)
      if (!ways.has(id)) ways.set(id, way ?? wayThrough(relay, peer))
    }
  })
  await Promise.allSettled(asked)
  return [...ways.values()]
}

const isAmong = (peer: Uint8Array, others: readonly Uint8Array[]): boolean =>
  others.some(other => Buffer.from(peer).equals(other))
