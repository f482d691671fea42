// What is signed for a channel: the same as other implementations of EIP-712 make of it, and nothing else holds.
import fc from 'fast-check'
import { hashStruct, hashTypedData, recoverAddress } from 'viem'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import { encodeType, type TypedData } from '../../../src/core/eip712.ts'
import {
  channelIdOf,
  closeDigest,
  closeMessage,
  closeTypedData,
  isSignedByKey,
  maxDeposit,
  signByKey,
  voucherDigest,
  voucherTypedData,
} from '../../../src/core/voucher/channel.ts'
import { isVoucherOf } from '../../../src/core/voucher/standing.ts'
import { NOBODY, type SigningContext } from '../../../src/core/wallet/contracts.ts'
import { readRequest } from '../../../src/core/wallet/door.ts'
import { accountOf, channelId, domain, keyOf, terms, voucher, voucherBy } from './people.ts'

const viemDomain = { name: 'Fob', version: '1', chainId: 31337, verifyingContract: domain.paymentChannels }
const context: SigningContext = {
  chainId: domain.chainId,
  coin: { symbol: 'ETH', decimals: 18 },
  contracts: [
    {
      chainId: domain.chainId,
      address: domain.paymentChannels,
      name: 'PaymentChannels',
      role: 'paymentChannels',
      abi: [],
    },
  ],
  tokens: [],
  knownAddresses: [],
  isExpert: false,
  now: 1_800_000_000,
}
const fields = [
  { name: 'channelId', type: 'bytes32' },
  { name: 'amount', type: 'uint256' },
] as const

describe('a channel’s id', () => {
  it('is the hash of its terms as viem makes it', () => {
    const types = {
      Channel: [
        { name: 'payer', type: 'address' },
        { name: 'payee', type: 'address' },
        { name: 'signer', type: 'address' },
        { name: 'token', type: 'address' },
        { name: 'exitDelay', type: 'uint32' },
        { name: 'nonce', type: 'uint64' },
      ],
    } as const
    const data = { ...terms, token: NOBODY }
    expect(channelId).toBe(hashStruct({ data, primaryType: 'Channel', types }))
  })

  it('differs wherever a term does', () => {
    const others = [
      { payer: accountOf('x') },
      { payee: accountOf('x') },
      { signer: accountOf('x') },
      { token: accountOf('x') },
      { exitDelay: 1 },
      { nonce: 4n },
    ]
    const ids = others.map(change => channelIdOf({ ...terms, ...change }))
    expect(new Set([channelId, ...ids]).size).toBe(others.length + 1)
  })
})

describe('a voucher', () => {
  it('has the digest that viem makes, and a signature that viem recovers', async () => {
    const message = { channelId, amount: 12_345n }
    const digest = voucherDigest(domain, message)
    const types = { Voucher: fields }
    expect(toHex(digest)).toBe(hashTypedData({ domain: viemDomain, types, primaryType: 'Voucher', message }))
    const signature = toHex(signByKey(digest, keyOf('session')))
    expect((await recoverAddress({ hash: toHex(digest), signature })).toLowerCase()).toBe(terms.signer)
  })

  it('holds for its signer, its total, its channel, its chain and its contract alone', () => {
    expect(isVoucherOf(domain, terms, voucher(5n))).toBe(true)
    expect(isVoucherOf(domain, terms, voucherBy('payer', 5n))).toBe(false)
    expect(isVoucherOf(domain, terms, { ...voucher(5n), amount: 6n })).toBe(false)
    expect(isVoucherOf(domain, { ...terms, nonce: 4n }, voucher(5n))).toBe(false)
    expect(isVoucherOf({ ...domain, chainId: 1 }, terms, voucher(5n))).toBe(false)
    expect(isVoucherOf({ ...domain, paymentChannels: terms.payee }, terms, voucher(5n))).toBe(false)
  })

  it('is never for more than a channel holds, nor for less than nothing', () => {
    expect(isVoucherOf(domain, terms, voucher(maxDeposit))).toBe(true)
    expect(isVoucherOf(domain, terms, voucher(maxDeposit + 1n))).toBe(false)
    expect(isVoucherOf(domain, terms, { amount: -1n, signature: voucher(1n).signature })).toBe(false)
  })

  it('is not confused with the payee’s consent to close', () => {
    const message = { channelId, amount: 5n }
    expect(closeDigest(domain, message)).not.toEqual(voucherDigest(domain, message))
    expect(toHex(closeDigest(domain, message))).toBe(
      hashTypedData({
        domain: viemDomain,
        types: { ChannelClose: fields },
        primaryType: 'ChannelClose',
        message,
      }),
    )
  })

  it('is nothing that a wallet signs, and the consent is what its list of statements says', () => {
    const { primaryType, types } = closeTypedData(domain, { channelId, amount: 1n })
    expect(encodeType(primaryType, types)).toBe(closeMessage.type)
    const ask = (typedData: TypedData, channels = [terms]) =>
      readRequest({ kind: 'typedData', typedData }, { ...context, channels })
    const voucher = voucherTypedData(domain, { channelId, amount: 1n })
    expect(ask(voucher)).toMatchObject({ error: { kind: 'unknownStatement' } })
    const close = closeTypedData(domain, { channelId, amount: 7n })
    expect(ask(close)).toMatchObject({
      value: {
        signer: 'account',
        sentence: {
          kind: 'agreeToClose',
          to: { address: terms.payee },
          payer: { address: terms.payer },
          amount: { value: 7n, token: null },
        },
      },
    })
    // A channel that nobody named could be of anything.
    expect(ask(close, [])).toMatchObject({ error: { kind: 'unknownStatement' } })
    const another = closeTypedData(domain, { channelId: `0x${'ab'.repeat(32)}`, amount: 7n })
    expect(ask(another)).toMatchObject({ error: { kind: 'unknownStatement' } })
  })
})

describe('a signature', () => {
  const digest = voucherDigest(domain, { channelId, amount: 1n })
  const signature = signByKey(digest, keyOf('session'))
  const account = terms.signer

  it('is refused in every other form', () => {
    expect(isSignedByKey(account, digest, signature)).toBe(true)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const s = order - BigInt(toHex(signature.subarray(32, 64)))
    const high = Uint8Array.from(signature)
    high.set(fromHex(`0x${s.toString(16).padStart(64, '0')}`) ?? [], 32)
    high[64] = 55 - (signature[64] ?? 0)
    expect(isSignedByKey(account, digest, high)).toBe(false)
    for (let length = 0; length < 65; length++) {
      expect(isSignedByKey(account, digest, signature.subarray(0, length))).toBe(false)
    }
    for (const v of [0, 1, 26, 29, 255]) {
      expect(isSignedByKey(account, digest, Uint8Array.from([...signature.subarray(0, 64), v]))).toBe(false)
    }
  })

  it('with any bit changed is nobody’s of ours, and random bytes never throw', () => {
    fc.assert(
      fc.property(fc.nat({ max: 65 * 8 - 1 }), bit => {
        const changed = Uint8Array.from(signature)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(isSignedByKey(account, digest, changed)).toBe(false)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 70 }), bytes => {
        expect(isSignedByKey(account, digest, bytes)).toBe(false)
      }),
    )
  })
})
