// The kiosk's codes and its signed catalogue: round trips, truncation at every character, noise, and whose word is taken.
import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { type Address, type Bytes, type Hex, toHex } from '../../../src/core/bytes.ts'
import { encodeType, hashTypedData } from '../../../src/core/eip712.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import {
  type CatalogueContent,
  catalogueTypedData,
  checkCatalogue,
  depthFor,
  readContent,
  readSignedCatalogue,
  type SignedCatalogue,
  writeContent,
} from '../../../src/core/kiosk/catalogue.ts'
import { catalogueMessage } from '../../../src/core/kiosk/catalogueMessage.ts'
import { catalogueFault } from '../../../src/core/kiosk/catalogueRules.ts'
import * as codes from '../../../src/core/kiosk/codes.ts'
import { checkReport, readReport, reportDigest, writeReport } from '../../../src/core/kiosk/report.ts'
import { signDigest } from '../../../src/core/p256.ts'

const bytes = (length: number): fc.Arbitrary<Bytes> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(part => Uint8Array.from(part))
const hex = (length: number): fc.Arbitrary<Hex> => bytes(length).map(toHex)
const uint = (size: number) => fc.integer({ min: 0, max: 256 ** size - 1 })
const domain = fc.record({ chainId: uint(6), market: hex(20) })
const url = fc.option(
  fc.webUrl().filter(text => text.length < 200 && !text.includes('@')),
  { nil: null },
)
const zeros: Hex = `0x${'00'.repeat(32)}`

const each = {
  kiosk: {
    value: fc.record({
      domain,
      deviceId: hex(32),
      kioskKeyHash: hex(32),
      gasAddress: hex(20),
      name: fc.constantFrom('Lobby', '大厅', 'x'.repeat(64)),
    }),
    encode: codes.encodeKioskCode,
    decode: codes.decodeKioskCode,
  },
  grant: {
    value: fc.record({
      domain,
      grantMarket: hex(20),
      grant: fc.record({
        deviceId: hex(32),
        orderId: fc.constant(0n),
        userKeyHash: bytes(32),
        notBefore: uint(5),
        notAfter: uint(5),
        weeklyHours: bytes(21),
        maxUses: uint(2),
        actions: uint(1),
        epoch: uint(4),
        seq: uint(4),
      }),
      signature: bytes(64),
      terms: fc.record({
        use: fc.constantFrom(1 as const, 2 as const),
        slots: bytes(32),
        perDay: uint(2),
        signature: bytes(64),
      }),
      ownerKey: bytes(64),
      boxUrl: url,
    }),
    encode: codes.encodeKioskGrantCode,
    decode: codes.decodeKioskGrantCode,
  },
  sale: {
    value: fc.record({
      domain,
      offerId: hex(32),
      offerBlock: uint(6),
      quantity: fc.integer({ min: 1, max: 65_535 }),
      nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      until: uint(5),
      ways: fc.constantFrom(
        { order: true, instant: true },
        { order: true, instant: false },
        { order: false, instant: true },
      ),
      boxUrl: url,
      peerKey: fc.option(bytes(32), { nil: null }),
    }),
    encode: codes.encodeSaleCode,
    decode: codes.decodeSaleCode,
  },
  signedOrder: {
    value: fc.record({
      domain,
      order: fc.record({
        offerId: hex(32),
        payer: hex(20),
        userKeyHash: fc.constant(zeros),
        start: fc.constant(0),
        quantity: uint(2),
        nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        validUntil: uint(5),
      }),
      consent: bytes(65),
    }),
    encode: codes.encodeSignedOrderCode,
    decode: codes.decodeSignedOrderCode,
  },
  sold: {
    value: fc.record({
      domain,
      devicePublicKey: bytes(64),
      receipt: fc.record({
        orderId: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        slot: uint(2),
        quantity: uint(2),
        outcome: fc.constantFrom(1 as const, 2 as const),
        counter: uint(6),
      }),
      signature: bytes(64),
    }),
    encode: codes.encodeSoldCode,
    decode: codes.decodeSoldCode,
  },
}

