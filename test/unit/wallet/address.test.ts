// EIP-55 and addresses that are made to be mistaken for others.
import fc from 'fast-check'
import { getAddress, keccak256, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../../src/core/bytes.ts'
import { checksumAddress, findLookAlike, readAddress } from '../../../src/core/wallet/address.ts'

/** EIP-55, "Test Cases". */
const EIP55 = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
]

const lower = (text: string): Address => `0x${text.slice(2).toLowerCase()}`
const addresses = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes): Address => `0x${Buffer.from(bytes).toString('hex')}`)

describe('checksums', () => {
  it.each(EIP55)("EIP-55's own case %s", text => {
    expect(checksumAddress(lower(text))).toBe(text)
    expect(readAddress(text)).toEqual({ ok: true, value: { address: lower(text), hasChecksum: true } })
  })

  it('are those of other wallets', () => {
    fc.assert(
      fc.property(addresses, address => {
        expect(checksumAddress(address)).toBe(getAddress(address))
      }),
    )
  })

  it('catch a letter of the wrong case', () => {
    const text = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed'
    expect(readAddress(text)).toEqual({ ok: false, error: { kind: 'addressChecksum' } })
  })

  it('are not needed where all letters have one case, and that is said', () => {
    const text = '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'
    expect(readAddress(` ${text}\n`)).toEqual({ ok: true, value: { address: text, hasChecksum: false } })
    const upper = `0x${text.slice(2).toUpperCase()}`
    expect(readAddress(upper)).toEqual({ ok: true, value: { address: text, hasChecksum: false } })
  })

  it.each([
    '',
    '0x',
    '0x12',
    `0x${'1'.repeat(39)}`,
    `0x${'1'.repeat(41)}`,
    `0x${'g'.repeat(40)}`,
    '1'.repeat(40),
  ])('%s is no address', text =>
    expect(readAddress(text)).toEqual({ ok: false, error: { kind: 'addressMalformed' } }),
  )
})

describe('look-alikes', () => {
  const known = lower(EIP55[4] ?? '')

  it('with the same beginning and end are found, with how much agrees', () => {
    const poison: Address = `0x${known.slice(2, 6)}${'0'.repeat(32)}${known.slice(-4)}`
    expect(findLookAlike(poison, [known])).toEqual({ known, leading: 4, trailing: 4 })
  })

  it('are told for the one that they are nearest to', () => {
    const other: Address = `0x${known.slice(2, 8)}${'9'.repeat(34)}`
    const poison: Address = `0x${known.slice(2, 10)}${'0'.repeat(28)}${known.slice(-4)}`
    expect(findLookAlike(poison, [other, known])?.known).toBe(known)
  })

  it('are not said of a known address, though it resembles another known one', () => {
    const twin: Address = `0x${known.slice(2, 6)}${'0'.repeat(32)}${known.slice(-4)}`
    expect(findLookAlike(twin, [known, twin])).toBeUndefined()
  })

  it('agree in five digits at most by chance, which is not enough', () => {
    const near: Address = `0x${known.slice(2, 5)}${'0'.repeat(35)}${known.slice(-2)}`
    expect(findLookAlike(near, [known])).toBeUndefined()
  })

  it('are not seen among addresses of real keys', () => {
    const random = fc.nat().map((n): Address => `0x${keccak256(toHex(n)).slice(26)}`)
    fc.assert(
      fc.property(random, random, (a, b) => {
        expect(findLookAlike(a, [b])).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })
})
