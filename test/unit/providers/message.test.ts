// The codec of /fob/providers/1.0.0: what docs/providers-protocol.md shows, and nothing else.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import {
  decodeProvidersMessage,
  encodeProvidersMessage,
  MAX_ANNOUNCED,
  MAX_FOUND,
  MAX_PROVIDERS_MESSAGE,
  MAX_WAYS,
  type ProvidersMessage,
} from '../../../src/core/providers/message.ts'

const name = fc.uint8Array({ minLength: 1, maxLength: 128 })
const way = fc.uint8Array({ minLength: 1, maxLength: 512 })
const message: fc.Arbitrary<ProvidersMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('announce' as const),
    lifetime: fc.integer({ min: 0, max: 0xffff }),
    cids: fc.array(name, { maxLength: MAX_ANNOUNCED }),
  }),
  fc.record({
    kind: fc.constant('announced' as const),
    lifetime: fc.integer({ min: 0, max: 0xffff }),
    count: fc.integer({ min: 0, max: MAX_ANNOUNCED }),
  }),
  fc.record({ kind: fc.constant('find' as const), cid: name, mayAsk: fc.boolean() }),
  fc.record({
    kind: fc.constant('found' as const),
    providers: fc.array(fc.record({ peer: name, ways: fc.array(way, { maxLength: MAX_WAYS }) }), {
      maxLength: MAX_FOUND,
    }),
  }),
  fc.constant({ kind: 'busy' as const }),
)

const bodyOf = (encoded: Uint8Array) => encoded.subarray(4)

describe('a message about providers', () => {
  it.each<[string, ProvidersMessage]>([
    [
      '0x00000009010e100001030a0b0c',
      { kind: 'announce', lifetime: 3_600, cids: [Uint8Array.of(10, 11, 12)] },
    ],
    ['0x000000050202580001', { kind: 'announced', lifetime: 600, count: 1 }],
    ['0x0000000603030a0b0c01', { kind: 'find', cid: Uint8Array.of(10, 11, 12), mayAsk: true }],
    [
      '0x0000000a04010201020100020405',
      { kind: 'found', providers: [{ peer: Uint8Array.of(1, 2), ways: [Uint8Array.of(4, 5)] }] },
    ],
    ['0x0000000105', { kind: 'busy' }],
  ])('is %s', (hex, shown) => {
    expect(toHex(encodeProvidersMessage(shown))).toBe(hex)
    expect(decodeProvidersMessage(bodyOf(fromHex(hex) ?? new Uint8Array()))).toEqual({
      ok: true,
      value: shown,
    })
  })

  it('comes back as it was, and is never longer than is read', () => {
    fc.assert(
      fc.property(message, sent => {
        const encoded = encodeProvidersMessage(sent)
        expect(bodyOf(encoded).length).toBeLessThanOrEqual(MAX_PROVIDERS_MESSAGE)
        expect(decodeProvidersMessage(bodyOf(encoded))).toEqual({ ok: true, value: sent })
      }),
      { numRuns: 60 },
    )
  })

  it('is malformed when it is cut at any byte, or has one too many', () => {
    const sent = encodeProvidersMessage({
      kind: 'found',
      providers: [
        { peer: Uint8Array.of(1, 2, 3), ways: [Uint8Array.of(9, 9), Uint8Array.of(8)] },
        { peer: Uint8Array.of(4), ways: [] },
      ],
    })
    for (let length = 0; length < bodyOf(sent).length; length++) {
      expect(decodeProvidersMessage(bodyOf(sent).subarray(0, length)).ok).toBe(false)
    }
    expect(decodeProvidersMessage(Uint8Array.of(...bodyOf(sent), 0)).ok).toBe(false)
  })

  it('of random bytes is refused in words, or read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        const read = decodeProvidersMessage(bytes)
        if (read.ok) expect(bodyOf(encodeProvidersMessage(read.value))).toEqual(bytes)
        else expect(read.error.kind).toBe('providersMessageMalformed')
      }),
    )
  })

  it('with more than fits is not sent', () => {
    const cids = Array.from({ length: MAX_ANNOUNCED + 1 }, () => Uint8Array.of(1))
    expect(() => encodeProvidersMessage({ kind: 'announce', lifetime: 1, cids })).toThrow(RangeError)
    expect(() => encodeProvidersMessage({ kind: 'find', cid: new Uint8Array(129), mayAsk: false })).toThrow(
      RangeError,
    )
    expect(() => encodeProvidersMessage({ kind: 'announce', lifetime: 70_000, cids: [] })).toThrow(RangeError)
  })
})