function holds<T>({
  value,
  encode,
  decode,
}: {
  value: fc.Arbitrary<T>
  encode: (value: T) => string
  decode: (text: string) => T | undefined
}): void {
  fc.assert(
    fc.property(value, some => {
      expect(decode(encode(some))).toEqual(some)
    }),
    { numRuns: 25 },
  )
  const [sample] = fc.sample(value, { numRuns: 1, seed: 7 })
  if (sample === undefined) throw new Error('no sample')
  const text = encode(sample)
  for (let end = 0; end < text.length; end++) expect(decode(text.slice(0, end))).toBeUndefined()
  fc.assert(
    fc.property(
      fc.string(),
      noise => decode(noise) === undefined && decode(text.slice(0, 10) + noise) === undefined,
    ),
    { numRuns: 50 },
  )
}

test('each code reads back what was written, and nothing else', () => {
  holds(each.kiosk)
  holds(each.grant)
  holds(each.sale)
  holds(each.signedOrder)
  holds(each.sold)
})

const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const owner = account.address.toLowerCase() as Address
const deviceId: Hex = `0x${'22'.repeat(32)}`
const market = { chainId: 31_337, market: `0x${'33'.repeat(20)}` } as const
const content: CatalogueContent = {
  title: { en: 'Lobby', zh: '大厅' },
  products: [
    {
      ...{ number: 4, slot: 2, name: { en: 'Water', zh: '水' }, note: { en: '', zh: '' }, picture: null },
      ...{ price: 10n ** 15n, token: null, maxQuantity: 3, fulfilWithin: 1800, legalHash: zeros },
      shares: [{ payee: owner, amount: 10n ** 15n }],
    },
  ],
  till: `0x${'44'.repeat(20)}`,
  depths: [
    { upTo: 10n ** 15n, depth: 1 },
    { upTo: 10n ** 16n, depth: 6 },
    { upTo: 500n, depth: 2, token: `0x${'77'.repeat(20)}` },
  ],
  ways: ['till', 'instant'],
  instant: { perSale: 1n, perBuyer: 2n, open: 3n },
}

async function signed(change: Partial<SignedCatalogue> = {}): Promise<SignedCatalogue> {
  const unsigned = { owner, deviceId, version: 3, content: writeContent(content) }
  const signature = await account.sign({ hash: toHex(hashTypedData(catalogueTypedData(market, unsigned))) })
  return { ...unsigned, signature, ...change }
}

test('a catalogue is taken that its owner signed for this device, newer than the last, as it was written', async () => {
  const holder = { deviceId, owner, version: 2 }
  const whole = await signed()
  const taken = checkCatalogue(market, whole, holder)
  expect(taken).toEqual({ ok: true, value: { owner, deviceId, version: 3, ...content } })
  expect(readSignedCatalogue(JSON.parse(JSON.stringify(whole)))).toEqual({ ok: true, value: whole })
  const refusal = (of: SignedCatalogue, by = holder) => {
    const checked = checkCatalogue(market, of, by)
    return checked.ok ? 'taken' : checked.error.kind
  }
  expect(refusal(whole, { ...holder, version: 3 })).toBe('catalogueOlder')
  expect(refusal(whole, { ...holder, owner: `0x${'99'.repeat(20)}` })).toBe('catalogueForOther')
  expect(refusal(whole, { ...holder, deviceId: zeros })).toBe('catalogueForOther')
  expect(refusal({ ...whole, version: 4 })).toBe('catalogueNotSigned')
  expect(refusal({ ...whole, content: whole.content.replace('"slot":2', '"slot":3') })).toBe(
    'catalogueNotSigned',
  )
  expect(refusal({ ...whole, content: whole.content.slice(1) })).toBe('catalogueMalformed')
  expect(refusal(await signed({ signature: `0x${'00'.repeat(65)}` }))).toBe('catalogueNotSigned')
  fc.assert(
    fc.property(fc.json(), text => !readContent(text).ok && !readSignedCatalogue(JSON.parse(text)).ok),
    { numRuns: 100 },
  )
})

