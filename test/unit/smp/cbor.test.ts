// CBOR bodies: RFC 8949's own examples, round trips, and that nothing a device sends gets through or out of hand.
import { hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import {
  type CborMap,
  type CborValue,
  decodeCbor,
  decodeCborMap,
  encodeCbor,
  readArray,
  readBool,
  readBytes,
  readInt,
  readMap,
  readOptional,
  readText,
  readUint,
} from '../../../src/core/smp/cbor.ts'

const decodeHex = (hex: string) => decodeCbor(hexToBytes(hex))

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger().map(n => (Object.is(n, -0) ? 0 : n)),
  fc.bigInt(2n ** 53n, 2n ** 64n - 1n),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(n => (Object.is(n, -0) ? 0 : n)),
  fc.string({ unit: 'binary' }),
  fc.uint8Array(),
)
const { value } = fc.letrec<{ value: CborValue }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 })
      .map(entries => Object.assign(Object.create(null), Object.fromEntries(entries)) as CborMap),
  ),
}))

describe('RFC 8949, appendix A', () => {
  it.each<[string, CborValue]>([
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['1903e8', 1000],
    ['1a000f4240', 1000000],
    ['1b000000e8d4a51000', 1000000000000],
    ['1bffffffffffffffff', 18446744073709551615n],
    ['3bffffffffffffffff', -18446744073709551616n],
    ['20', -1],
    ['3903e7', -1000],
    ['f93e00', 1.5],
    ['fb3ff199999999999a', 1.1],
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['40', new Uint8Array()],
    ['4401020304', Uint8Array.of(1, 2, 3, 4)],
    ['60', ''],
    ['6449455446', 'IETF'],
    ['62c3bc', 'ü'],
    ['80', []],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
  ])('decodes %s, and encodes it so', (hex, expected) => {
    expect(decodeHex(hex)).toEqual({ ok: true, value: expected })
    expect(toHex(encodeCbor(expected))).toBe(`0x${hex}`)
  })

  it.each<[string, CborValue]>([
    ['9fff', []],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['bf6346756ef563416d7421ff', { Fun: true, Amt: -2 }],
  ])('decodes %s, of indefinite length as zcbor sends it', (hex, expected) => {
    expect(decodeHex(hex)).toEqual({ ok: true, value: expected })
  })
})

describe('what is refused', () => {
  it.each([
    ['nothing at all', ''],
    ['a second item', '0000'],
    ['a repeated key', 'a2616101616102'],
    ['a key that is not text', 'a10102'],
    ['undefined', 'f7'],
    ['NaN', 'f97e00'],
    ['an infinity', 'f97c00'],
    ['a tag', 'c074323031332d30332d32315432303a30343a30305a'],
    ['a text of indefinite length', '7f657374726561646d696e67ff'],
    ['a break alone', 'ff'],
    ['a break where a value belongs', 'a16161ff'],
    ['a map that does not end', 'bf616101'],
    ['a length beyond the end', '5affffffff00'],
    ['a map of four thousand million entries', 'baffffffff'],
    ['17 levels', `${'81'.repeat(17)}00`],
    ['60,000 levels', `${'81'.repeat(60_000)}00`],
    ['60,000 unfinished levels', '9f'.repeat(60_000)],
    ['60,000 empty maps', `99ea60${'a0'.repeat(60_000)}`],
    ['more than 65,535 bytes', `5a00010000${'00'.repeat(65536)}`],
  ])('%s', (_, hex) => {
    expect(decodeHex(hex)).toMatchObject({ ok: false, error: { kind: 'malformedCbor' } })
  })

  it('takes 16 levels', () => {
    expect(decodeHex(`${'81'.repeat(16)}00`).ok).toBe(true)
  })

  it('never throws for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        const result = decodeCbor(bytes)
        expect(result.ok || result.error.kind === 'malformedCbor').toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('is an error at every truncation', () => {
    fc.assert(
      fc.property(value, original => {
        const bytes = encodeCbor(original)
        for (let length = 0; length < bytes.length; length++) {
          expect(decodeCbor(bytes.subarray(0, length)).ok).toBe(false)
        }
      }),
    )
  })

  it('a body that is not a map', () => {
    for (const hex of ['80', '00', '40', 'f6', '60']) expect(decodeCborMap(hexToBytes(hex)).ok).toBe(false)
    expect(decodeCborMap(hexToBytes('a0'))).toEqual({ ok: true, value: {} })
  })
})

it('decodes what it encoded', () => {
  fc.assert(
    fc.property(value, original => {
      expect(decodeCbor(encodeCbor(original))).toEqual({ ok: true, value: original })
    }),
  )
})

it('keeps the order of keys', () => {
  expect(toHex(encodeCbor({ off: 0, a: 1 }))).toBe('0xa2636f666600616101')
})

it('takes __proto__ for a key like any other', () => {
  const decoded = decodeCborMap(hexToBytes('a1695f5f70726f746f5f5fa1656f776e6564f5'))
  if (!decoded.ok) throw new Error('must decode')
  expect(Object.getPrototypeOf(decoded.value)).toBeNull()
  expect(Object.keys(decoded.value)).toEqual(['__proto__'])
  expect(readBool(decoded.value, 'owned')).toBeUndefined()
  expect(Object.hasOwn(Object.prototype, 'owned')).toBe(false)
})

it('copies byte strings out of the buffer that they came in', () => {
  const buffer = hexToBytes('a161614101')
  const decoded = decodeCborMap(buffer)
  buffer.fill(0xee)
  expect(decoded.ok && readBytes(decoded.value, 'a')).toEqual(Uint8Array.of(1))
})

describe('field readers', () => {
  const wrong: CborMap = {
    n: -1,
    big: 2n ** 60n,
    half: 0.5,
    t: 'x',
    b: true,
    y: Uint8Array.of(1),
    l: [],
    m: {},
    z: null,
  }

  it.each([
    ['readUint', readUint, []],
    ['readInt', readInt, ['n']],
    ['readText', readText, ['t']],
    ['readBool', readBool, ['b']],
    ['readBytes', readBytes, ['y']],
    ['readArray', readArray, ['l']],
    ['readMap', readMap, ['m']],
  ] as const)('%s takes its own type only', (_, read, fitting) => {
    const taken = [...Object.keys(wrong), 'toString', '__proto__', 'absent'].filter(
      key => read(wrong, key) !== undefined,
    )
    expect(taken).toEqual(fitting)
  })

  it('tells an absent optional field from a wrong one', () => {
    expect(readOptional({}, 'off', readUint, null)).toBeNull()
    expect(readOptional({ off: 7 }, 'off', readUint, null)).toBe(7)
    expect(readOptional({ off: 'x' }, 'off', readUint, null)).toBeUndefined()
  })
})
