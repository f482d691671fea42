// Two libp2p nodes on loopback and a channel between them, with a chain that says what the test wants.
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { afterEach } from 'vitest'
import { openPayeeLedger } from '../../../node/channels/payeeLedger.ts'
import { openPurse } from '../../../node/channels/payerPurse.ts'
import { type ServeStream, serveStream } from '../../../node/channels/serveStream.ts'
import { loadWebRtc } from '../../../node/seed/webRtc.ts'
import type { Bytes } from '../../../src/core/bytes.ts'
import { cidOf, RAW } from '../../../src/core/ipfs/block.ts'
import { messageStream } from '../../../src/core/p2p/messageStream.ts'
import {
  decodeProvidersMessage,
  encodeProvidersMessage,
  MAX_PROVIDERS_MESSAGE,
  providersProtocol,
} from '../../../src/core/providers/message.ts'
import { ok } from '../../../src/core/result.ts'
import type { LedgerOptions, PayeeLedger, ReadChannel } from '../../../src/core/voucher/payeeLedger.ts'
import type { PayerPurse } from '../../../src/core/voucher/payerPurse.ts'
import { maxServeMessage, serveProtocol } from '../../../src/core/voucher/serveMessage.ts'
import type { ChannelOnChain } from '../../../src/core/voucher/standing.ts'
import { nodeTimer } from '../../fixtures/memoryPorts.ts'
import { domain, keyOf, terms } from '../voucher/people.ts'
import { eventually } from './process.ts'

export const price = 10n
export const demand = { payee: terms.payee, token: null, minExitDelay: 86_400 }

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** `listens`: on a free port of the loopback. */
export async function node(listens: boolean): Promise<Libp2p> {
  const libp2p = await createLibp2p({
    addresses: { listen: listens ? ['/ip4/127.0.0.1/tcp/0/ws'] : [] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  })
  cleanups.push(() => libp2p.stop())
  return libp2p
}

export function addressOf(libp2p: Libp2p): Multiaddr {
  const [address] = libp2p.getMultiaddrs()
  if (!address) throw new Error('the node listens nowhere')
  return address
}

export const openChannel: ChannelOnChain = { deposit: 1000n, claimed: 0n, exitAt: 0 }

const chainSaying =
  (channel: () => ChannelOnChain): ReadChannel =>
  async () =>
    ok(channel())

export const ledgerIn = (
  directory: string,
  channel = () => openChannel,
  consent?: LedgerOptions['consent'],
): PayeeLedger =>
  openPayeeLedger({
    directory,
    ...(consent && { consent }),
    domain,
    demand,
    read: chainSaying(channel),
    monotonic: () => performance.now(),
    freshMs: 0,
  })

export async function purseIn(directory: string): Promise<PayerPurse> {
  const read = chainSaying(() => openChannel)
  const purse = await openPurse({ directory, domain, terms, secretKey: keyOf('session'), read })
  if (!purse.ok) throw new Error(purse.error.kind)
  return purse.value
}

export interface TestBlock {
  readonly cid: CID
  readonly bytes: Bytes
}

export const block = (name: number, length = 1000): TestBlock => {
  const bytes = new Uint8Array(length).fill(name)
  return { cid: cidOf(RAW, bytes), bytes }
}

/** A store of these blocks alone. */
export function storeOf(...blocks: readonly TestBlock[]) {
  const held = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
  return {
    has: async (cid: CID) => held.has(cid.toString()),
    async *get(cid: CID) {
      const bytes = held.get(cid.toString())
      if (!bytes) throw Object.assign(new Error('not here'), { name: 'NotFoundError' })
      yield bytes
    },
  }
}

/** A stream to somebody who serves, for messages of any kind and order. */
export async function streamTo(payer: Libp2p, payee: Libp2p): Promise<ServeStream> {
  const stream = await payer.dialProtocol(addressOf(payee), serveProtocol)
  return serveStream(stream, { messageBytes: maxServeMessage, queued: 100, sendMs: 2_000 })
}

/** Reached by nobody but over WebRTC, arranged at that relay. */
export async function phoneAt(relay: string): Promise<Libp2p> {
  const phone = await createLibp2p({
    addresses: { listen: [`${relay}/p2p-circuit`, '/webrtc'] },
    transports: [webSockets(), circuitRelayTransport(), ...(await loadWebRtc(() => {}))],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  })
  await eventually(() => phone.getMultiaddrs().some(each => String(each).includes('/p2p-circuit/webrtc')))
  return phone
}

/** Says at the relay that it holds the file. */
export async function announce(phone: Libp2p, relay: string, cid: CID): Promise<void> {
  const stream = messageStream(
    await phone.dialProtocol(multiaddr(relay), providersProtocol),
    { encode: encodeProvidersMessage, decode: decodeProvidersMessage },
    { messageBytes: MAX_PROVIDERS_MESSAGE, queued: 1, sendMs: 5_000 },
    nodeTimer,
  )
  await stream.send({ kind: 'announce', lifetime: 600, cids: [cid.bytes] })
  const answer = await stream.receive(5_000)
  if (!answer.ok || answer.value.kind !== 'announced') throw new Error('the relay did not take it')
}