test('the wallet knows the catalogue’s type just as it is signed', () => {
  const typed = catalogueTypedData(market, { owner, deviceId, version: 1, content: writeContent(content) })
  expect(encodeType(typed.primaryType, typed.types)).toBe(catalogueMessage.type)
})

test('a catalogue that contradicts itself, or that Market and Till would not take, is named by its field', () => {
  const [product] = content.products
  if (!product) throw new Error('no product')
  const fault = (change: Partial<typeof product>) =>
    catalogueFault({ ...content, products: [{ ...product, ...change }] })
  expect(catalogueFault(content)).toBeNull()
  expect(fault({ shares: [{ payee: owner, amount: 1n }] })).toBe('products.0.shares')
  expect(fault({ price: 10n ** 15n + 1n, shares: [{ payee: owner, amount: 10n ** 15n + 1n }] })).toBe(
    'products.0.price',
  )
  expect(fault({ fulfilWithin: 60 })).toBe('products.0.fulfilWithin')
  expect(fault({ fulfilWithin: 90_000 })).toBe('products.0.fulfilWithin')
  expect(fault({ name: { en: ' ', zh: '水' } })).toBe('products.0.name')
  expect(catalogueFault({ ...content, products: [product, product] })).toBe('products.1.number')
  expect(
    catalogueFault({ ...content, products: [product, { ...product, number: 5, fulfilWithin: 3600 }] }),
  ).toBe('products.1.fulfilWithin')
  expect(catalogueFault({ ...content, till: null })).toBe('till')
  expect(catalogueFault({ ...content, depths: content.depths.toReversed() })).toBe('depths')
  const tokens = {
    token: `0x${'77'.repeat(20)}`,
    price: 10n,
    shares: [{ payee: owner, amount: 10n }],
  } as const
  expect(fault(tokens)).toBe('products.0.token')
  expect(catalogueFault({ ...content, ways: ['order'], products: [{ ...product, ...tokens }] })).toBeNull()
})

test('the dearer a sale, the deeper its payment has to lie, in each currency; above its last bound, it is finality', () => {
  const [product] = content.products
  if (!product) throw new Error('no product')
  expect([10n ** 15n, 2n * 10n ** 15n, 10n ** 17n].map(total => depthFor(content, product, total))).toEqual([
    1,
    6,
    'final',
  ])
  const inTokens = { ...product, token: `0x${'77'.repeat(20)}` } as const
  expect([500n, 501n].map(total => depthFor(content, inTokens, total))).toEqual([2, 'final'])
  expect(depthFor(content, { ...product, token: owner }, 1n)).toBe('final')
})

test('a report is believed of the key that it names alone', () => {
  const secret = new Uint8Array(32).fill(5)
  const slot = { slot: 1, unit: 'product', stock: 2, capacity: 8, fault: 'closed', free: 3 } as const
  const requests = [{ number: 9, end: 'done' }]
  const said = { slots: [slot], alarms: ['gasLow'], gasBalance: 12n, requests }
  const unsigned = { deviceId, at: 1_800_000_000, content: writeReport(said) }
  const signature = toHex(signDigest(reportDigest(market, unsigned), secret))
  const report = { ...unsigned, kioskKey: toHex(devicePublicKey(secret)), signature }
  expect(readReport(JSON.parse(JSON.stringify(report)))).toEqual(report)
  expect(checkReport(market, report)).toEqual({ ok: true, value: said })
  expect(checkReport(market, { ...report, at: 1 })).toMatchObject({ error: { kind: 'reportNotSigned' } })
  expect(readReport({ ...report, more: 1 })).toBeUndefined()
})
