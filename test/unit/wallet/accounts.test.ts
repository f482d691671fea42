// The wallet's accounts: where other wallets find them, and that no two are the same.
import fc from 'fast-check'
import { mnemonicToAccount } from 'viem/accounts'
import { expect, it } from 'vitest'
import { isDigestSignedBy, signDigest } from '../../../src/core/p256.ts'
import {
  type AccountName,
  accountAddress,
  accountPath,
  ownerPublicKey,
  withAccountKey,
  withOwnerKey,
} from '../../../src/core/wallet/accounts.ts'
import { phraseSeed, readPhrase } from '../../../src/core/wallet/phrase.ts'

const words = 'test test test test test test test test test test test junk'
const read = readPhrase(words)
if (!read.ok) throw new Error(read.error.kind)
const seed = phraseSeed(read.value)

it('the owner account is the first one of any other wallet with the same words', () => {
  const other = mnemonicToAccount(words).address.toLowerCase()
  expect(accountAddress(seed, { kind: 'owner' })).toBe(other)
  expect(other).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')
})

it.each([0, 1, 7, 2 ** 31 - 1])('device account %i is at the second BIP-44 account', index => {
  const other = mnemonicToAccount(words, { accountIndex: 1, addressIndex: index }).address.toLowerCase()
  expect(accountAddress(seed, { kind: 'device', index })).toBe(other)
})

it('no two accounts have one path', () => {
  const names: fc.Arbitrary<AccountName> = fc.oneof(
    fc.constant<AccountName>({ kind: 'owner' }),
    fc.record({ kind: fc.constant('device' as const), index: fc.nat(2 ** 31 - 1) }),
  )
  fc.assert(
    fc.property(names, names, (a, b) => {
      const isSame = JSON.stringify(a) === JSON.stringify(b)
      expect(JSON.stringify(accountPath(a)) === JSON.stringify(accountPath(b))).toBe(isSame)
    }),
  )
})

it('the owner key signs what its public key verifies, and each generation is another key', () => {
  const digest = new Uint8Array(32).fill(7)
  const signature = withOwnerKey(seed, 0, key => signDigest(digest, key))
  expect(isDigestSignedBy(ownerPublicKey(seed, 0), digest, signature)).toBe(true)
  expect(isDigestSignedBy(ownerPublicKey(seed, 1), digest, signature)).toBe(false)
})

it('stays where it was derived for good: the owner key of known words', () => {
  expect({
    ownerKey: Buffer.from(ownerPublicKey(seed, 0)).toString('hex'),
  }).toMatchInlineSnapshot(`
    {
      "ownerKey": "d5cade708a87c60d3329e559cc6f441c9df836c01b3a387a43ace868e4afa65b14abd317fd857d214382269fdb8684ab86dfb7134b1ebe0246eb85f3702bdeba",
    }
  `)
})

it('lent keys are overwritten when they come back, also after a throw', () => {
  let account = new Uint8Array()
  let owner = new Uint8Array()
  withAccountKey(seed, { kind: 'owner' }, key => {
    account = key
    expect(key.some(byte => byte !== 0)).toBe(true)
  })
  expect(() =>
    withOwnerKey(seed, 0, key => {
      owner = key
      throw new Error('in use')
    }),
  ).toThrow('in use')
  expect([...account, ...owner].every(byte => byte === 0)).toBe(true)
  expect(account.length + owner.length).toBe(64)
})
