// EIP-1559 transactions, byte for byte as viem makes them, and what is not signed.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { parseTransaction as viemParse } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { type Bytes, fromHex, toHex } from '../../../src/core/bytes.ts'
import { decodeRlp, encodeRlp, quantityBytes } from '../../../src/core/proof/rlp.ts'
import {
  parseTransaction,
  signTransaction,
  type Transaction,
  transactionFault,
} from '../../../src/core/wallet/transaction.ts'

const secretKey = new Uint8Array(32).fill(0x46)
const account = privateKeyToAccount(toHex(secretKey))

const plain: Transaction = {
  chainId: 31337,
  nonce: 9,
  maxPriorityFeePerGas: 1_000_000_000n,
  maxFeePerGas: 20_000_000_000n,
  gasLimit: 21_000n,
  to: '0x3535353535353535353535353535353535353535',
  value: 10n ** 18n,
  data: new Uint8Array(),
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map(array => Uint8Array.from(array))
const wei = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n })
const transactions: fc.Arbitrary<Transaction> = fc
  .record({
    chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    nonce: fc.nat(Number.MAX_SAFE_INTEGER),
    fees: fc.tuple(wei, wei).map(pair => pair.sort((a, b) => (a < b ? -1 : 1))),
    gasLimit: fc.bigInt({ min: 21_000n, max: (1n << 63n) - 1n }),
    to: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex),
    value: wei,
    data: bytes(100),
  })
  .map(({ fees: [tip, fee], ...rest }) => ({
    ...rest,
    maxPriorityFeePerGas: tip,
    maxFeePerGas: fee,
  }))

const viemSign = (transaction: Transaction) => {
  const { gasLimit, data, ...rest } = transaction
  return account.signTransaction({ ...rest, type: 'eip1559', gas: gasLimit, data: toHex(data) })
}

describe('signed transactions', () => {
  it('are those of viem, with its hash and its sender', async () => {
    const { raw, hash, from } = signTransaction(plain, secretKey)
    expect(toHex(raw)).toBe(await viemSign(plain))
    expect(from).toBe(account.address.toLowerCase())
    expect(viemParse(toHex(raw)).value).toBe(plain.value)
    expect(hash).toMatchInlineSnapshot(`"0x9f9d7ad8c8d68d8cbb954af6fe716e041e5d57690ca7436d2183b29077b7cd96"`)
  })

  it('are those of viem for any values', async () => {
    const limit = 10n ** 30n
    const usual = transactions.filter(t => t.maxFeePerGas < limit && t.value < limit)
    await fc.assert(
      fc.asyncProperty(usual, async transaction => {
        expect(toHex(signTransaction(transaction, secretKey).raw)).toBe(await viemSign(transaction))
      }),
      { numRuns: 50 },
    )
  })

  it('are read back with their signer', () => {
    fc.assert(
      fc.property(transactions, transaction => {
        const signed = signTransaction(transaction, secretKey)
        expect(parseTransaction(signed.raw)).toEqual({ ok: true, value: signed })
      }),
      { numRuns: 50 },
    )
  })

  it('cut at any byte, or with more behind, are refused', () => {
    const { raw } = signTransaction({ ...plain, data: Uint8Array.of(1, 2, 3) }, secretKey)
    for (let length = 0; length < raw.length; length++) {
      expect(parseTransaction(raw.subarray(0, length)).ok).toBe(false)
    }
    expect(parseTransaction(Uint8Array.of(...raw, 0)).ok).toBe(false)
  })

  it('with any bit changed are refused or are of another signer', () => {
    const { raw, from } = signTransaction(plain, secretKey)
    for (let bit = 0; bit < raw.length * 8; bit++) {
      const changed = Uint8Array.from(raw)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const read = parseTransaction(changed)
      if (read.ok) expect(read.value.from).not.toBe(from)
    }
  })

  it('with the other s, which the same key would have signed too, are refused (EIP-2)', () => {
    const { raw } = signTransaction(plain, secretKey)
    const fields = decodeRlp(raw.subarray(1))
    if (!fields.ok || fields.value instanceof Uint8Array) throw new Error('no list')
    const [s = new Uint8Array(), parity] = [fields.value.at(-1), fields.value.at(-3)]
    if (!(s instanceof Uint8Array)) throw new Error('no number')
    const { n } = secp256k1.Point.CURVE()
    const flipped = parity instanceof Uint8Array && parity.length === 0 ? 1n : 0n
    const other = [
      ...fields.value.slice(0, 9),
      quantityBytes(flipped),
      fields.value[10] ?? new Uint8Array(),
      quantityBytes(n - BigInt(toHex(s))),
    ]
    expect(parseTransaction(Uint8Array.of(2, ...encodeRlp(other)))).toMatchObject({
      error: { kind: 'transactionMalformed', detail: 'signature' },
    })
    expect(parseTransaction(Uint8Array.of(2, ...encodeRlp(fields.value))).ok).toBe(true)
  })

  it('never throw when they are random bytes behind the right type', () => {
    fc.assert(
      fc.property(bytes(200), random => {
        expect(parseTransaction(Uint8Array.of(2, ...random)).ok).toBe(false)
      }),
    )
  })
})

describe('refused', () => {
  it.each([
    ['an EIP-7702 transaction', 0x04],
    ['an EIP-7702 authorisation', 0x05],
  ])('%s is a delegation', (_, type) => {
    const raw: Bytes = Uint8Array.of(type, 0xc0)
    expect(parseTransaction(raw)).toEqual({ ok: false, error: { kind: 'delegationRefused' } })
  })

  it('a real delegation, as another wallet signs it, is one', async () => {
    const raw = await account.signTransaction({
      type: 'eip7702',
      chainId: 31337,
      nonce: 0,
      gas: 100_000n,
      maxFeePerGas: 1n,
      to: account.address,
      authorizationList: [await account.signAuthorization({ address: plain.to, chainId: 31337, nonce: 1 })],
    })
    expect(parseTransaction(fromHex(raw) ?? new Uint8Array())).toMatchObject({
      error: { kind: 'delegationRefused' },
    })
  })

  it.each([
    ['legacy', { type: 'legacy', gasPrice: 1n }],
    ['with an access list', { type: 'eip1559', accessList: [{ address: plain.to, storageKeys: [] }] }],
    ['that creates a contract', { type: 'eip1559', to: null }],
  ] as const)('a transaction %s is not supported', async (_, other) => {
    const raw = await account.signTransaction({ chainId: 1, nonce: 0, gas: 21_000n, to: plain.to, ...other })
    expect(parseTransaction(fromHex(raw) ?? new Uint8Array())).toMatchObject({
      error: { kind: 'transactionUnsupported' },
    })
  })

  it.each<[string, Partial<Transaction>]>([
    ['chain id 0', { chainId: 0 }],
    ['a negative nonce', { nonce: -1 }],
    ['a broken nonce', { nonce: 0.5 }],
    ['a negative value', { value: -1n }],
    ['a value of 257 bits', { value: 1n << 256n }],
    ['less gas than a transfer needs', { gasLimit: 20_999n }],
    ['a tip above the fee', { maxPriorityFeePerGas: 20_000_000_001n }],
    [
      'an address in mixed case',
      { to: '0x3535353535353535353535353535353535353535'.replace('35', 'Aa') as `0x${string}` },
    ],
    ['a short address', { to: '0x35' }],
  ])('%s', (_, change) => {
    const transaction = { ...plain, ...change }
    expect(transactionFault(transaction)).toBeTypeOf('string')
    expect(() => signTransaction(transaction, secretKey)).toThrow(RangeError)
  })
})
