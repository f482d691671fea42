// The messages of /fob/serve/1.0.0: the bytes of the documented examples, round trips, and that nothing else is taken.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Address, type Bytes, concat, toHex } from '../../../src/core/bytes.ts'
import { Frames } from '../../../src/core/p2p/frames.ts'
import { maxDeposit } from '../../../src/core/voucher/channel.ts'
import {
  decodeServeMessage,
  encodeServeMessage,
  maxPayerMessage,
  maxServeMessage,
  readyToGive,
  refusalCodes,
  type ServeMessage,
  type ServeRefusal,
} from '../../../src/core/voucher/serveMessage.ts'

const refusals = Object.keys(refusalCodes).filter((name): name is ServeRefusal =>
  Object.hasOwn(refusalCodes, name),
)
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .filter(bytes => bytes.some(byte => byte !== 0))
  .map((bytes): Address => toHex(bytes))
const amount = fc.bigInt({ min: 0n, max: maxDeposit })
const cid = fc.uint8Array({ minLength: 1, maxLength: 128 }).map((bytes): Uint8Array => bytes)
const token = fc.option(address)
const voucher = fc.record({
  amount,
  signature: fc.uint8Array({ minLength: 65, maxLength: 65 }).map(bytes => Uint8Array.from(bytes)),
})
const uint32 = fc.nat({ max: 0xffffffff })
const message: fc.Arbitrary<ServeMessage> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('ask' as const, 'want' as const, 'get' as const, 'count' as const),
    cid,
  }),
  fc.record({ kind: fc.constant('counted' as const), blocks: fc.maxSafeNat() }),
  fc.record({
    kind: fc.constant('offer' as const),
    isHere: fc.boolean(),
    length: uint32,
    offer: fc.record({
      chainId: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      paymentChannels: address,
      payee: address,
      token,
      pricePerUnit: amount,
      minExitDelay: uint32,
    }),
  }),
  fc.record({
    kind: fc.constant('channel' as const),
    terms: fc.record({
      payer: address,
      payee: address,
      signer: address,
      token,
      exitDelay: uint32,
      nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    }),
  }),
  fc.record({
    kind: fc.constant('standing' as const),
    delivered: amount,
    accepted: fc.option(voucher),
    lent: fc.oneof(fc.constant(new Uint8Array()), cid),
  }),
  fc.record({
    kind: fc.constant('block' as const),
    delivered: amount,
    bytes: fc.uint8Array({ maxLength: 500 }).map((bytes): Uint8Array => bytes),
  }),
  fc.record({
    kind: fc.constant('given' as const),
    bytes: fc.uint8Array({ maxLength: 500 }).map((bytes): Uint8Array => bytes),
  }),
  fc.record({ kind: fc.constant('voucher' as const), voucher }),
  fc.record({ kind: fc.constant('close' as const), request: voucher }),
  fc.record({ kind: fc.constant('closing' as const), consent: voucher }),
  fc.record({ kind: fc.constant('accepted' as const), amount }),
  fc.record({
    kind: fc.constant('refusal' as const),
    refusal: fc.constantFrom(...refusals),
    detail: fc.string({ maxLength: 50, unit: 'grapheme-ascii' }),
  }),
)

/** What ends in bytes of any length. */
const OPEN_ENDED: readonly string[] = ['block', 'given', 'refusal', 'standing']

const bodyOf = (each: ServeMessage): Bytes => encodeServeMessage(each).slice(4)
const plain = (each: ServeMessage) =>
  JSON.stringify(each, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))

