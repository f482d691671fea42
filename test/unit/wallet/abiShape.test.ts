// Call data read by an ABI: what compilers and viem encode, and nothing that reads the same twice.
import fc from 'fast-check'
import { encodeAbiParameters, encodeFunctionData, parseAbi, parseAbiItem } from 'viem'
import { describe, expect, it } from 'vitest'
import { firmwareRegistryAbi } from '../../../contracts/generated/FirmwareRegistry.ts'
import { type Bytes, fromHex, toHex } from '../../../src/core/bytes.ts'
import {
  type AbiParameter,
  type Argument,
  functionSignature,
  readArguments,
  readCall,
  selectorOf,
} from '../../../src/core/wallet/abiShape.ts'

const hexBytes = (hex: string): Bytes => fromHex(hex) ?? new Uint8Array()
const plainOf = (value: Argument['value']): unknown =>
  Array.isArray(value) ? value.map((inner: Argument) => plainOf(inner.value)) : value
const plain = (values: readonly Argument[] | undefined) => values?.map(({ value }) => plainOf(value))

interface Typed {
  readonly parameter: AbiParameter
  readonly value: unknown
}

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex)
const { typed } = fc.letrec<{ typed: Typed; leaf: Typed; list: Typed; tuple: Typed }>(tie => ({
  leaf: fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << 48n) - 1n }).map(value => leaf('uint48', value)),
    fc.bigInt({ min: -(1n << 255n), max: (1n << 255n) - 1n }).map(value => leaf('int256', value)),
    fc.boolean().map(value => leaf('bool', value)),
    address.map(value => leaf('address', value)),
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map(value => leaf('bytes4', toHex(value))),
    fc.uint8Array({ maxLength: 70 }).map(value => leaf('bytes', toHex(value))),
    fc.string({ unit: 'grapheme', maxLength: 40 }).map(value => leaf('string', value)),
  ),
  list: fc.tuple(tie('leaf'), fc.nat(3), fc.boolean()).map(([{ parameter, value }, length, isFixed]) => ({
    parameter: { ...parameter, type: `${parameter.type}[${isFixed ? length + 1 : ''}]` },
    value: Array.from({ length: isFixed ? length + 1 : length }, () => value),
  })),
  tuple: fc.array(tie('typed'), { minLength: 1, maxLength: 3 }).map(parts => ({
    parameter: {
      name: 't',
      type: 'tuple',
      components: parts.map(({ parameter }, i) => ({ ...parameter, name: `f${i}` })),
    },
    value: parts.map(part => part.value),
  })),
  typed: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('list'), tie('tuple')),
}))

function leaf(type: string, value: unknown): Typed {
  return { parameter: { name: 'v', type }, value }
}

/** viem takes tuples as objects by name. */
function forViem({ type, components }: AbiParameter, value: unknown): unknown {
  if (type !== 'tuple' || !Array.isArray(value)) return value
  return Object.fromEntries((components ?? []).map((part, i) => [part.name, forViem(part, value[i])]))
}

describe('arguments', () => {
  it('that viem encodes are read back, whatever the types', () => {
    fc.assert(
      fc.property(fc.array(typed, { maxLength: 4 }), parts => {
        const parameters = parts.map(part => part.parameter)
        const data = encodeAbiParameters(
          parameters,
          parts.map(part => forViem(part.parameter, part.value)),
        )
        expect(plain(readArguments(parameters, hexBytes(data)))).toEqual(parts.map(part => part.value))
      }),
      { numRuns: 300 },
    )
  })

  it('cut at any byte, or longer, are not read', () => {
    const parameters = [leaf('string', '').parameter, leaf('uint48', 0).parameter]
    const data = hexBytes(encodeAbiParameters(parameters, ['hello', 7]))
    for (let length = 0; length < data.length; length++) {
      expect(readArguments(parameters, data.subarray(0, length))).toBeUndefined()
    }
    expect(readArguments(parameters, Uint8Array.of(...data, ...new Uint8Array(32)))).toBeUndefined()
  })

  it('of random bytes never throw', () => {
    fc.assert(
      fc.property(fc.array(typed, { maxLength: 4 }), fc.uint8Array({ maxLength: 300 }), (parts, bytes) => {
        const parameters = parts.map(part => part.parameter)
        const read = readArguments(parameters, bytes)
        if (read && parts.length > 0) expect(bytes.length).toBeGreaterThan(0)
      }),
    )
  })

  it.each<[string, string, string]>([
    ['bits above an address', 'address', `01${'0'.repeat(22)}${'11'.repeat(20)}`],
    ['a bool of 2', 'bool', '2'.padStart(64, '0')],
    ['bits above a uint48', 'uint48', '1'.padEnd(13, '0').padStart(64, '0')],
    ['bytes behind a bytes4', 'bytes4', '11'.repeat(5).padEnd(64, '0')],
    [
      'padding that is not zero',
      'bytes',
      `${'20'.padStart(64, '0')}${'1'.padStart(64, '0')}${'11'.repeat(32)}`,
    ],
    ['an offset into the head', 'bytes', `${'0'.repeat(64)}`],
    ['a length beyond the data', 'bytes', `${'20'.padStart(64, '0')}${'f'.repeat(64)}`],
    ['an endless list', 'uint48[]', `${'20'.padStart(64, '0')}${'ffff'.padStart(64, '0')}`],
    [
      'text that is no UTF-8',
      'string',
      `${'20'.padStart(64, '0')}${'1'.padStart(64, '0')}${'ff'.padEnd(64, '0')}`,
    ],
    ['an unknown type', 'fixed128x18', '0'.repeat(64)],
  ])('with %s are not read', (_, type, data) => {
    expect(readArguments([{ name: 'v', type }], hexBytes(`0x${data}`))).toBeUndefined()
  })
})

describe('calls', () => {
  it('are found by selector, with names and whether they take coins', () => {
    const abi = parseAbi(['function pay(uint256 order, address to) payable', 'function other(bytes32 x)'])
    const to = `0x${'ab'.repeat(20)}` as const
    const data = hexBytes(encodeFunctionData({ abi, functionName: 'pay', args: [7n, to] }))
    expect(readCall(abi, data)).toEqual({
      name: 'pay',
      isPayable: true,
      arguments: [
        { name: 'order', type: 'uint256', value: 7n },
        { name: 'to', type: 'address', value: to },
      ],
    })
  })

  it('have the selectors that the compiler gives, with tuples written out', () => {
    const item = parseAbiItem('function f((uint256 a, (bytes b)[] c) t, address[2] d)')
    expect(functionSignature('f', item.inputs)).toBe('f((uint256,(bytes)[]),address[2])')
    expect(selectorOf('transfer(address,uint256)')).toBe('0xa9059cbb')
  })

  it('that the ABI has not, or with less than a selector, are not read', () => {
    expect(readCall(firmwareRegistryAbi, hexBytes('0xdeadbeef'))).toBeUndefined()
    expect(readCall(firmwareRegistryAbi, hexBytes('0xdead'))).toBeUndefined()
  })
})
