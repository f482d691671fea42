// Who holds a file: asked of the relays and peers that this browser is connected to, and said of itself where it serves.
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import { bytesEqual, toHex } from '../../core/bytes.ts'
import { type MessageStream, messageStream } from '../../core/p2p/messageStream.ts'
import {
  decodeProvidersMessage,
  encodeProvidersMessage,
  type FoundProvider,
  MAX_ANNOUNCED,
  MAX_FOUND,
  MAX_LIFETIME,
  MAX_PROVIDERS_MESSAGE,
  MAX_WAYS,
  type ProvidersMessage,
  providersProtocol,
} from '../../core/providers/message.ts'
import { peerIdText, wayThrough } from '../../core/providers/way.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { isAllowed, parsePeerAddress, peerIdOf } from './addresses.ts'

const ASK_MS = 4_000
const MAX_ASKED = 16
/** Announced anew when half of its time is over. */
const ANNOUNCE_MS = (MAX_LIFETIME * 1_000) / 2
/** What was found is told to others for this long, and not longer: phones come and go. */
const REMEMBER_MS = 300_000
/** Files whose providers are remembered. */
const REMEMBERED_FILES = 64

export interface ProviderClient {
  /** Multiaddrs of peers that hold the file, as far as anybody who is connected knows. Never rejects. */
  find(cid: CID): Promise<readonly string[]>
  /** From now on this browser says that it holds these files, and no others, to each relay that it is connected to. */
  announce(cids: readonly CID[]): void
  stop(): void
}

export interface ProviderClientOptions {
  readonly libp2p: Libp2p
  readonly timer: Timer
  /** Hosts that the network or a manifest names: strangers' addresses lead there or to public hosts alone. */
  readonly namedHosts: ReadonlySet<string>
}

