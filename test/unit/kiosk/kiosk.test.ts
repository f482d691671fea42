// The whole kiosk on the demo network: set up by the demo machine's owner, it sells to a plain transfer, refunds a jam, and survives its death.
import { gunzipSync } from 'node:zlib'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDemoDevice } from '../../../device/demo.ts'
import { MemoryFlash } from '../../../device/flash.ts'
import { decodeSnapshot } from '../../../device/snapshotFile.ts'
import { rpc } from '../../../node/chain/rpc.ts'
import { type Running, startFob } from '../../../node/startFob.ts'
import { demoMemoryPath } from '../../../node/web/demoMemory.ts'
import { Devices } from '../../../src/app/devices.ts'
import { createKiosk } from '../../../src/app/kiosk/createKiosk.ts'
import type { Kiosk, KioskSale } from '../../../src/app/kiosk/kiosk.ts'
import type { Readable } from '../../../src/app/observable.ts'
import type { DevicePort } from '../../../src/app/ports/device.ts'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import { decodeImagePublicKey } from '../../../src/core/mcuboot/publicKey.ts'
import { createEndpointHeaderSource } from '../../../src/core/proof/headerSource.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { addressOfKey } from '../../../src/core/wallet/address.ts'
import { parsePaymentUri } from '../../../src/core/wallet/eip681.ts'
import { signTransaction } from '../../../src/core/wallet/transaction.ts'
import { createMarketChain } from '../../../src/io/chain/market/marketChain.ts'
import { connectEndpoints, defaultRpcOptions } from '../../../src/io/chain/rpc.ts'
import { createWalletChain } from '../../../src/io/chain/wallet/walletChain.ts'
import { createKioskBox } from '../../../src/io/kiosk/box.ts'
import { createKioskTills } from '../../../src/io/kiosk/tills.ts'
import { createSignerServices } from '../../../src/io/services/signerServices.ts'
import { kioskDisk } from '../../fixtures/kioskWorld.ts'
import { memoryPlatform, memoryStores, nodeTimer } from '../../fixtures/memoryPorts.ts'
import { memoryLockKeys } from '../../fixtures/walletMemory.ts'
import { freePorts, temporaryDirectory } from '../node/temporary.ts'

const gasSecret = new Uint8Array(32).fill(0x6b)
const vending = 'Fob Vend 24/rev A'

let fob: Running
let machine: ReturnType<typeof createDemoDevice>
let kiosk: Kiosk
beforeAll(async () => {
  const { ports } = await freePorts()
  fob = await startFob({
    home: temporaryDirectory(),
    ports,
    appDirectory: 'public',
    sharesDemoDevices: true,
    log: () => {},
    onGone: reason => {
      throw new Error(reason)
    },
  })
  machine = await demoMachine()
}, 120_000)
afterAll(async () => {
  await kiosk?.close()
  machine?.device.dispose()
  await fob?.stop()
})

/** As a page meets it: from the memory that all pages share. */
async function demoMachine() {
  const response = await fetch(`${fob.url}${demoMemoryPath}/${encodeURIComponent(vending)}`)
  const bytes = Uint8Array.from(gunzipSync(new Uint8Array(await response.arrayBuffer())))
  const snapshot = decodeSnapshot(bytes.subarray(32))
  const flash = snapshot && MemoryFlash.restore(snapshot)
  const { demo, chain } = fob.network()
  if (!flash || !demo) throw new Error('no demo machine')
  return createDemoDevice({
    kind: 'vending',
    maker: demo.maker,
    registry: chain.registry,
    chainId: chain.id,
    trustedKeys: demo.trustedKeys.flatMap(
      key => decodeImagePublicKey(fromHex(key) ?? new Uint8Array()) ?? [],
    ),
    key: bytes.subarray(0, 32),
    timer: nodeTimer,
    storage: { flash },
    options: {
      requestMs: 0,
      writeMs: 0,
      eraseMs: 0,
      bootMs: 1,
      keptClock: () => Math.floor(Date.now() / 1000),
    },
  })
}

const disk = kioskDisk()
const lockKeys = memoryLockKeys()
const stores = memoryStores()

