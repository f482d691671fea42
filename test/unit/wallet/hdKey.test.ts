// BIP-32, SLIP-10 (P-256) and SLIP-13: their own vectors.
import { p256 } from '@noble/curves/nist.js'
import { HDKey } from '@scure/bip32'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import {
  childNumber,
  hardened,
  type KeyPath,
  p256Key,
  secp256k1Key,
  servicePath,
} from '../../../src/core/wallet/hdKey.ts'
import bip32 from '../../vectors/wallet/bip32.json' with { type: 'json' }
import slip10 from '../../vectors/wallet/slip10.json' with { type: 'json' }

const bytesOf = (hex: string) => fromHex(`0x${hex}`) ?? new Uint8Array()

function pathOf(text: string): KeyPath {
  return text
    .split('/')
    .slice(1)
    .map(step => (step.endsWith("'") ? hardened(Number(step.slice(0, -1))) : childNumber(Number(step))))
}

describe.each(bip32.vectors)('BIP-32, seed $seed', ({ seed, chains }) => {
  it.each(chains)('$path', ({ path, xprv }) => {
    expect(secp256k1Key(bytesOf(seed), pathOf(path))).toEqual(HDKey.fromExtendedKey(xprv).privateKey)
  })
})

describe.each(slip10.vectors)('SLIP-10 for P-256, seed $seed', ({ seed, chains }) => {
  it.each(chains)('$path', vector => {
    const key = p256Key(bytesOf(seed), pathOf(vector.path))
    expect(toHex(key)).toBe(`0x${vector.private}`)
    expect(toHex(p256.getPublicKey(key, true))).toBe(`0x${vector.public}`)
  })
})

it('SLIP-13: the worked example', () => {
  expect(servicePath('https://satoshi@bitcoin.org/login', 0)).toEqual([
    2147483661, 2637750992, 2845082444, 3761103859, 4005495825,
  ])
})

it('SLIP-13: another index is another key', () => {
  expect(servicePath('fob://owner-key', 1)).not.toEqual(servicePath('fob://owner-key', 0))
})

it.each([-1, 0.5, 2 ** 31, Number.NaN])('%d is no index of a key', index => {
  expect(() => hardened(index)).toThrow(RangeError)
  expect(() => childNumber(index)).toThrow(RangeError)
  expect(() => servicePath('fob://x', index)).toThrow(RangeError)
})

it('leaves the seed as it was', () => {
  const seed = bytesOf('000102030405060708090a0b0c0d0e0f')
  secp256k1Key(seed, [1, 2])
  p256Key(seed, [hardened(1)])
  expect(toHex(seed)).toBe('0x000102030405060708090a0b0c0d0e0f')
})
