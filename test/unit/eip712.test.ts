// EIP-712 hashing: the EIP's own example, and agreement with viem over generated types and values.
import fc from 'fast-check'
import { hashTypedData as viemHash } from 'viem'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import {
  Eip712Error,
  encodeType,
  hashDomain,
  hashStruct,
  hashTypedData,
  type TypedDefinitions,
  type TypedValue,
} from '../../src/core/eip712.ts'

const MAIL_TYPES = {
  Person: [
    { name: 'name', type: 'string' },
    { name: 'wallet', type: 'address' },
  ],
  Mail: [
    { name: 'from', type: 'Person' },
    { name: 'to', type: 'Person' },
    { name: 'contents', type: 'string' },
  ],
}
const MAIL_DOMAIN = {
  name: 'Ether Mail',
  version: '1',
  chainId: 1,
  verifyingContract: '0xcccccccccccccccccccccccccccccccccccccccc',
} as const
const MAIL = {
  from: { name: 'Cow', wallet: '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826' },
  to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
  contents: 'Hello, Bob!',
}

describe('the Mail example of EIP-712 (Example.js)', () => {
  it('has the published type, hashes and digest', () => {
    expect(encodeType('Mail', MAIL_TYPES)).toBe(
      'Mail(Person from,Person to,string contents)Person(string name,address wallet)',
    )
    expect(toHex(hashDomain(MAIL_DOMAIN))).toBe(
      '0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f',
    )
    expect(toHex(hashStruct('Mail', MAIL, MAIL_TYPES))).toBe(
      '0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e',
    )
    expect(
      toHex(hashTypedData({ domain: MAIL_DOMAIN, types: MAIL_TYPES, primaryType: 'Mail', message: MAIL })),
    ).toBe('0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2')
  })
})

describe('agreement with viem', () => {
  const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size }).map(toHex)
  const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })
  const int = (bits: number) =>
    fc.bigInt({ min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n })
  const atoms: readonly (readonly [string, fc.Arbitrary<TypedValue>])[] = [
    ['string', fc.string({ unit: 'grapheme' })],
    ['bytes', fc.uint8Array({ maxLength: 70 }).map(toHex)],
    ['bytes1', bytes(1)],
    ['bytes20', bytes(20)],
    ['bytes32', bytes(32)],
    ['address', bytes(20)],
    ['bool', fc.boolean()],
    ['uint8', uint(8)],
    ['uint256', uint(256)],
    ['int16', int(16)],
    ['int256', int(256)],
  ]
  const typed = fc.constantFrom(...atoms).chain(([type, value]) =>
    fc.oneof(
      value.map(v => ({ type, value: v })),
      fc.array(value, { maxLength: 4 }).map(v => ({ type: `${type}[]`, value: v })),
      fc.array(value, { minLength: 3, maxLength: 3 }).map(v => ({ type: `${type}[3]`, value: v })),
      fc
        .array(fc.array(value, { minLength: 2, maxLength: 2 }), { maxLength: 3 })
        .map(v => ({ type: `${type}[2][]`, value: v })),
    ),
  )
  const struct = (prefix: string) =>
    fc.array(typed, { minLength: 1, maxLength: 5 }).map(members => ({
      fields: members.map(({ type }, i) => ({ name: `${prefix}${i}`, type })),
      value: Object.fromEntries(members.map(({ value }, i) => [`${prefix}${i}`, value])),
    }))
  const domain = fc.record(
    {
      name: fc.string(),
      // viem takes an empty version for an absent one, which is its own reading.
      version: fc.string({ minLength: 1 }),
      chainId: fc.nat(),
      verifyingContract: bytes(20),
      salt: bytes(32),
    },
    { requiredKeys: [] },
  )

  it('holds for generated structs, nested and in arrays, and for any part of the domain', () => {
    fc.assert(
      fc.property(domain, struct('a'), struct('b'), (someDomain, outer, inner) => {
        const types: TypedDefinitions = {
          Zed: inner.fields,
          Outer: [...outer.fields, { name: 'one', type: 'Zed' }, { name: 'many', type: 'Zed[]' }],
        }
        const message = { ...outer.value, one: inner.value, many: [inner.value, inner.value] }
        const ours = toHex(hashTypedData({ domain: someDomain, types, primaryType: 'Outer', message }))
        const definitions: Record<string, { name: string; type: string }[]> = Object.fromEntries(
          Object.entries(types).map(([name, fields]) => [name, fields.map(field => ({ ...field }))]),
        )
        expect(ours).toBe(viemHash({ domain: someDomain, types: definitions, primaryType: 'Outer', message }))
      }),
      { numRuns: 100 },
    )
  })
})

describe('values that do not fit', () => {
  it.each<[string, TypedValue]>([
    ['uint8', 256],
    ['uint8', -1],
    ['int8', 128n],
    ['uint256', 1.5],
    ['uint256', '5'],
    ['uint7', 1],
    ['uint264', 1],
    ['address', '0x00'],
    ['bytes4', new Uint8Array(5)],
    ['bytes33', new Uint8Array(33)],
    ['bytes', 'no hex'],
    ['bool', 1],
    ['string', 5],
    ['uint8[2]', [1]],
    ['uint8[]', 1],
    ['Unknown', {}],
    ['Struct', 7],
    ['Struct', {}],
  ])('are refused: %s', (type, value) => {
    const types = { Struct: [{ name: 'x', type: 'bool' }], Primary: [{ name: 'field', type }] }
    expect(() => hashStruct('Primary', { field: value }, types)).toThrow(Eip712Error)
  })

  it('are refused when missing, also where Object.prototype has the name', () => {
    const types = { Primary: [{ name: 'toString', type: 'string' }] }
    expect(() => hashStruct('Primary', {}, types)).toThrow(Eip712Error)
  })
})
