// The seed: another IPFS node fetches from it over WebSockets, it relays, and it survives a restart.
import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { unixfs } from '@helia/unixfs'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createHeliaLight } from 'helia'
import { CID } from 'multiformats/cid'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort, PortInUse } from '../../../node/http.ts'
import { findRunningSeed, startSeedControl } from '../../../node/seed/control.ts'
import { type Seed, startSeed } from '../../../node/seed/seed.ts'
import { eventually } from './process.ts'
import { temporaryDirectory } from './temporary.ts'

const content = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff)
const directory = temporaryDirectory()
let port: number
let gatewayPort: number
const cleanups: (() => Promise<void>)[] = []

beforeAll(async () => {
  port = await freePort()
  gatewayPort = await freePort()
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function seedUp(): Promise<Seed> {
  const seed = await startSeed({ directory, host: '127.0.0.1', port, gatewayPort, log: () => {} })
  cleanups.push(() => seed.stop())
  return seed
}

/** What a browser runs, on Node.js. */
async function peer(listen: string[] = []) {
  const helia = await withBitswap(
    withLibp2pLight(createHeliaLight(), {
      addresses: { listen },
      transports: [webSockets(), circuitRelayTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify() },
    }),
  ).start()
  cleanups.push(() => helia.stop().then(() => {}))
  return helia
}

const webSocketAddress = (seed: Seed) => multiaddr(seed.addresses().find(each => each.includes('/ws/')) ?? '')

describe('the seed', () => {
  it('hands a file to another node over bitswap, block by block verified', async () => {
    const seed = await seedUp()
    const cid = await seed.add(content)
    const browser = await peer()
    await browser.libp2p.dial(webSocketAddress(seed))
    const chunks: Uint8Array[] = []
    for await (const chunk of unixfs(browser).cat(CID.parse(cid), { signal: AbortSignal.timeout(15_000) })) {
      chunks.push(chunk)
    }
    expect(Uint8Array.from(Buffer.concat(chunks))).toEqual(content)
  })

  it('keeps its peer id, its address and its files over a restart', async () => {
    const first = await startSeed({ directory, host: '127.0.0.1', port, gatewayPort, log: () => {} })
    const cid = await first.add(content)
    const address = String(webSocketAddress(first))
    await first.stop()
    const second = await seedUp()
    expect(String(webSocketAddress(second))).toBe(address)
    expect(await second.has(cid)).toBe(true)
  })

  it('gives a browser a relayed address, and the slot back when it leaves', async () => {
    const seed = await seedUp()
    for (let round = 0; round < 3; round++) {
      const browser = await peer([`${webSocketAddress(seed)}/p2p-circuit`])
      await eventually(() =>
        browser.libp2p.getMultiaddrs().some(each => String(each).includes('/p2p-circuit')),
      )
      expect(seed.reservations()).toBe(1)
      await browser.stop()
      await eventually(() => seed.reservations() === 0)
    }
  })

  it('takes files only through its private door', async () => {
    const seed = await seedUp()
    expect(await findRunningSeed(directory)).toBeUndefined()
    const control = await startSeedControl({ current: () => seed }, directory)
    const door = await findRunningSeed(directory)
    const cid = await door?.add(content)
    expect(await seed.has(cid ?? '')).toBe(true)
    expect(await door?.status()).toMatchObject({ peerId: seed.peerId })
    await control.stop()
    expect(await findRunningSeed(directory)).toBeUndefined()
  })

  it('names the port that is in use', async () => {
    await seedUp()
    const second = startSeed({
      directory: temporaryDirectory(),
      host: '127.0.0.1',
      port,
      gatewayPort: await freePort(),
      log: () => {},
    })
    await expect(second).rejects.toSatisfy(error => error instanceof PortInUse && error.port === port)
  })
})
