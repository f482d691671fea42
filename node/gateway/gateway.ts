// The gateway as a libp2p node: WebSockets, WebRTC where this machine can, and slots at relays, under a peer id that stays.
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { LevelDatastore } from 'datastore-level'
import { createLibp2p, type Libp2p } from 'libp2p'
import { writeGatewayCode } from '../../src/core/gateway/code.ts'
import { GATEWAY_KEY_LENGTH } from '../../src/core/gateway/message.ts'
import { readFileIfThere, writeFileDurably } from '../files.ts'
import { checkPortIsFree } from '../http.ts'
import { loadWebRtc } from '../seed/webRtc.ts'
import { systemTimer } from '../systemTimer.ts'
import type { Radio } from './radio.ts'
import { serveDevices } from './serveDevices.ts'

export interface GatewayOptions {
  /** Its peer id and the key to it are kept here. */
  readonly directory: string
  readonly host: string
  /** WebSockets on TCP, WebRTC-direct on UDP. */
  readonly port: number
  readonly tls?: { readonly certificate: string; readonly key: string; readonly port: number } | undefined
  /** Multiaddrs of relays that it can be met at. */
  readonly relays: readonly string[]
  readonly radio: Radio
  readonly allowed?: ReadonlySet<string> | undefined
  /** Whether it speaks WebRTC, where this machine can; default true. */
  readonly webRtc?: boolean
  readonly idleMs?: number
  /** Milliseconds between two looks whether each relay is still connected; default 20,000. */
  readonly relayCheckMs?: number
  readonly log: (line: string) => void
}

export interface Gateway {
  readonly peerId: string
  /** Multiaddrs that end in the peer id. */
  addresses(): readonly string[]
  /** Resolves when it has a slot at a relay, or after `ms`. */
  atRelays(ms: number): Promise<void>
  /** To be pasted or scanned: where it is now, and the key to it. Throws RangeError while it can be reached nowhere. */
  code(): string
  stop(): Promise<void>
}

/** Addresses in a code. */
const IN_CODE = 5
const RELAY_CHECK_MS = 20_000
const DIAL_MS = 10_000
const LOOK_MS = 200

/** Throws PortInUse where the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { directory, host, port, tls, radio, log } = options
  await checkPortIsFree(port, host)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const key = loadOrMakeKey(directory)
  const webRtc = options.webRtc === false ? [] : await loadWebRtc(log)
  const ip = host.includes(':') ? 'ip6' : 'ip4'
  const listen = [`/${ip}/${host}/tcp/${port}/ws`]
  if (tls) listen.push(`/${ip}/${host}/tcp/${tls.port}/tls/ws`)
  if (webRtc.length > 0) listen.push(`/${ip}/${host}/udp/${port}/webrtc-direct`, '/webrtc')
  // A slot at each relay that it is connected to.
  listen.push(...options.relays.map(() => '/p2p-circuit'))

  // Holds WebRTC's certificate, whose hash is a part of the address.
  const datastore = new LevelDatastore(join(directory, 'data'))
  await datastore.open()
  let libp2p: Libp2p
  try {
    libp2p = await createLibp2p({
      privateKey: await loadOrMakeIdentity(directory),
      datastore,
      addresses: { listen },
      transports: [
        webSockets(tls ? { https: { cert: tls.certificate, key: tls.key } } : {}),
        circuitRelayTransport(),
        ...webRtc,
      ],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      // A relay may be on this very machine, or in the same house.
      connectionGater: { denyDialMultiaddr: () => false },
      // Without a relay it serves its house.
      transportManager: { faultTolerance: 1 },
      services: { identify: identify() },
    })
    await serveDevices(libp2p, { ...options, key })
  } catch (error) {
    await datastore.close()
    throw error
  }
  const leaveRelays = stayAtRelays(libp2p, options.relays, options.relayCheckMs ?? RELAY_CHECK_MS)
  const addresses = () => libp2p.getMultiaddrs().map(String)
  return {
    peerId: libp2p.peerId.toString(),
    addresses,
    async atRelays(ms) {
      for (let waited = 0; waited < ms && !addresses().some(isAtRelay); waited += LOOK_MS) {
        await new Promise<void>(resolve => systemTimer.after(LOOK_MS, resolve))
      }
    },
    code: () => writeGatewayCode({ addresses: [...addresses()].sort(byReach).slice(0, IN_CODE), key }),
    async stop() {
      leaveRelays()
      await radio.stop()
      await libp2p.stop()
      await datastore.close()
    },
  }
}

/** Dials those that it is not connected to, now and from time to time: a relay that was restarted does not call back. */
function stayAtRelays(libp2p: Libp2p, relays: readonly string[], everyMs: number): () => void {
  let cancel = () => {}
  let isLeft = false
  const look = async (): Promise<void> => {
    const connected = new Set(libp2p.getPeers().map(String))
    const missing = relays.map(relay => multiaddr(relay)).filter(relay => !connected.has(peerOf(relay)))
    const dials = missing.map(relay => libp2p.dial(relay, { signal: AbortSignal.timeout(DIAL_MS) }))
    await Promise.allSettled(dials)
    if (!isLeft) cancel = systemTimer.after(everyMs, () => void look())
  }
  void look()
  return () => {
    isLeft = true
    cancel()
  }
}

const isAtRelay = (address: string): boolean => address.includes('/p2p-circuit')

const peerOf = (address: Multiaddr): string =>
  address.getComponents().findLast(({ name }) => name === 'p2p')?.value ?? ''

const byReach = (a: string, b: string): number => rank(a) - rank(b)

/** An https page dials no plain WebSocket, and a relay's place is reached from everywhere; loopback is reached from here alone. */
function rank(address: string): number {
  const [own = '', circuit] = address.split('/p2p-circuit')
  const isLoopback = /^\/ip4\/127\.|^\/ip6\/::1\//.test(address) ? 10 : 0
  const isWebSocket = own.includes('/ws/')
  if (circuit !== undefined) return isLoopback + (!circuit.startsWith('/webrtc/') ? 5 : isWebSocket ? 1 : 4)
  if (own.includes('/tls/ws/')) return isLoopback
  return isLoopback + (isWebSocket ? 3 : 2)
}

function loadOrMakeKey(directory: string): Uint8Array {
  const file = join(directory, 'key')
  const stored = readFileIfThere(file)
  if (stored?.length === GATEWAY_KEY_LENGTH) return Uint8Array.from(stored)
  const key = Uint8Array.from(randomBytes(GATEWAY_KEY_LENGTH))
  writeFileDurably(file, key, 0o600)
  return key
}

async function loadOrMakeIdentity(directory: string): Promise<PrivateKey> {
  const file = join(directory, 'peer-key')
  const stored = readFileIfThere(file)
  if (stored) return privateKeyFromProtobuf(stored)
  const made = await generateKeyPair('Ed25519')
  writeFileDurably(file, privateKeyToProtobuf(made), 0o600)
  return made
}
