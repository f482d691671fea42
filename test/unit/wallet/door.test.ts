// The door: signatures that others verify, over exactly what was described, and none around it.
import { hashMessage, recoverMessageAddress, recoverTypedDataAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { toHex, utf8 } from '../../../src/core/bytes.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import { handOverTypedData } from '../../../src/core/registry/deviceStatements.ts'
import {
  readRequest,
  type Signable,
  type SigningRequest,
  signForAccount,
  signForOwnerKey,
} from '../../../src/core/wallet/door.ts'
import { signTransaction } from '../../../src/core/wallet/transaction.ts'
import { bob, context, deviceRegistry, transactionTo } from './signing.ts'

const expert = { ...context, isExpert: true, chainId: 1 }

function read(request: SigningRequest, within = context): Signable {
  const result = readRequest(request, within)
  if (!result.ok) throw new Error(result.error.kind)
  return result.value
}

/** EIP-712's example, and the key it is signed with: keccak256("cow"). */
const mail = {
  domain: {
    name: 'Ether Mail',
    version: '1',
    chainId: 1,
    verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC',
  },
  types: {
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallet', type: 'address' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person' },
      { name: 'contents', type: 'string' },
    ],
  },
  primaryType: 'Mail',
  message: {
    from: { name: 'Cow', wallet: '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826' },
    to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
    contents: 'Hello, Bob!',
  },
} as const
const cow = Uint8Array.from(
  Buffer.from('c85ef7d79691fe79573b1a7064c19c1a9819ebdbd1faaab1a8ec92344438aaf4', 'hex'),
)

describe('typed data', () => {
  it("EIP-712's example has the EIP's digest and signature", () => {
    const signed = signForAccount(read({ kind: 'typedData', typedData: mail }, expert), cow)
    if (!signed.ok || signed.value.kind !== 'signature') throw new Error('no signature')
    expect(toHex(signed.value.digest)).toBe(
      '0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2',
    )
    expect(toHex(signed.value.signature)).toBe(
      '0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c',
    )
  })

  it('that is unknown shows experts every field that is signed, and no other', () => {
    const typedData = { ...mail, message: { ...mail.message, notSigned: 'hidden' } }
    const { sentence } = read({ kind: 'typedData', typedData }, expert)
    expect(sentence).toMatchObject({ kind: 'unknownStatement', type: 'Mail' })
    expect(JSON.stringify(sentence)).toContain('Hello, Bob!')
    expect(JSON.stringify(sentence)).not.toContain('hidden')
    expect(readRequest({ kind: 'typedData', typedData: mail }, { ...context, chainId: 1 }).ok).toBe(false)
  })

  const owner = privateKeyToAccount(toHex(cow)).address.toLowerCase() as `0x${string}`
  const handOver = (account: `0x${string}`) =>
    handOverTypedData(
      { chainId: 31337, registry: deviceRegistry },
      {
        deviceId: `0x${'7'.repeat(64)}`,
        owner: account,
        newOwner: bob,
        newAccount: bob,
        counter: 1,
        deadline: 1_900_000_000,
      },
      'owner',
    )

  it('is signed by the account that it names, and by no other', async () => {
    const typedData = handOver(owner)
    const signed = signForAccount(read({ kind: 'typedData', typedData }), cow)
    if (!signed.ok || signed.value.kind !== 'signature') throw new Error('no signature')
    const types = {
      HandOverGiven: [...(typedData.types.HandOverGiven ?? [])].map(field => ({ ...field })),
    }
    const signer = await recoverTypedDataAddress({
      domain: typedData.domain,
      types,
      primaryType: 'HandOverGiven',
      message: typedData.message,
      signature: toHex(signed.value.signature),
    })
    expect(signer.toLowerCase()).toBe(owner)
    const others = signForAccount(read({ kind: 'typedData', typedData: handOver(bob) }), cow)
    expect(others).toMatchObject({ ok: false, error: { kind: 'wrongSigner' } })
  })

  it('with the address of the contract in mixed case is the same statement', () => {
    const typedData = handOver(owner)
    const upper = `0x${deviceRegistry.slice(2).toUpperCase()}` as const
    const mixed = { ...typedData, domain: { ...typedData.domain, verifyingContract: upper } }
    expect(read({ kind: 'typedData', typedData: mixed }).sentence.kind).toBe('handOverGiven')
  })
})