describe('a message', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(message, each => {
        const decoded = decodeServeMessage(bodyOf(each))
        expect(decoded.ok && plain(decoded.value)).toBe(plain(each))
      }),
    )
  })

  it('with its end cut off is another one at most where it ends in bytes of any length', () => {
    fc.assert(
      fc.property(message, each => {
        const body = bodyOf(each)
        for (let length = 0; length < body.length; length++) {
          const decoded = decodeServeMessage(body.subarray(0, length))
          if (decoded.ok) expect(OPEN_ENDED).toContain(each.kind)
        }
      }),
    )
  })

  it('is refused with anything behind it, where its length is fixed', () => {
    fc.assert(
      fc.property(message, each => {
        if (OPEN_ENDED.includes(each.kind)) return
        expect(decodeServeMessage(concat(bodyOf(each), Uint8Array.of(0))).ok).toBe(false)
      }),
    )
  })

  it('of random bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        const decoded = decodeServeMessage(bytes)
        if (!decoded.ok) expect(decoded.error.kind).toBe('serveMessageMalformed')
      }),
      { numRuns: 500 },
    )
  })

  it('has the documented bytes', () => {
    const person = (byte: string): Address => `0x${byte.repeat(20)}`
    const terms = {
      payer: person('11'),
      payee: person('22'),
      signer: person('33'),
      token: null,
      exitDelay: 86_400,
      nonce: 7n,
    }
    expect(toHex(encodeServeMessage({ kind: 'want', cid: Uint8Array.of(1, 0x55) }))).toBe(
      '0x0000000405020155',
    )
    expect(toHex(encodeServeMessage({ kind: 'channel', terms }))).toBe(
      `0x0000005d03${'11'.repeat(20)}${'22'.repeat(20)}${'33'.repeat(20)}${'00'.repeat(20)}000151800000000000000007`,
    )
    expect(toHex(encodeServeMessage({ kind: 'accepted', amount: 258n }))).toBe(
      `0x0000001108${'00'.repeat(14)}0102`,
    )
    expect(toHex(encodeServeMessage({ kind: 'refusal', refusal: 'unpaid', detail: 'a' }))).toBe(
      '0x00000003090261',
    )
    expect(toHex(encodeServeMessage({ kind: 'get', cid: Uint8Array.of(1, 0x55) }))).toBe('0x000000040a020155')
    expect(toHex(encodeServeMessage({ kind: 'counted', blocks: 258 }))).toBe('0x000000090d0000000000000102')
    expect(toHex(encodeServeMessage({ kind: 'given', bytes: Uint8Array.of(7, 8, 9) }))).toBe(
      '0x000000040b070809',
    )
    const signed = { amount: 1n, signature: new Uint8Array(65).fill(0xee) }
    expect(toHex(encodeServeMessage({ kind: 'voucher', voucher: signed }))).toBe(
      `0x0000005207${'00'.repeat(15)}01${'ee'.repeat(65)}`,
    )
    expect(toHex(encodeServeMessage({ kind: 'close', request: signed }))).toBe(
      `0x000000520e${'00'.repeat(15)}01${'ee'.repeat(65)}`,
    )
    expect(toHex(encodeServeMessage({ kind: 'closing', consent: signed }))).toBe(
      `0x000000520f${'00'.repeat(15)}01${'ee'.repeat(65)}`,
    )
  })

  it('never shows control characters of the other side', () => {
    const detail = `a\n\u001b[2J\u202e`
    const decoded = decodeServeMessage(bodyOf({ kind: 'refusal', refusal: 'busy', detail }))
    expect(decoded.ok && decoded.value.kind === 'refusal' && decoded.value.detail).toMatch(/^[ -~]*$/)
  })

  it('of a block that is ready to be given is no copy, and the same; of any other view it is a copy', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(9), fc.nat(3), (block, before, after) => {
        const message = encodeServeMessage({ kind: 'given', bytes: block })
        const ready = readyToGive(block)
        expect(toHex(ready)).toBe(toHex(block))
        const again = encodeServeMessage({ kind: 'given', bytes: ready })
        expect(toHex(again)).toBe(toHex(message))
        expect(again.buffer).toBe(ready.buffer)
        // Somewhere in something else, as what a peer sent lies.
        const view = concat(new Uint8Array(before), block, new Uint8Array(after)).subarray(
          before,
          before + block.length,
        )
        const copied = encodeServeMessage({ kind: 'given', bytes: view })
        expect(toHex(copied)).toBe(toHex(message))
        expect(copied.buffer).not.toBe(view.buffer)
      }),
    )
  })

  it('of a payer fits what a payee takes', () => {
    fc.assert(
      fc.property(message, each => {
        if (!['ask', 'want', 'get', 'count', 'channel', 'voucher', 'close'].includes(each.kind)) return
        expect(bodyOf(each).length).toBeLessThanOrEqual(maxPayerMessage)
      }),
    )
  })
})

describe('a stream', () => {
  it('is cut into its messages, whatever pieces it comes in', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
        fc.boolean(),
        (messages, sizes, borrows) => {
          const stream = concat(...messages.map(encodeServeMessage))
          const frames = new Frames(maxServeMessage, { borrows })
          const found: Uint8Array[] = []
          for (let at = 0, i = 0; at < stream.length; i++) {
            const size = sizes[i % sizes.length] ?? 1
            const cut = frames.push(stream.subarray(at, at + size))
            if (cut.ok) found.push(...cut.value)
            at += size
          }
          expect(found.map(toHex)).toEqual(messages.map(each => toHex(bodyOf(each))))
        },
      ),
    )
  })

  it('gives back a message that is longer than the room made for it at first', () => {
    const bytes = Uint8Array.from({ length: 500_000 }, (_, i) => i % 251)
    const stream = concat(...[0, 1].map(() => encodeServeMessage({ kind: 'given', bytes })))
    const frames = new Frames(maxServeMessage)
    const found: Uint8Array[] = []
    for (let at = 0; at < stream.length; at += 16_000) {
      const cut = frames.push(stream.subarray(at, at + 16_000))
      if (cut.ok) found.push(...cut.value)
    }
    expect(found.map(body => body.length)).toEqual([500_001, 500_001])
    for (const body of found) expect(Buffer.from(bytes).equals(body.subarray(1))).toBe(true)
  })

  it('ends at a length that nobody may send', () => {
    for (const length of [
      [0, 0, 0, 0],
      [0, 0, 1, 1],
      [255, 255, 255, 255],
    ]) {
      expect(new Frames(256).push(Uint8Array.from(length)).ok).toBe(false)
    }
  })
})