export async function createProviderClient(options: ProviderClientOptions): Promise<ProviderClient> {
  const { libp2p, timer, namedHosts } = options
  const self = libp2p.peerId.toMultihash().bytes
  const known = new Map<string, { readonly providers: readonly FoundProvider[]; readonly until: number }>()
  let announced: readonly CID[] = []
  let cancelAnnounce = () => {}

  const frame = (stream: Stream): MessageStream<ProvidersMessage> =>
    messageStream(
      stream,
      { encode: encodeProvidersMessage, decode: decodeProvidersMessage },
      { messageBytes: MAX_PROVIDERS_MESSAGE, queued: 1, sendMs: ASK_MS },
      timer,
    )

  /** Peers that speak the protocol, and those that have not said yet what they speak. */
  async function neighbours(): Promise<readonly Connection[]> {
    const direct = libp2p
      .getConnections()
      .filter(({ limits, status }) => !limits && status === 'open')
      .slice(0, MAX_ASKED)
    const speaks = await Promise.all(
      direct.map(({ remotePeer }) =>
        libp2p.peerStore.get(remotePeer).then(
          ({ protocols }) => protocols.length === 0 || protocols.includes(providersProtocol),
          () => true,
        ),
      ),
    )
    const byPeer = new Map(
      direct.filter((_, index) => speaks[index]).map(it => [it.remotePeer.toString(), it]),
    )
    return [...byPeer.values()]
  }

  async function ask(
    connection: Connection,
    message: ProvidersMessage,
  ): Promise<ProvidersMessage | undefined> {
    try {
      const signal = AbortSignal.timeout(ASK_MS)
      const stream = frame(await connection.newStream(providersProtocol, { signal }))
      await stream.send(message)
      const answer = await stream.receive(ASK_MS)
      void stream.close()
      return answer.ok ? answer.value : undefined
    } catch {
      // A peer that is gone, or does not speak it after all.
      return undefined
    }
  }

  async function find(cid: CID): Promise<readonly string[]> {
    const asked = await neighbours()
    const found = new Map<string, { readonly peer: Uint8Array; readonly ways: Set<string> }>()
    await Promise.all(
      asked.map(async connection => {
        const answer = await ask(connection, { kind: 'find', cid: cid.bytes, mayAsk: true })
        if (answer?.kind !== 'found') return
        for (const provider of answer.providers) {
          if (bytesEqual(provider.peer, self)) continue
          const id = peerIdText(provider.peer)
          const { ways } = found.get(id) ?? { ways: new Set<string>() }
          for (const way of waysTo(provider, connection)) ways.add(way)
          if (ways.size > 0) found.set(id, { peer: provider.peer, ways })
        }
      }),
    )
    remember(cid, [...found.values()])
    return [...found.values()].flatMap(({ ways }) => [...ways].slice(0, 1))
  }

  function waysTo({ peer, ways }: FoundProvider, through: Connection): readonly string[] {
    if (ways.length === 0) {
      const relay = through.remoteAddr.toString()
      return isWay(wayThrough(relay, peer), peer) ? [wayThrough(relay, peer)] : []
    }
    return ways.flatMap(bytes => {
      const text = textOf(bytes)
      return text !== undefined && isWay(text, peer) ? [text] : []
    })
  }

  function isWay(text: string, peer: Uint8Array): boolean {
    const address = parsePeerAddress(text)
    return address !== undefined && peerIdOf(address) === peerIdText(peer) && isAllowed(address, namedHosts)
  }

  function remember(
    cid: CID,
    found: readonly { readonly peer: Uint8Array; readonly ways: ReadonlySet<string> }[],
  ): void {
    const key = toHex(cid.bytes)
    known.delete(key)
    if (found.length === 0) return
    const providers = found.slice(0, MAX_FOUND).map(({ peer, ways }) => ({
      peer,
      ways: [...ways].slice(0, MAX_WAYS).map(way => multiaddr(way).bytes),
    }))
    known.set(key, { providers, until: timer.now() + REMEMBER_MS })
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED_FILES) break
      known.delete(oldest)
    }
  }

  /** Peers tell each other what relays told them: the next one finds its way though the relay that knew is gone. */
  async function answer(message: ProvidersMessage): Promise<ProvidersMessage | undefined> {
    if (message.kind !== 'find') return undefined
    const held = known.get(toHex(message.cid))
    return { kind: 'found', providers: held && held.until > timer.now() ? held.providers : [] }
  }

  async function announceTo(connection: Connection): Promise<void> {
    const cids = announced.map(({ bytes }) => bytes).slice(0, MAX_ANNOUNCED)
    await ask(connection, { kind: 'announce', lifetime: MAX_LIFETIME, cids })
  }

  function announceToAll(): void {
    cancelAnnounce()
    if (announced.length > 0) cancelAnnounce = timer.after(ANNOUNCE_MS, announceToAll)
    void neighbours().then(all => Promise.all(all.map(announceTo)))
  }

  const onIdentify = (event: CustomEvent<{ connection: Connection; protocols: string[] }>) => {
    const { connection, protocols } = event.detail
    if (announced.length > 0 && !connection.limits && protocols.includes(providersProtocol)) {
      void announceTo(connection)
    }
  }
  libp2p.addEventListener('peer:identify', onIdentify)

  const handle = (stream: Stream): void => {
    const messages = frame(stream)
    void messages
      .receive(ASK_MS)
      .then(async asked => {
        const said = asked.ok ? await answer(asked.value) : undefined
        if (said) await messages.send(said)
      })
      .finally(() => messages.close())
  }
  await libp2p.handle(providersProtocol, handle, { maxInboundStreams: 4 })

  return {
    find: cid => find(cid).catch(() => []),
    announce(cids) {
      announced = cids
      announceToAll()
    },
    stop() {
      cancelAnnounce()
      libp2p.removeEventListener('peer:identify', onIdentify)
    },
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return multiaddr(bytes).toString()
  } catch {
    return undefined
  }
}