describe('text', () => {
  it.each(['Hello', 'Zwei\nZeilen', '你好，世界'])('%j is signed as personal_sign does', async text => {
    const signed = signForAccount(read({ kind: 'text', text }), cow)
    if (!signed.ok || signed.value.kind !== 'signature') throw new Error('no signature')
    expect(toHex(signed.value.digest)).toBe(hashMessage(text))
    const signature = toHex(signed.value.signature)
    expect(await recoverMessageAddress({ message: text, signature })).toBe(
      privateKeyToAccount(toHex(cow)).address,
    )
  })

  it.each([
    ['nothing', ''],
    ['spaces', '  '],
    ['a hash', `0x${'ab'.repeat(32)}`],
    ['a hash without 0x', 'AB'.repeat(32)],
    ['a right-to-left override', 'pay \u202e1 ETH'],
    ['a zero-width space', 'pay\u200b1'],
    ['a control character', 'pay\u00071'],
    ['a line separator', 'pay\u2028me'],
    ['more than anybody reads', 'x'.repeat(2001)],
  ])('of %s is refused, also for experts', (_, text) => {
    expect(readRequest({ kind: 'text', text }, expert)).toEqual({
      ok: false,
      error: { kind: 'textUnreadable' },
    })
  })
})

describe('no way around the door', () => {
  const request = transactionTo(bob, '0x', { value: 5n })

  it('what was described is what is signed, whatever the caller does to its request', () => {
    if (request.kind !== 'transaction') throw new Error('no transaction')
    const mutable = { ...request.transaction, data: new Uint8Array() }
    const signable = read({ kind: 'transaction', transaction: mutable })
    mutable.value = 10n ** 18n
    const signed = signForAccount(signable, cow)
    expect(signed).toMatchObject({ value: { signed: signTransaction(request.transaction, cow) } })
  })

  it('a message that answers differently each time is read once', () => {
    let asked = 0
    const message = { ...mail.message }
    Object.defineProperty(message, 'contents', {
      enumerable: true,
      get: () => (asked++ === 0 ? 'Hello, Bob!' : 'All my money to Mallory'),
    })
    const signable = read({ kind: 'typedData', typedData: { ...mail, message } }, expert)
    expect(JSON.stringify(signable.sentence)).toContain('Hello, Bob!')
    const signed = signForAccount(signable, cow)
    expect(signed).toMatchObject({ ok: true })
    expect(signed.ok && signed.value.kind === 'signature' && toHex(signed.value.digest)).toBe(
      '0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2',
    )
  })

  it('look-alikes of a decoded request sign nothing', () => {
    const real = read(request)
    for (const fake of [
      { ...real },
      Object.create(Object.getPrototypeOf(real)),
      structuredClone({ ...real }),
    ]) {
      expect(() => signForAccount(fake, cow)).toThrow(TypeError)
    }
    const { constructor: Made } = Object.getPrototypeOf(real)
    expect(() => new Made(Symbol('readRequest'), {}, real)).toThrow(TypeError)
  })

  it('a decoded request can not be changed', () => {
    const real = read(request)
    expect(Object.isFrozen(real)).toBe(true)
    expect(Object.isFrozen(real.sentence)).toBe(true)
    expect(real.sentence.kind === 'transfer' && Object.isFrozen(real.sentence.amount)).toBe(true)
  })

  it('the owner key signs its own statements alone, and accounts none of them', () => {
    const config = {
      domain: { name: 'Fob', version: '1', chainId: 31337, verifyingContract: deviceRegistry },
      types: { Manage: [{ name: 'action', type: 'string' }] },
      primaryType: 'Manage',
      message: { action: 'reset' },
    } as const
    const manage = { type: 'Manage(string action)', signer: 'ownerKey' } as const
    const contracts = context.contracts.map(contract => ({ ...contract, messages: [manage] }))
    const statement = read({ kind: 'typedData', typedData: config }, { ...context, contracts })
    expect(statement.sentence).toMatchObject({
      kind: 'statement',
      type: 'Manage',
      fields: [{ name: 'action', value: 'reset' }],
    })
    const signed = signForOwnerKey(statement, cow)
    if (signed.kind !== 'signature') throw new Error('no signature')
    expect(isDigestSignedBy(devicePublicKey(cow), signed.digest, signed.signature)).toBe(true)
    expect(() => signForAccount(statement, cow)).toThrow(TypeError)
    expect(() => signForOwnerKey(read(request), cow)).toThrow(TypeError)
    expect(() => signForOwnerKey(read({ kind: 'text', text: 'hi' }), cow)).toThrow(TypeError)
  })
})

it('the digest that comes back is a copy', () => {
  const signable = read({ kind: 'text', text: 'hi' })
  const first = signForAccount(signable, cow)
  if (!first.ok || first.value.kind !== 'signature') throw new Error('no signature')
  first.value.digest.set(utf8('changed'))
  const second = signForAccount(signable, cow)
  expect(second.ok && second.value.kind === 'signature' && toHex(second.value.digest)).toBe(hashMessage('hi'))
})
