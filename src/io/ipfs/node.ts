// The in-browser IPFS node: Helia on libp2p, with blocks over /fob/serve/1.0.0 and bitswap. A heavy module: import it with `import()` only.
import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { PeerId } from '@libp2p/interface'
import { ping } from '@libp2p/ping'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { yamux } from '@libp2p/yamux'
import { createHeliaLight } from 'helia'
import type { CID } from 'multiformats/cid'
import type { PeerStatus, Served } from '../../app/ports/firmware.ts'
import type { Bytes } from '../../core/bytes.ts'
import type { MessageStream, RawStream } from '../../core/p2p/messageStream.ts'
import { quietWindows } from '../../core/p2p/quietWindows.ts'
import { createServeStreams, type Seller, usualServeLimits } from '../../core/p2p/serveStreams.ts'
import { createUploadBudget } from '../../core/p2p/uploadBudget.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { type ServeMessage, serveProtocol } from '../../core/voucher/serveMessage.ts'
import { hostOf, isAllowed, parsePeerAddress, peerIdOf } from './addresses.ts'
import { findAtRouter } from './delegatedRouting.ts'
import { noiseForBrowsers } from './nativeNoise.ts'
import { createOnTheWay } from './onTheWay.ts'
import { createPeerSource, dialTwice, type Node } from './peerSource.ts'
import { createProviderClient } from './providers.ts'
import { createRedialler, type Redialler } from './redial.ts'
import { noteSentBlocks, type SentBlocks } from './servedBlocks.ts'
import { createServedFiles } from './servedFiles.ts'
import { createServedGiver } from './servedGiver.ts'
import { servedStore } from './servedStore.ts'
import { openServeStream } from './serveProtocol.ts'
import type { BlockSource } from './source.ts'
import { createStoredBlocks } from './storedBlocks.ts'
import type { Blockstore } from './stores.ts'
import { webSocketsInOnePiece } from './webSockets.ts'

export interface NodeSettings {
  readonly blockstore: Blockstore
  /** WebRTC is what browsers reach each other by; Node.js has none of its own. */
  readonly webRtc: boolean
  readonly timer: Timer
  readonly onOnlineChange: (listener: () => void) => () => void
  /** Blocks went out to a peer: once for each file that they are of. */
  readonly onServed?: (served: Served) => void
}

/** What may be sold: blocks of the served files, within what may be given. */
interface FilesForSale {
  /** undefined for a block of no served file, and for all when as much went out as may. */
  readBlock(cid: CID): Promise<Uint8Array | undefined>
  /** It went out: it counts against what may be given, and for the file that it is of. To be asked for a price does not. */
  sent(block: Uint8Array): void
}

/** As a `Seller`, of these files. */
type Sell = (...args: [...Parameters<Seller>, FilesForSale]) => Promise<void>

export interface IpfsNode {
  /** The peer id of this browser. */
  readonly id: string
  /** What that is made of, and what is proven to whoever connects: an Ed25519 key, 32 bytes; null for a key of another kind. */
  readonly key: Bytes | null
  /** The peer at this multiaddr; undefined where it is none that could be dialled. One source per address, kept. */
  peer(address: string): BlockSource | undefined
  /** Keeps connections to these peers from now on, and no longer to others. */
  stayConnected(addresses: readonly string[]): void
  peers(): readonly PeerStatus[]
  /** Resolves when the first of these peers is connected, or none can be reached, or after a few seconds. */
  reach(addresses: readonly string[]): Promise<void>
  /** Multiaddrs of peers that hold the file, as far as those know that are connected now. */
  findProviders(root: CID): Promise<readonly string[]>
  /** The same, as far as these delegated routers know: base URLs. They learn which file is wanted, and by which IP address. */
  findAtRouters(root: CID, routers: readonly string[]): Promise<readonly string[]>
  /**
   * From now on gives the blocks of these files to whoever asks, and tells relays that it holds them; null: neither of it. A
   * node that was just started gives nothing away. After `maxBytes` (null: no limit) it looks empty.
   */
  serve(roots: readonly CID[] | null, maxBytes?: number | null): Promise<void>
  /**
   * Purchases of served blocks are handed to it; nothing is given away besides, unless `givesAway`: then it is there for whoever
   * sponsors that. null: as before.
   */
  sell(sell: Sell | null, givesAway?: boolean): void
  /**
   * A new stream of /fob/serve/1.0.0 to the peer at this multiaddr, which is dialled where it is not connected; the caller
   * closes it. undefined where it is no address of a peer, or that peer does not speak it. Rejects where it can't be reached.
   */
  openServe(address: string): Promise<MessageStream<ServeMessage> | undefined>
  /** Streams of this protocol go to `onStream` from now on, also those that a relay with limits carries; null: refused. */
  handle(protocol: string, onStream: ((stream: RawStream, peer: string) => void) | null): Promise<void>
  /** A new stream over whichever of these ways to one peer leads there, through a relay with limits as well. Rejects. */
  openStream(addresses: readonly string[], protocol: string): Promise<RawStream>
  stop(): Promise<void>
}

