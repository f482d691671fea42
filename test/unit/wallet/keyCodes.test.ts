// Codes about locks: round trips, and nothing but undefined for what is cut, changed or made up.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Hex, toHex } from '../../../src/core/bytes.ts'
import { VendUse } from '../../../src/core/vending/vendTerms.ts'
import {
  decodeAskCode,
  decodeBoxCode,
  decodeKeyCode,
  decodeOfferCode,
  decodeOrderCode,
  encodeAskCode,
  encodeBoxCode,
  encodeKeyCode,
  encodeOfferCode,
  encodeOrderCode,
} from '../../../src/core/wallet/keyCodes.ts'

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(array => Uint8Array.from(array))
const hex = (length: number) => bytes(length).map((array): Hex => toHex(array))
const uint = (size: number) => fc.maxSafeNat().map(value => value % 256 ** size)
const market = fc.record({ chainId: uint(6), market: hex(20) })
const registry = fc.record({ chainId: uint(6), registry: hex(20) })
const order = fc.record({
  offerId: hex(32),
  payer: hex(20),
  userKeyHash: hex(32),
  start: uint(5),
  quantity: uint(2),
  nonce: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  validUntil: uint(5),
})
const grant = fc.record({
  deviceId: hex(32),
  orderId: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  userKeyHash: bytes(32),
  notBefore: uint(5),
  notAfter: uint(5),
  weeklyHours: bytes(21),
  maxUses: uint(2),
  actions: uint(1),
  epoch: uint(4),
  seq: uint(4),
})

const codes = [
  {
    name: 'an offer',
    value: fc.record({ domain: market, offerId: hex(32), block: uint(6) }),
    encode: encodeOfferCode,
    decode: decodeOfferCode,
  },
  {
    name: 'a request',
    value: fc.record({ domain: registry, userKeyHash: hex(32) }),
    encode: encodeAskCode,
    decode: decodeAskCode,
  },
  {
    name: 'a key',
    value: fc.record({
      domain: registry,
      market: hex(20),
      deviceName: fc.constantFrom('Front door', '大门', 'x'),
      utcOffset: fc.integer({ min: -48, max: 56 }).map(quarters => quarters * 15),
      grant,
      by: fc.constantFrom('issuer', 'owner'),
      signature: bytes(64),
      terms: fc.option(
        fc.record({
          use: fc.constantFrom(VendUse.sell, VendUse.free),
          slots: bytes(32),
          perDay: uint(2),
          signature: bytes(64),
        }),
      ),
    }),
    encode: encodeKeyCode,
    decode: decodeKeyCode,
  },
  {
    name: 'an order',
    value: fc.record({ domain: market, order, offerBlock: uint(6) }),
    encode: encodeOrderCode,
    decode: decodeOrderCode,
  },
  {
    name: 'a box',
    value: fc.constantFrom('http://127.0.0.1:8088', 'https://box.example/agent?x=1'),
    encode: encodeBoxCode,
    decode: decodeBoxCode,
  },
] as const

interface Code {
  readonly name: string
  readonly value: fc.Arbitrary<unknown>
  encode(value: unknown): string
  decode(text: string): unknown
}

describe.each(codes as unknown as readonly Code[])('the code of $name', ({ value, encode, decode }) => {
  test('is read as it was written, whatever case and space it came with', () => {
    fc.assert(
      fc.property(value, given => {
        const text = encode(given)
        expect(text).toMatch(/^FOB:[A-Z]+:[A-Z2-7]+$/)
        expect(decode(text)).toEqual(given)
        expect(decode(` ${text.toLowerCase()}\n`)).toEqual(given)
      }),
      { numRuns: 40 },
    )
  })

  test('is nothing where a character is missing or another one', () => {
    fc.assert(
      fc.property(value, fc.nat(), (given, at) => {
        const text = encode(given)
        for (let length = 0; length < text.length; length += 7)
          expect(decode(text.slice(0, length))).toBeUndefined()
        const place = at % text.length
        const other = text[place] === 'A' ? 'B' : 'A'
        expect(decode(text.slice(0, place) + other + text.slice(place + 1))).toBeUndefined()
      }),
      { numRuns: 20 },
    )
  })

  test('is nothing where it was made up', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('OFFER', 'ASK', 'KEY', 'ORDER', 'BOX'), (text, kind) => {
        expect(decode(text)).toBeUndefined()
        expect(decode(`FOB:${kind}:${text}`)).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })
})

test('a box with credentials in its address, or of another scheme, is none', () => {
  for (const url of ['http://user:pass@box.example/', 'ftp://box.example/', 'javascript:alert(1)'])
    expect(decodeBoxCode(encodeBoxCode(url))).toBeUndefined()
})
