// The kiosk's box: takes a catalogue of who owns the device by proof, orders that are signed, reports, and pictures that are named.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MemoryBlockstore } from 'blockstore-core'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKioskBox as openBox } from '../../../node/kiosk/kioskBox.ts'
import { systemTimer } from '../../../node/systemTimer.ts'
import { type Address, fromHex, type Hex, toHex, utf8 } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import {
  type CatalogueContent,
  catalogueTypedData,
  termsOfProduct,
  writeContent,
} from '../../../src/core/kiosk/catalogue.ts'
import { encodeSignedOrderCode } from '../../../src/core/kiosk/codes.ts'
import { reportDigest, writeReport } from '../../../src/core/kiosk/report.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { offerIdOf, prepaidOrderDigest } from '../../../src/core/registry/marketStatements.ts'
import { ok } from '../../../src/core/result.ts'
import { createFirmwareSource } from '../../../src/io/ipfs/firmwareSource.ts'
import { createKioskBox } from '../../../src/io/kiosk/box.ts'
import { temporaryDirectory } from './temporary.ts'

const account = privateKeyToAccount(`0x${'12'.repeat(32)}`)
const buyer = privateKeyToAccount(`0x${'13'.repeat(32)}`)
const lower = (address: string): Address => `0x${address.slice(2).toLowerCase()}`
const owner = lower(account.address)
const deviceId: Hex = `0x${'21'.repeat(32)}`
const domain = { chainId: 31_337, market: `0x${'34'.repeat(20)}` } as const
/** Of two blocks and the one above them. */
const picture = Uint8Array.from({ length: 70_000 }, (_, i) => i % 251)
const cid = layOutFile(picture).root.toString()
const zeros: Hex = `0x${'00'.repeat(32)}`
const content: CatalogueContent = {
  title: { en: 'Lobby', zh: '' },
  products: [
    {
      ...{
        number: 1,
        slot: 1,
        name: { en: 'Tea', zh: '' },
        note: { en: '', zh: '' },
        picture: cid,
        price: 10n ** 12n,
      },
      ...{ token: null, maxQuantity: 1, fulfilWithin: 900, legalHash: zeros },
      shares: [{ payee: owner, amount: 10n ** 12n }],
    },
  ],
  till: null,
  depths: [],
  ways: ['instant'],
  instant: { perSale: 1n, perBuyer: 1n, open: 1n },
}

const directory = temporaryDirectory()
let now = 1_800_000_000
let provenOwner: Address | null = owner
let url = ''
const box = createKioskBox(fetch)
const server = createServer((request, response) => {
  void answer(request, response)
})
const open = () =>
  openBox({
    directory,
    domain,
    ownerOf: async () => ok(provenOwner),
    serves: () => true,
    now: () => now,
    answerKiosk: null,
  })
let answer = open()
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function catalogue(version: number) {
  const unsigned = { owner, deviceId, version, content: writeContent(content) }
  const signature = await account.sign({ hash: toHex(hashTypedData(catalogueTypedData(domain, unsigned))) })
  return { ...unsigned, signature }
}
const refusalOf = (answered: Awaited<ReturnType<typeof box.publish>>) =>
  answered.ok ? 'taken' : answered.error.detail

test('a catalogue is kept of who owns the device, newer than the last, also over a restart', async () => {
  expect(await box.catalogue(url, deviceId)).toEqual({ ok: true, value: null })
  provenOwner = `0x${'99'.repeat(20)}`
  expect(refusalOf(await box.publish(url, await catalogue(2)))).toBe('notOwner')
  provenOwner = owner
  expect(refusalOf(await box.publish(url, await catalogue(2)))).toBe('taken')
  expect(refusalOf(await box.publish(url, await catalogue(2)))).toBe('catalogueOlder')
  answer = open()
  expect(refusalOf(await box.publish(url, await catalogue(1)))).toBe('catalogueOlder')
  expect(await box.catalogue(url, deviceId)).toEqual({ ok: true, value: await catalogue(2) })
})