/** Whoever is not reached within this time is asked by the next look. */
const REACH_MS = 6_000

/**
 * What a stranger can make this browser do. A peer that asks for more waits: wants and streams beyond the limits are dropped,
 * blocks are read one after the other for each peer, and for all together no more than `onTheWay` bytes at a time.
 */
const LIMITS = {
  connections: 48,
  /** New ones from one address in a second. */
  inboundConnections: 8,
  /** Of one peer, at a time. */
  inboundStreams: 32,
  messageBytes: 4 << 20,
  onTheWay: 16 << 20,
  onTheWayMs: 12_000,
  /** A firmware goes out as quickly as the channel carries it; whoever comes back for more again and again waits. */
  eachPeer: { burst: 64 << 20, perSecond: 2 << 20 },
  allPeers: { burst: 512 << 20, perSecond: 16 << 20 },
} as const
/** As many blocks as are asked for at a time: what a peer may send before it hears that they were read. */
const OWN_WINDOW = 2 << 20
/** Each is one relay to be met at: when one is gone, others still lead here. */
const RELAYS = ['/p2p-circuit', '/p2p-circuit', '/p2p-circuit']
/** Of each peer. @helia/bitswap 4.0.19 reads this name (block-broker.js, peer-want-lists), and declares it in another spelling. */
const wantLists = { maxWantListSize: 64 }

/**
 * Under a new peer id each time: nobody can tell that the same browser was there before, and a peer that has not noticed yet
 * that a tab died sends nothing to its end (it answers over any connection of a peer, and each block once).
 */
