// The codes of a hand-over: what one phone writes the other reads, and nothing else is read as one.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Address, type Bytes, toHex } from '../../../src/core/bytes.ts'
import {
  decodeGiveCode,
  decodeTakeCode,
  encodeGiveCode,
  encodeTakeCode,
  type GiveCode,
  type TakeCode,
} from '../../../src/core/wallet/codes.ts'

const bytes = (length: number): fc.Arbitrary<Bytes> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(array => Uint8Array.from(array))
const address: fc.Arbitrary<Address> = bytes(20).map(toHex)
const domain = fc.record({ chainId: fc.integer({ min: 1, max: 2 ** 48 - 1 }), registry: address })
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 16 })
  .filter(
    text => new TextEncoder().encode(text).length <= 64 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text),
  )

const takeCode: fc.Arbitrary<TakeCode> = fc.record({
  domain,
  newOwner: address,
  newAccount: address,
  ownerKey: bytes(64),
})
const giveCode: fc.Arbitrary<GiveCode> = fc.record({
  domain,
  devicePublicKey: bytes(64),
  model: fc.record({ maker: address, name, hardware: name }),
  owner: address,
  newOwner: address,
  newAccount: address,
  counter: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  deadline: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  deviceSignature: bytes(64),
  given: fc.oneof(bytes(65), bytes(0), bytes(1024)),
  keyChange: fc.record({
    pairingCounter: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    ownerKey: bytes(64),
    signature: bytes(64),
  }),
})

const cases = [
  { kind: 'take', arbitrary: takeCode.map(encodeTakeCode), decode: decodeTakeCode },
  { kind: 'give', arbitrary: giveCode.map(encodeGiveCode), decode: decodeGiveCode },
] as const

describe('a round trip', () => {
  it('gives back a take code', () => {
    fc.assert(fc.property(takeCode, code => void expect(decodeTakeCode(encodeTakeCode(code))).toEqual(code)))
  })

  it('gives back a give code', () => {
    fc.assert(fc.property(giveCode, code => void expect(decodeGiveCode(encodeGiveCode(code))).toEqual(code)))
  })

  it('survives lower case, line breaks and blanks, as messengers make them', () => {
    fc.assert(
      fc.property(giveCode, code => {
        const mangled = encodeGiveCode(code)
          .toLowerCase()
          .replace(/(.{60})/g, '$1\n ')
        expect(decodeGiveCode(`  ${mangled}\n`)).toEqual(code)
      }),
    )
  })
})

describe.each(cases)('the text of a $kind code', ({ arbitrary, decode }) => {
  const [sample = ''] = fc.sample(arbitrary, { numRuns: 1, seed: 7 })

  it('is of the characters that QR packs most tightly', () => {
    fc.assert(fc.property(arbitrary, text => void expect(text).toMatch(/^[0-9A-Z $%*+\-./:]+$/)))
  })

  it('is nothing when cut at any character, or with one more', () => {
    for (let end = 0; end < sample.length; end++) expect(decode(sample.slice(0, end))).toBeUndefined()
    expect(decode(`${sample}A`)).toBeUndefined()
  })

  it('is nothing with any one character changed', () => {
    for (let at = 0; at < sample.length; at++) {
      const other = sample[at] === 'A' ? 'B' : 'A'
      expect(decode(sample.slice(0, at) + other + sample.slice(at + 1))).toBeUndefined()
    }
  })

  it('is not read as the other code', () => {
    const [body = ''] = sample.split(':').slice(2)
    for (const prefix of ['FOB:TAKE:', 'FOB:GIVE:', 'FOB:', '']) {
      if (`${prefix}${body}` !== sample) expect(decode(prefix + body)).toBeUndefined()
    }
  })

  it('is nothing for whatever else is scanned, and nothing throws', () => {
    fc.assert(fc.property(fc.string(), text => void expect(decode(text)).toBeUndefined()))
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567') }), text => {
        expect(decode(`FOB:TAKE:${text}`)).toBeUndefined()
        expect(decode(`FOB:GIVE:${text}`)).toBeUndefined()
      }),
    )
    expect(decode('FOB:TAKE:'.padEnd(100_000, 'A'))).toBeUndefined()
  })
})

it('a give code with a usual model fits into one QR code that phones read', () => {
  const [code] = fc.sample(giveCode, { numRuns: 1, seed: 7 })
  if (!code) throw new Error('no sample')
  const model = { ...code.model, name: 'Fob demo lock', hardware: 'rev A' }
  const text = encodeGiveCode({ ...code, model, given: new Uint8Array(65) })
  // Version 20 at level M: 970 alphanumeric characters (ISO/IEC 18004, table 7).
  expect(text.length).toBeLessThanOrEqual(970)
})

it('a name that could pass for another one is not read', () => {
  const [code] = fc.sample(giveCode, { numRuns: 1, seed: 8 })
  if (!code) throw new Error('no sample')
  const model = { ...code.model, name: 'Lock\u202e' }
  expect(decodeGiveCode(encodeGiveCode({ ...code, model }))).toBeUndefined()
})
