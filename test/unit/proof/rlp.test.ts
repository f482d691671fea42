import fc from 'fast-check'
import { toRlp } from 'viem'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../../src/core/bytes.ts'
import { decodeRlp, encodeRlp, quantityBytes, type RlpItem } from '../../../src/core/proof/rlp.ts'

const { item } = fc.letrec<{ item: RlpItem; list: RlpItem[] }>(tie => ({
  item: fc.oneof({ maxDepth: 5 }, fc.uint8Array({ maxLength: 80 }), tie('list')),
  list: fc.array(tie('item'), { maxLength: 6 }),
}))

const bytesOf = (...hex: string[]) => Uint8Array.from(Buffer.from(hex.join(''), 'hex'))
const isPlain = (value: RlpItem): value is Uint8Array => value instanceof Uint8Array
type Viem = `0x${string}` | readonly Viem[]
const asViem = (value: RlpItem): Viem => (isPlain(value) ? toHex(value) : value.map(asViem))

describe('RLP', () => {
  it('encodes the examples of the yellow paper’s wiki', () => {
    const text = (t: string) => new TextEncoder().encode(t)
    expect(toHex(encodeRlp(text('dog')))).toBe('0x83646f67')
    expect(toHex(encodeRlp([text('cat'), text('dog')]))).toBe('0xc88363617483646f67')
    expect(toHex(encodeRlp(text('')))).toBe('0x80')
    expect(toHex(encodeRlp([]))).toBe('0xc0')
    expect(toHex(encodeRlp(quantityBytes(1024n)))).toBe('0x820400')
    expect(toHex(encodeRlp([[], [[]], [[], [[]]]]))).toBe('0xc7c0c1c0c3c0c1c0')
    expect(toHex(encodeRlp(new Uint8Array(56))).slice(0, 6)).toBe('0xb838')
  })

  it('agrees with viem on any item', () => {
    fc.assert(
      fc.property(item, value => {
        expect(toHex(encodeRlp(value))).toBe(toRlp(asViem(value) as `0x${string}`))
      }),
    )
  })

  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(item, value => {
        expect(decodeRlp(encodeRlp(value))).toEqual({ ok: true, value })
      }),
    )
  })

  it('refuses an item that was cut off anywhere, and one with bytes behind it', () => {
    fc.assert(
      fc.property(item, value => {
        const encoded = encodeRlp(value)
        for (let length = 0; length < encoded.length; length++) {
          expect(decodeRlp(encoded.subarray(0, length)).ok).toBe(false)
        }
        expect(decodeRlp(concat(encoded, Uint8Array.of(0))).ok).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('takes no byte string that is not the one encoding of its item', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), bytes => {
        const decoded = decodeRlp(bytes)
        if (decoded.ok) expect(encodeRlp(decoded.value)).toEqual(bytes)
        else expect(decoded.error.kind).toBe('malformedRlp')
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a single byte with a prefix', bytesOf('8105')],
    ['a short string in long form', bytesOf('b801ff')],
    ['a length with a leading zero', bytesOf('b90038', '00'.repeat(56))],
    ['a short list in long form', bytesOf('f800')],
    ['a length of eight bytes', bytesOf('bfffffffffffffffff')],
    ['an item that ends behind its list', bytesOf('c283616161')],
    ['nothing', bytesOf('')],
  ])('refuses %s', (_, bytes) => {
    expect(decodeRlp(bytes)).toMatchObject({ ok: false, error: { kind: 'malformedRlp' } })
  })

  it('refuses nesting that would exhaust the stack', () => {
    let nested: RlpItem = []
    for (let i = 0; i < 200; i++) nested = [nested]
    expect(decodeRlp(encodeRlp(nested)).ok).toBe(false)
  })
})