export async function startNode(settings: NodeSettings): Promise<IpfsNode> {
  const { timer } = settings
  const namedHosts = new Set<string>()
  const served = createServedFiles(settings.blockstore)
  const onTheWay = createOnTheWay(timer, LIMITS.onTheWay, LIMITS.onTheWayMs)
  const stored = createStoredBlocks(settings.blockstore)
  let seller: Seller | null = null
  let areSold = false
  // Without iceServers the defaults would contact public STUN servers.
  const rtc = { rtcConfiguration: { iceServers: [] } }
  const node: Node = withBitswap(
    withLibp2pLight(
      createHeliaLight({
        blockstore: servedStore(
          settings.blockstore,
          cid => !areSold && served.has(cid),
          onTheWay,
          served.read,
        ),
      }),
      {
        addresses: { listen: [...RELAYS, ...(settings.webRtc ? ['/webrtc'] : [])] },
        transports: [
          webSocketsInOnePiece(),
          circuitRelayTransport(),
          ...(settings.webRtc ? [webRTC(rtc), webRTCDirect(rtc)] : []),
        ],
        connectionEncrypters: [await noiseForBrowsers()],
        streamMuxers: [quietWindows(yamux(), OWN_WINDOW)],
        // The browser's default gater refuses ws:// and private addresses, which is where a workshop's seed lives.
        connectionManager: {
          maxConnections: LIMITS.connections,
          inboundConnectionThreshold: LIMITS.inboundConnections,
        },
        connectionGater: { denyDialMultiaddr: address => !isAllowed(address, namedHosts) },
        services: { identify: identify(), ping: ping() },
      },
    ),
    {
      maxInboundStreams: LIMITS.inboundStreams,
      ...wantLists,
      maxIncomingMessageSize: LIMITS.messageBytes,
      maxOutgoingMessageSize: LIMITS.messageBytes,
    },
  )
  await node.start()
  noteSentBlocks(node.libp2p, noteSent)
  const serveStreams = createServeStreams({
    timer,
    giver: createServedGiver({
      stored,
      served,
      onTheWay,
      budget: createUploadBudget(timer, LIMITS.eachPeer, LIMITS.allPeers),
      areSold: () => areSold,
      onServed: it => settings.onServed?.(it),
      timer,
    }),
    seller: () => seller,
  })
  await node.libp2p.handle(
    serveProtocol,
    (stream, { remotePeer }) => serveStreams.accept(stream, remotePeer.toString()),
    { maxInboundStreams: usualServeLimits.streamsPerPeer },
  )
  const providers = await createProviderClient({ libp2p: node.libp2p, timer, namedHosts })

  const sources = new Map<string, BlockSource>()
  const diallers = new Map<string, { readonly peerId: string | undefined; readonly dialler: Redialler }>()

  const onDisconnect = (event: CustomEvent<{ toString(): string }>) => {
    for (const { peerId, dialler } of diallers.values()) {
      if (peerId === event.detail.toString()) dialler.lost()
    }
  }
  node.libp2p.addEventListener('peer:disconnect', onDisconnect)
  const stopListening = settings.onOnlineChange(() => {
    for (const { dialler } of diallers.values()) dialler.hurry()
  })

  const forSale = (peer: string): FilesForSale => ({
    async readBlock(cid) {
      return served.has(cid) ? await stored.get(cid) : undefined
    },
    sent(block) {
      const bytes = block.length
      served.read(bytes)
      void served.fileOf(block).then(root => {
        if (root) settings.onServed?.({ peer, cid: root.toString(), blocks: 1, bytes })
      })
    },
  })

  function noteSent({ peer, blocks, over }: SentBlocks): void {
    const bytes = blocks.reduce((sum, { length }) => sum + length, 0)
    void over.then(() => onTheWay.gone(bytes))
    void Promise.all(
      blocks.map(async block => ({ root: await served.fileOf(block), bytes: block.length })),
    ).then(sent => {
      for (const [cid, parts] of Map.groupBy(sent, ({ root }) => root?.toString())) {
        if (cid === undefined) continue
        const total = parts.reduce((sum, part) => sum + part.bytes, 0)
        settings.onServed?.({ peer, cid, blocks: parts.length, bytes: total })
      }
    })
  }

  /** As for any stranger's address: hosts that the network names, and public ones. */
  function mayBeDialled(text: string): boolean {
    const address = parsePeerAddress(text)
    return address !== undefined && isAllowed(address, namedHosts)
  }

  function name(text: string) {
    const address = parsePeerAddress(text)
    if (address) namedHosts.add(hostOf(address))
    return address
  }

  return {
    id: node.libp2p.peerId.toString(),
    key: keyOf(node.libp2p.peerId),
    peer(text) {
      const known = sources.get(text)
      if (known) return known
      const address = name(text)
      if (!address || peerIdOf(address) === node.libp2p.peerId.toString()) return undefined
      const source = createPeerSource(node, address, timer)
      sources.set(text, source)
      return source
    },
    stayConnected(addresses) {
      for (const [text, { dialler }] of diallers) {
        if (addresses.includes(text)) continue
        dialler.stop()
        diallers.delete(text)
      }
      for (const text of addresses) {
        const address = diallers.has(text) ? undefined : name(text)
        if (!address) continue
        const dialler = createRedialler(timer, () =>
          dialTwice(node, address, timer).then(
            () => true,
            () => false,
          ),
        )
        diallers.set(text, { peerId: peerIdOf(address), dialler })
        dialler.hurry()
      }
    },
    peers: () =>
      node.libp2p.getConnections().map(connection => ({
        id: connection.remotePeer.toString(),
        address: connection.remoteAddr.toString(),
        direction: connection.direction === 'inbound' ? 'in' : 'out',
      })),
    async reach(addresses) {
      const dialled = addresses.flatMap(text => {
        const address = name(text)
        return address ? [dialTwice(node, address, timer)] : []
      })
      const first = Promise.any(dialled).catch(() => undefined)
      await Promise.race([first, new Promise<void>(resolve => timer.after(REACH_MS, resolve))])
    },
    findProviders: providers.find,
    async findAtRouters(root, routers) {
      const found = await Promise.all(routers.map(base => findAtRouter(base, root, mayBeDialled)))
      return [...new Set(found.flat())]
    },
    async serve(roots, maxBytes = null) {
      if (await served.choose(roots, maxBytes)) providers.announce(roots ?? [])
    },
    sell(sell, givesAway = false) {
      areSold = sell !== null && !givesAway
      seller = sell && ((stream, peer) => sell(stream, peer, forSale(peer)))
    },
    async openServe(text) {
      const address = name(text)
      const stream = address && (await openServeStream(await dialTwice(node, address, timer), timer))
      return stream ?? undefined
    },
    async handle(protocol, onStream) {
      await node.libp2p.unhandle(protocol)
      if (onStream === null) return
      await node.libp2p.handle(
        protocol,
        (stream, { remotePeer }) => onStream(stream, remotePeer.toString()),
        { runOnLimitedConnection: true, maxInboundStreams: usualServeLimits.streamsPerPeer },
      )
    },
    async openStream(addresses, protocol) {
      const ways = addresses.map(name).filter(way => way !== undefined)
      const signal = AbortSignal.timeout(REACH_MS)
      const connection = await node.libp2p.dial(ways, { signal })
      return connection.newStream(protocol, { signal, runOnLimitedConnection: true })
    },
    async stop() {
      stopListening()
      serveStreams.stop()
      providers.stop()
      node.libp2p.removeEventListener('peer:disconnect', onDisconnect)
      for (const { dialler } of diallers.values()) dialler.stop()
      await node.stop()
    },
  }
}

const keyOf = ({ type, publicKey }: PeerId): Bytes | null =>
  type === 'Ed25519' && publicKey ? Uint8Array.from(publicKey.raw) : null