/** A tablet that is switched on, over what the last one has stored. */
async function tablet(): Promise<Kiosk> {
  const platform = memoryPlatform()
  const config = fob.network
  const devices = new Devices(platform, stores)
  await devices.load()
  const port: DevicePort = {
    source: 'demo',
    radioState: async () => 'ready',
    choose: async () => fail({ kind: 'chooserCancelled' }),
    known: async () => [],
    connect: async () => ok({ transport: await machine.device.connect(), batteryLevel: async () => null }),
    forget: async () => {},
  }
  await devices.meet({ source: 'demo', id: vending, name: 'Fob Vend 24' })
  const settings = ({ chain }: ReturnType<typeof config>) => ({
    chainId: chain.id,
    endpoints: chain.endpoints,
    minAgreeing: chain.minAgreeing,
    maxAgeSeconds: chain.maxAgeSeconds,
    deviceRegistry: chain.contracts?.deviceRegistry,
  })
  const { unixNow } = platform
  return createKiosk({
    platform,
    config,
    devices,
    port: async () => port,
    writeSizes: new Map(),
    services: createSignerServices(),
    walletPorts: { lockKeys, chain: async network => createWalletChain(settings(network), { unixNow }) },
    file: async () => fail({ kind: 'firmwareUnavailable' }),
    ports: {
      stores: disk,
      box: createKioskBox(fetch),
      tills: createKioskTills(fetch),
      gasKey: async () =>
        ok({
          address: addressOfKey(secp256k1.getPublicKey(gasSecret, false)),
          sign: async transaction => signTransaction(transaction, gasSecret),
        }),
      slowHash: async (text, salt) => toHex(Uint8Array.from([...salt, ...Buffer.from(text)])),
      async chain(network, depth) {
        const { id, endpoints, minAgreeing, contracts } = network.chain
        if (!contracts?.market) throw new Error('no Market')
        const connected = connectEndpoints(endpoints, { ...defaultRpcOptions, fetch: fetch.bind(globalThis) })
        return createMarketChain(
          { ...settings(network), market: contracts.market },
          { unixNow, headerSource: createEndpointHeaderSource(connected, id, minAgreeing, depth) },
        )
      },
    },
  })
}

async function becomes<T>(source: Readable<T>, isMet: (value: T) => boolean, seconds = 90): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const value = source.get()
    if (isMet(value)) return value
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  const now: unknown = source.get()
  const kind = typeof now === 'object' && now !== null && 'kind' in now ? now.kind : 'otherwise'
  throw new Error(
    `is still ${kind}; alarms: ${JSON.stringify(kiosk.inside.get().alarms.filter(({ kind: alarm }) => alarm === 'machineUnreachable'))}`,
  )
}
const kindIs = (kind: KioskSale['kind']) => (sale: KioskSale) => sale.kind === kind

/** Any wallet, by the link alone. */
async function payByLink(sale: KioskSale): Promise<void> {
  const offer = sale.kind === 'paying' ? sale.offers.find(({ way }) => way === 'till') : undefined
  const asked = offer?.way === 'till' ? parsePaymentUri(offer.uri) : undefined
  if (!asked?.ok || asked.value.amount === null) throw new Error('no link to pay by')
  const url = await fob.chain.url()
  const [from] = (await rpc(url, 'eth_accounts', [])) as string[]
  const value = `0x${asked.value.amount.toString(16)}`
  await rpc(url, 'eth_sendTransaction', [{ from, to: asked.value.to, value }])
}

test('the demo machine’s owner answers the kiosk, which has a catalogue, stock, and gas', {
  timeout: 120_000,
}, async () => {
  kiosk = await tablet()
  expect(kiosk.setup.get()).toEqual({ kind: 'noMachine' })
  const [record] = await stores.devices.all()
  expect(await kiosk.chooseMachine(record?.key ?? '')).toEqual({ ok: true, value: null })
  await becomes(kiosk.setup, ({ kind }) => kind === 'ready')
  const catalogue = await becomes(kiosk.catalogue, value => value?.products[0]?.state === 'forSale')
  expect(catalogue?.products).toHaveLength(8)
  await becomes(kiosk.inside, ({ gas }) => (gas?.balance.value ?? 0n) > 0n)
})

test('a plain transfer buys; the receipt is shown, and the sale is settled', {
  timeout: 120_000,
}, async () => {
  expect(await kiosk.begin(1, 1)).toEqual({ ok: true, value: null })
  await payByLink(kiosk.sale.get())
  const dropped = await becomes(kiosk.sale, kindIs('dropped'))
  expect(machine.machine?.out).toEqual([1])
  expect(dropped).toMatchObject({ dropped: 1, receipt: { slot: 1, quantity: 1 } })
  await becomes(kiosk.sale, sale => sale.kind === 'dropped' && sale.isSettled)
  kiosk.startOver()
  expect(kiosk.sale.get()).toEqual({ kind: 'idle' })
})

test('a tablet that dies after the payment goes on by itself; then a jam is refunded', {
  timeout: 120_000,
}, async () => {
  await kiosk.begin(2, 1)
  await payByLink(kiosk.sale.get())
  await kiosk.close()
  kiosk = await tablet()
  await becomes(kiosk.sale, kindIs('dropped'))
  expect(machine.machine?.out).toEqual([1, 2])
  kiosk.startOver()

  machine.machine?.disturb('jam')
  await becomes(kiosk.catalogue, value => value?.products[3]?.state === 'forSale')
  await kiosk.begin(3, 1)
  await payByLink(kiosk.sale.get())
  const refunded = await becomes(kiosk.sale, kindIs('refunded'))
  expect(refunded).toMatchObject({ why: 'nothingDropped', wasCharged: true })
  expect(machine.machine?.out).toEqual([1, 2])
})