test('an order waits there for ten minutes if its payer has signed it; a report if its kiosk has', async () => {
  const [product] = content.products
  if (!product) throw new Error('no product')
  const terms = termsOfProduct({ owner, deviceId }, product)
  const order = {
    offerId: offerIdOf(terms),
    payer: lower(buyer.address),
    userKeyHash: zeros,
    ...{ start: 0, quantity: 1, nonce: 7n, validUntil: now + 900 },
  }
  const consent = fromHex(await buyer.sign({ hash: toHex(prepaidOrderDigest(domain, terms, order)) }))
  if (!consent) throw new Error('no signature')
  const code = encodeSignedOrderCode({ domain, order, consent })
  const forged = encodeSignedOrderCode({ domain, order: { ...order, payer: owner }, consent })
  expect(refusalOf(await box.handIn(url, deviceId, forged))).toBe('orderNotSigned')
  expect(refusalOf(await box.handIn(url, deviceId, code))).toBe('taken')
  expect(refusalOf(await box.handIn(url, deviceId, code))).toBe('taken')
  expect(await box.signedOrders(url, deviceId)).toEqual({ ok: true, value: [code] })
  now += 601
  expect(await box.signedOrders(url, deviceId)).toEqual({ ok: true, value: [] })

  const secret = new Uint8Array(32).fill(3)
  const said = {
    deviceId,
    at: now,
    content: writeReport({ slots: [], alarms: [], gasBalance: 0n, requests: [] }),
  }
  const signature = toHex(signDigest(reportDigest(domain, said), secret))
  const report = { ...said, kioskKey: toHex(devicePublicKey(secret)), signature }
  expect(refusalOf(await box.report(url, { ...report, at: now + 1 }))).toBe('reportNotSigned')
  expect(refusalOf(await box.report(url, report))).toBe('taken')
  expect(await box.reportsOf(url, deviceId)).toEqual({ ok: true, value: [report] })
})

test('nobody crowds out a buyer’s order or a kiosk’s report, nor hands in again what was told before', async () => {
  const [product] = content.products
  if (!product) throw new Error('no product')
  const terms = termsOfProduct({ owner, deviceId }, product)
  const order = async (nonce: bigint) => {
    const signed = {
      ...{ offerId: offerIdOf(terms), payer: lower(buyer.address), userKeyHash: zeros },
      ...{ start: 0, quantity: 1, nonce, validUntil: now + 900 },
    }
    const consent = fromHex(await buyer.sign({ hash: toHex(prepaidOrderDigest(domain, terms, signed)) }))
    return encodeSignedOrderCode({ domain, order: signed, consent: consent ?? new Uint8Array() })
  }
  for (let nonce = 100n; nonce < 132n; nonce++) await box.handIn(url, deviceId, await order(nonce))
  const late = await order(200n)
  expect(refusalOf(await box.handIn(url, deviceId, late))).toBe('taken')
  const waiting = await box.signedOrders(url, deviceId)
  expect(waiting.ok && [waiting.value.length, waiting.value.at(-1)]).toEqual([32, late])

  const reportOf = (seed: number, at: number) => {
    const secret = new Uint8Array(32).fill(seed)
    const told = writeReport({ slots: [], alarms: [], gasBalance: 0n, requests: [] })
    const said = { deviceId, at, content: told }
    const signature = toHex(signDigest(reportDigest(domain, said), secret))
    return { ...said, kioskKey: toHex(devicePublicKey(secret)), signature }
  }
  now += 7200
  const report = reportOf(3, now)
  expect(refusalOf(await box.report(url, report))).toBe('taken')
  expect(refusalOf(await box.report(url, reportOf(3, now - 60)))).toBe('reportOlder')
  expect(refusalOf(await box.report(url, report))).toBe('reportOlder')
  expect(refusalOf(await box.report(url, reportOf(9, now + 9_000)))).toBe('reportMalformed')
  const strangers = []
  for (const seed of [4, 5, 6, 7, 8])
    strangers.push(refusalOf(await box.report(url, reportOf(seed, now + 10))))
  expect(strangers).toEqual(['taken', 'taken', 'taken', 'boxFull', 'boxFull'])
  const told = await box.reportsOf(url, deviceId)
  expect(told.ok && told.value).toContainEqual(report)
  now += 3700
  expect(refusalOf(await box.report(url, reportOf(8, now)))).toBe('taken')
})

/** As a tablet's or a buyer's page does: its node asks the box for blocks, and checks each. */
async function fetchPicture() {
  const source = createFirmwareSource({
    network: () => ({ peers: [], gateways: [] }),
    platform: { timer: systemTimer, storageEstimate: async () => null, onOnlineChange: () => () => {} },
    openBlocks: async () => new MemoryBlockstore(),
    times: { overall: 3_000 },
  })
  const request = { cid, size: 512 << 10, peers: [], gateways: [url] }
  return source.fetch(request, { signal: new AbortController().signal, onProgress: () => {} })
}

test('a picture is taken that the catalogue names and that is what its CID says', async () => {
  expect(refusalOf(await box.putPicture(url, deviceId, cid, utf8('<svg />')))).toBe('pictureMalformed')
  const other = utf8('another')
  const name = layOutFile(other).root.toString()
  expect(refusalOf(await box.putPicture(url, deviceId, name, other))).toBe('pictureNotNamed')
  expect((await fetchPicture()).ok).toBe(false)
  expect(refusalOf(await box.putPicture(url, deviceId, cid, picture))).toBe('taken')
  expect(await fetchPicture()).toEqual({ ok: true, value: picture })
  answer = open()
  expect(await fetchPicture()).toEqual({ ok: true, value: picture })
  // Nobody answers a kiosk in its owner's place, unless he says so.
  expect(await box.ask(url, deviceId, 'FOB:KIOSK:AAAA')).toEqual({ ok: true, value: null })
})
