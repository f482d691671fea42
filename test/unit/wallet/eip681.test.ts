// EIP-681 payment requests: the EIP's own examples, round trips, and everything that must not be taken for a request.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Address, toHex } from '../../../src/core/bytes.ts'
import { checksumAddress } from '../../../src/core/wallet/address.ts'
import { formatPaymentUri, type PaymentUri, parsePaymentUri } from '../../../src/core/wallet/eip681.ts'

const to = '0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359'
const token = '0x89205a3a3b2a69de6dbf7f01ed13b2108b2c43e7'
const plain = (change: Partial<PaymentUri>) => ({
  ok: true,
  value: { to, chainId: null, token: null, amount: null, ...change },
})
const refusal = { ok: false, error: { kind: 'notAPaymentRequest' } }

describe('a payment request', () => {
  it('is read as the EIP writes it: an amount in ether by its exponent', () => {
    expect(parsePaymentUri(`ethereum:${checksumAddress(to)}?value=2.014e18`)).toEqual(
      plain({ amount: 2_014_000_000_000_000_000n }),
    )
  })

  it('is read as the EIP writes it: tokens by the transfer function', () => {
    expect(parsePaymentUri(`ethereum:${token}/transfer?address=${to}&uint256=1`)).toEqual(
      plain({ token, amount: 1n }),
    )
  })

  it('names its chain, may be a bare address, and may say what gas it would like', () => {
    expect(parsePaymentUri(`ethereum:pay-${to}@137?value=7&gas=10&gasPrice=3e9`)).toEqual(
      plain({ chainId: 137, amount: 7n }),
    )
    expect(parsePaymentUri(` ${checksumAddress(to)}\n`)).toEqual(plain({}))
    expect(parsePaymentUri(`ETHEREUM:${to}@1`)).toEqual(plain({ chainId: 1 }))
  })

  it('with a letter of another case is told as a wrong checksum', () => {
    const wrong = checksumAddress(to).replace('fB', 'fb')
    expect(wrong).not.toBe(checksumAddress(to))
    for (const text of [wrong, `ethereum:${wrong}`, `ethereum:${token}/transfer?address=${wrong}`])
      expect(parsePaymentUri(text)).toEqual({ ok: false, error: { kind: 'addressChecksum' } })
  })

  it.each([
    ['another function', `ethereum:${token}/approve?address=${to}&uint256=1`],
    ['a name instead of an address', 'ethereum:fob.eth?value=1'],
    ['another scheme', `bitcoin:${to}`],
    ['an amount twice', `ethereum:${to}?value=1&value=2`],
    ['a parameter that is not understood', `ethereum:${to}?value=1&data=0x00`],
    ['less than the smallest unit', `ethereum:${to}?value=1.5`],
    ['less than nothing', `ethereum:${to}?value=-1`],
    ['more than 256 bits', `ethereum:${to}?value=2e77`],
    ['an exponent without end', `ethereum:${to}?value=1e999999999`],
    ['hexadecimal', `ethereum:${to}?value=0x10`],
    ['no recipient', `ethereum:${token}/transfer?uint256=1`],
    ['chain 0', `ethereum:${to}@0`],
    ['an address that is too short', to.slice(0, -1)],
    ['nothing', ''],
  ])('is none with %s', (_, text) => {
    expect(parsePaymentUri(text)).toEqual(refusal)
  })

  const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes): Address => toHex(bytes))
  const request = fc.record({
    to: address,
    chainId: fc.option(fc.integer({ min: 1, max: 2 ** 40 })),
    token: fc.option(address),
    amount: fc.option(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n })),
  })

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(request, asked => {
        expect(parsePaymentUri(formatPaymentUri(asked))).toEqual({ ok: true, value: asked })
      }),
    )
  })

  it('cut anywhere never names another recipient, token or chain', () => {
    fc.assert(
      fc.property(request, fc.double({ min: 0, max: 1, noNaN: true }), (asked, at) => {
        const text = formatPaymentUri(asked)
        const read = parsePaymentUri(text.slice(0, Math.floor(at * text.length)))
        if (!read.ok) return
        // What is cut off a request for tokens before its path is one for coins to the token's address: no code is cut so.
        expect([asked.to, asked.token]).toContain(read.value.to)
      }),
    )
  })

  it('of any text is an answer, never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map(text => `ethereum:${to}${text}`),
        ),
        text => {
          const read = parsePaymentUri(text)
          expect(read.ok || ['notAPaymentRequest', 'addressChecksum'].includes(read.error.kind)).toBe(true)
        },
      ),
    )
  })
})
