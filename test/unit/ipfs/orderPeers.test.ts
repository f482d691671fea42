// Signed orders over libp2p: a phone meets a kiosk at a relay, and believes nobody but the holder of the key that the code names.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryBlockstore } from 'blockstore-core'
import { afterEach, expect, it } from 'vitest'
import { freePort } from '../../../node/http.ts'
import { startSeed } from '../../../node/seed/seed.ts'
import { systemTimer } from '../../../node/systemTimer.ts'
import type { OrderPeers } from '../../../src/app/ports/orderPeers.ts'
import { createFirmwareSource } from '../../../src/io/ipfs/firmwareSource.ts'
import { startNode } from '../../../src/io/ipfs/node.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startRelay() {
  const directory = await mkdtemp(join(tmpdir(), 'fob-relay-'))
  cleanups.push(() => rm(directory, { recursive: true, force: true }))
  const [port, gatewayPort] = [await freePort(), await freePort()]
  const start = () => startSeed({ directory, host: '127.0.0.1', port, gatewayPort, log: () => {} })
  let seed = await start()
  cleanups.push(() => seed.stop())
  return {
    address: seed.addresses().find(address => address.includes('/ws/')) ?? '',
    /** The same one, after its machine was switched off and on. */
    async restart(): Promise<void> {
      await seed.stop()
      seed = await start()
    },
  }
}

function page(relays: readonly string[]): OrderPeers {
  const source = createFirmwareSource({
    network: () => ({ peers: relays, gateways: [] }),
    platform: { timer: systemTimer, storageEstimate: async () => null, onOnlineChange: () => () => {} },
    openBlocks: async () => new MemoryBlockstore(),
    startNode: blockstore =>
      startNode({ blockstore, webRtc: false, timer: systemTimer, onOnlineChange: () => () => {} }),
  })
  cleanups.push(() => source.stop())
  return source.orders
}

it('goes to the kiosk and back in one round trip, until the kiosk takes no more; nobody else’s key will do', async () => {
  const unreachable = `/ip4/127.0.0.1/tcp/${await freePort()}/ws/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8`
  const relay = await startRelay()
  const relays = [unreachable, relay.address]
  const [kiosk, phone] = [page(relays), page(relays)]
  const taken: string[] = []
  const take = async (code: string) => {
    taken.push(code)
    return code === 'FOB:PAY:DEAR'
      ? ({ kind: 'refused', refusal: 'overSaleLimit' } as const)
      : ({ kind: 'taken' } as const)
  }
  const listening = await kiosk.take(take)
  if (!listening.ok || listening.value === null) throw new Error('the kiosk can’t be met')
  expect(listening.value).toHaveLength(32)
  const key = listening.value
  // It is met as soon as a relay has given it a place.
  const first = await until(
    () => phone.handOver(key, 'FOB:PAY:CHEAP'),
    answer => answer.ok,
  )
  expect(first).toEqual({ ok: true, value: { kind: 'taken' } })
  expect(await phone.handOver(key, 'FOB:PAY:DEAR')).toEqual({
    ok: true,
    value: { kind: 'refused', refusal: 'overSaleLimit' },
  })
  expect(taken).toEqual(['FOB:PAY:CHEAP', 'FOB:PAY:DEAR'])

  const forged = Uint8Array.from(key)
  forged[31] = (forged[31] ?? 0) ^ 1
  expect(await phone.handOver(forged, 'FOB:PAY:CHEAP')).toMatchObject({ error: { kind: 'kioskUnreachable' } })

  await relay.restart()
  expect(
    await until(
      () => phone.handOver(key, 'FOB:PAY:LATER'),
      answer => answer.ok,
    ),
  ).toEqual({ ok: true, value: { kind: 'taken' } })

  expect(await kiosk.take(null)).toEqual({ ok: true, value: null })
  expect(await phone.handOver(key, 'FOB:PAY:CHEAP')).toMatchObject({ error: { kind: 'kioskUnreachable' } })
  expect(taken).toHaveLength(3)
})

it('starts no node where a network names no peers', async () => {
  const source = createFirmwareSource({
    network: () => ({ peers: [], gateways: [] }),
    platform: { timer: systemTimer, storageEstimate: async () => null, onOnlineChange: () => () => {} },
    startNode: async () => {
      throw new Error('a node was started')
    },
  })
  const key = new Uint8Array(32)
  expect(await source.orders.take(async () => ({ kind: 'taken' }))).toMatchObject({
    error: { kind: 'peersUnavailable', detail: 'this network names no peers' },
  })
  expect(await source.orders.handOver(key, 'FOB:PAY:ONE')).toMatchObject({
    error: { kind: 'kioskUnreachable', detail: 'this network names no peers' },
  })
})

async function until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const answer = await ask()
    if (isDone(answer) || i === 200) return answer
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
