// The maker's seed: an always-on IPFS node that keeps firmware, serves it over /fob/serve/1.0.0, bitswap and HTTP, and relays its peers.
import { createSocket } from 'node:dgram'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { withBitswap } from '@helia/bitswap'
import { type HeliaWithLibp2p, withLibp2pLight } from '@helia/libp2p'
import { type CircuitRelayService, circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { yamux } from '@libp2p/yamux'
import { FsBlockstore } from 'blockstore-fs'
import { LevelDatastore } from 'datastore-level'
import { createHeliaLight } from 'helia'
import { quietWindows } from '../../src/core/p2p/quietWindows.ts'
import { checkPortIsFree, listen, shut } from '../http.ts'
import { addFirmwareFile, parseCid } from './firmwareFile.ts'
import { createGateway } from './gateway.ts'
import { giveBlocks } from './give.ts'
import { serveProviders } from './providers.ts'
import { type SellOptions, sellBlocks } from './sell.ts'
import { loadWebRtcDirect, type Transport } from './webRtc.ts'
import { webSocketsInOnePiece } from './webSockets.ts'

export interface SeedOptions {
  /** Blocks and the peer's key are kept here. */
  readonly directory: string
  readonly host: string
  /** TCP for WebSockets, and the same number in UDP, if it is free, for WebRTC-direct. */
  readonly port: number
  /** Absent: no gateway. */
  readonly gatewayPort?: number
  /** False: over WebSockets alone. */
  readonly webRtcDirect?: false
  /** For pages served over https, which may not dial ws://: PEM texts. */
  readonly tls?: { readonly port: number; readonly certificate: string; readonly key: string }
  readonly log: (line: string) => void
  /** Multiaddrs of other relays: asked who holds a file where this one knows too few. */
  readonly neighbours?: () => readonly string[]
  /** Blocks are sold for vouchers, and not given away: neither over bitswap nor by the gateway. */
  readonly sell?: Omit<SellOptions, 'blocks'>
}

export interface Seed {
  readonly peerId: string
  readonly gateway: string | null
  /** Multiaddrs that end in the peer id. */
  addresses(): readonly string[]
  connectedPeers(): number
  /** Relay slots in use. */
  reservations(): number
  /** Returns the CID, base32. */
  add(bytes: Uint8Array): Promise<string>
  has(cid: string): Promise<boolean>
  stop(): Promise<void>
}

type Services = { identify: unknown; ping: unknown; relay: CircuitRelayService }

/** Throws PortInUse where a port is taken. */
export async function startSeed(options: SeedOptions): Promise<Seed> {
  await checkPortIsFree(options.port, options.host)
  mkdirSync(options.directory, { recursive: true })
  const webRtc = options.webRtcDirect === false ? undefined : await loadWebRtc(options.log)
  const ip = options.host.includes(':') ? 'ip6' : 'ip4'
  const addresses = [`/${ip}/${options.host}/tcp/${options.port}/ws`]
  if (webRtc !== undefined) {
    addresses.push(`/${ip}/${options.host}/udp/${await chooseUdpPort(options)}/webrtc-direct`)
  }
  if (options.tls !== undefined) addresses.push(`/${ip}/${options.host}/tcp/${options.tls.port}/tls/ws`)

  // Helia opens and closes neither by itself; one left open keeps the next start out.
  const blockstore = new FsBlockstore(join(options.directory, 'blocks'))
  const datastore = new LevelDatastore(join(options.directory, 'data'))
  await blockstore.open()
  await datastore.open()
  const closeStores = async () => {
    await datastore.close()
    await blockstore.close()
  }
  let helia: HeliaWithLibp2p<Services>
  try {
    helia = await start(options, { blockstore, datastore }, addresses, webRtc)
  } catch (error) {
    await closeStores()
    throw error
  }
  const { libp2p } = helia
  // A relay otherwise holds a slot for two hours after a browser is gone, and the next one gets no address.
  libp2p.addEventListener('peer:disconnect', event => {
    libp2p.services.relay.reservations.delete(event.detail)
  })

  await serveProviders(libp2p, { neighbours: options.neighbours ?? (() => []), log: options.log })

  const { sell } = options
  const server = sell
    ? await sellBlocks(libp2p, { ...sell, blocks: helia.blockstore })
    : await giveBlocks(libp2p, blockstore)
  const { gatewayPort } = options
  const gateway =
    gatewayPort === undefined ? undefined : createGateway(helia.blockstore, { isPaid: sell !== undefined })
  try {
    if (gateway && gatewayPort !== undefined) await listen(gateway, gatewayPort, options.host)
  } catch (error) {
    await helia.stop()
    await closeStores()
    throw error
  }
  return {
    peerId: libp2p.peerId.toString(),
    gateway: gatewayPort === undefined ? null : `http://${options.host}:${gatewayPort}`,
    addresses: () => libp2p.getMultiaddrs().map(String),
    connectedPeers: () => libp2p.getPeers().length,
    reservations: () => libp2p.services.relay.reservations.size,
    async add(bytes) {
      const cid = await addFirmwareFile(helia.blockstore, bytes)
      return cid.toString()
    },
    async has(text) {
      const cid = parseCid(text)
      return cid !== undefined && (await helia.blockstore.has(cid))
    },
    async stop() {
      if (gateway) await shut(gateway)
      await server.stop()
      await helia.stop()
      await closeStores()
    },
  }
}

async function start(
  options: SeedOptions,
  stores: { readonly blockstore: FsBlockstore; readonly datastore: LevelDatastore },
  addresses: string[],
  webRtc: Transport | undefined,
): Promise<HeliaWithLibp2p<Services>> {
  const { tls } = options
  const node = createHeliaLight(stores)
  const peer = withLibp2pLight<typeof node, Services>(node, {
    addresses: { listen: addresses },
    transports: [
      webSocketsInOnePiece(tls === undefined ? {} : { https: { cert: tls.certificate, key: tls.key } }),
      ...(webRtc === undefined ? [] : [webRtc]),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [quietWindows(yamux())],
    // Many browsers behind one address (an office, a test) start at the same moment.
    connectionManager: { maxConnections: 500, inboundConnectionThreshold: 50 },
    services: {
      identify: identify(),
      ping: ping(),
      relay: circuitRelayServer({ reservations: { maxReservations: 128 } }),
    },
  })
  const helia = options.sell === undefined ? withBitswap<Services>(peer) : peer
  return (await helia.start()) as HeliaWithLibp2p<Services>
}

/**
 * The same number as for WebSockets where it is free. The native library never gives a UDP port back before the process
 * ends, so a seed that is started again in one process takes another; so does one that meets another program.
 */
async function chooseUdpPort({ host, port }: SeedOptions): Promise<number> {
  return (await bindUdp(host, port)) ?? (await bindUdp(host, 0)) ?? port
}

/** The port that was bound for a moment; undefined where it is taken. */
function bindUdp(host: string, port: number): Promise<number | undefined> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  return new Promise(resolve => {
    socket.once('error', () => resolve(undefined))
    socket.bind({ address: host, port, exclusive: true }, () => {
      const bound = socket.address().port
      socket.close(() => resolve(bound))
    })
  })
}

/** WebRTC on Node.js needs a native library that not every machine has; the seed works without. */
async function loadWebRtc(log: (line: string) => void): Promise<Transport | undefined> {
  try {
    return await loadWebRtcDirect()
  } catch {
    log('WebRTC is not available on this machine: browsers reach the seed over WebSockets only.')
    return undefined
  }
}
