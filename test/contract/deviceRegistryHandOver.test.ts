// Handing a device over: three who agree, what it writes, and every way in which it is refused.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { concat, getAddress, type Hex, numberToHex, pad, size, slice, zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type HandOver,
  handOverDigest,
  handOverTypedData,
  type StatementDomain,
} from '../../src/core/registry/deviceStatements.ts'
import {
  account,
  configOf,
  type DeviceRegistry,
  deployDeviceRegistry,
  done,
  farDeadline,
  handOverArguments,
  handOverOf,
  type Person,
  startDeviceRegistry,
} from './deviceRegistry.ts'
import { lower, type TestDevice } from './testDevice.ts'

let registry: DeviceRegistry
let owner: Person
let newOwner: Person
let stranger: Person
beforeAll(async () => {
  registry = await startDeviceRegistry()
  const [first, second, third] = registry.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  owner = first
  newOwner = second
  stranger = third
})
afterAll(() => registry?.stop())

interface Signed {
  readonly given: Hex
  readonly accepted: Hex
}

async function bothSign(values: HandOver, domain: StatementDomain = registry.domain): Promise<Signed> {
  return {
    given: await owner.sign(handOverTypedData(domain, values, 'owner')),
    accepted: await newOwner.sign(handOverTypedData(domain, values, 'newOwner')),
  }
}

/** What sending this would do; the device has signed `values` in `domain`. */
const tryAs = (
  from: Person,
  device: TestDevice,
  values: HandOver,
  { given, accepted }: Signed,
  domain: StatementDomain = registry.domain,
) => registry.attempt(from.address, 'handOver', handOverArguments(device, domain, values, given, accepted))

describe('a hand-over', () => {
  test('replaces owner, account and counter, and tells of it in events', async () => {
    const device = await registry.claimed(owner)
    const claimedAt = (await registry.read.deviceOf([device.deviceId])).logBlock
    const before = await registry.read.holderOf([owner.address])
    const { events, block } = done(await registry.handOver(device, owner, newOwner, { counter: 77 }))
    const people = { owner: getAddress(newOwner.address), account: getAddress(account(2)) }
    const handedOver = {
      deviceId: device.deviceId,
      ...people,
      previousOwner: getAddress(owner.address),
      previousAccount: getAddress(account(1)),
      counter: 77,
      previousBlock: claimedAt,
      ownerPreviousBlock: 0,
    }
    const tokenId = BigInt(device.deviceId)
    expect(events).toEqual([
      { name: 'HandedOver', args: handedOver },
      { name: 'Transfer', args: { from: getAddress(owner.address), to: people.owner, tokenId } },
    ])
    expect(await registry.read.deviceOf([device.deviceId])).toEqual({
      ...people,
      counter: 77,
      logBlock: block.number,
      report: 0,
      modelId: device.modelId,
    })
    expect(await registry.read.holderOf([owner.address])).toEqual({
      ...before,
      balance: before.balance - 1n,
    })
    expect(await registry.read.holderOf([newOwner.address])).toEqual({ balance: 1n, logBlock: block.number })
  })

  test('needs the signatures of those two who do not send it, whoever does', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const signed = await bothSign(values)
    const withoutGiven = { ...signed, given: '0x' } as const
    const withoutAccepted = { ...signed, accepted: '0x' } as const
    const answers = async (from: Person) => [
      await tryAs(from, device, values, signed),
      await tryAs(from, device, values, withoutGiven),
      await tryAs(from, device, values, withoutAccepted),
    ]
    expect(await answers(owner)).toEqual(['done', 'done', 'ConsentMissing'])
    expect(await answers(newOwner)).toEqual(['done', 'ConsentMissing', 'done'])
    expect(await answers(stranger)).toEqual(['done', 'ConsentMissing', 'ConsentMissing'])
  })

  test('that lacks a consent names who is missing', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const args = handOverArguments(device, registry.domain, values, '0x', '0x')
    for (const [from, missing] of [
      [owner, newOwner],
      [newOwner, owner],
      [stranger, owner],
    ] as const) {
      expect(await registry.send(from.address, 'handOver', args)).toEqual({
        ok: false,
        error: 'ConsentMissing',
        args: [getAddress(missing.address)],
      })
    }
  })

  test('keeps what was paid for: the filed Config and the user stay', async () => {
    const device = await registry.claimed(owner)
    const tokenId = BigInt(device.deviceId)
    done(await registry.fileConfig(owner.address, device, configOf(device, 3)))
    done(await registry.send(owner.address, 'setUser', [tokenId, stranger.address, BigInt(farDeadline)]))
    const filed = await registry.read.configOf([device.deviceId])
    done(await registry.handOver(device, owner, newOwner))
    expect(await registry.read.configOf([device.deviceId])).toEqual(filed)
    expect(await registry.read.userOf([tokenId])).toBe(getAddress(stranger.address))
  })

  test('to oneself replaces the device account alone', async () => {
    const device = await registry.claimed(owner)
    const { balance } = await registry.read.holderOf([owner.address])
    done(await registry.handOver(device, owner, owner))
    expect(await registry.read.deviceOf([device.deviceId])).toMatchObject({
      owner: getAddress(owner.address),
      account: getAddress(account(2)),
      counter: 2,
    })
    expect((await registry.read.holderOf([owner.address])).balance).toBe(balance)
  })

  test('takes the former owner every right', async () => {
    const device = await registry.claimed(owner)
    done(await registry.handOver(device, owner, newOwner))
    const { deviceId } = device
    expect(await registry.attempt(owner.address, 'report', [deviceId, 1])).toBe('NotOwner')
    const setUser = [BigInt(deviceId), owner.address, 1n] as const
    expect(await registry.attempt(owner.address, 'setUser', setUser)).toBe('NotOwnerOrMarket')
    const back = { counter: 3, newAccount: account(3) }
    expect(await registry.handOver(device, owner, owner, back)).toMatchObject({
      error: 'InvalidDeviceSignature',
    })
  })

  test('holds in the last second of its deadline, and not in the next', async () => {
    const device = await registry.claimed(owner)
    const deadline = (await registry.now()) + 100
    const values = { ...handOverOf(device, owner, newOwner), deadline }
    const { given, accepted } = await bothSign(values)
    const args = handOverArguments(device, registry.domain, values, given, accepted)
    const other = await registry.claimed(owner)
    const late = { ...values, deviceId: other.deviceId }
    const lateSigned = await bothSign(late)
    expect(await registry.send(owner.address, 'handOver', args, deadline)).toMatchObject({ ok: true })
    const lateArgs = handOverArguments(other, registry.domain, late, lateSigned.given, lateSigned.accepted)
    expect(await registry.send(owner.address, 'handOver', lateArgs, deadline + 1)).toEqual({
      ok: false,
      error: 'Expired',
      args: [deadline],
    })
  })
})

describe('a hand-over is refused', () => {
  test('of a device that nobody has claimed', async () => {
    const device = registry.unclaimed()
    expect(await registry.handOver(device, owner, newOwner)).toEqual({
      ok: false,
      error: 'UnknownDevice',
      args: [device.deviceId],
    })
  })

  test('to nobody', async () => {
    const device = await registry.claimed(owner)
    expect(await registry.handOver(device, owner, newOwner, { newOwner: zeroAddress })).toEqual({
      ok: false,
      error: 'InvalidOwner',
      args: [zeroAddress],
    })
  })

  test.each([
    ['no account', zeroAddress],
    ['the present account, whose key the present owner has', account(1)],
  ])('with %s', async (_, newAccount) => {
    const device = await registry.claimed(owner)
    expect(await registry.handOver(device, owner, newOwner, { newAccount })).toEqual({
      ok: false,
      error: 'InvalidAccount',
      args: [getAddress(newAccount)],
    })
  })

  test.each([0, 1])('with counter %i after one with 1', async counter => {
    const device = await registry.claimed(owner)
    expect(await registry.handOver(device, owner, newOwner, { counter })).toEqual({
      ok: false,
      error: 'CounterNotGreater',
      args: [1, counter],
    })
  })

  test.each([1, 2])(
    'while the device is reported (%i), though all have signed, until it is found',
    async value => {
      const device = await registry.claimed(owner)
      done(await registry.send(owner.address, 'report', [device.deviceId, value]))
      expect(await registry.handOver(device, owner, newOwner)).toEqual({
        ok: false,
        error: 'DeviceReported',
        args: [device.deviceId, value],
      })
      done(await registry.send(owner.address, 'report', [device.deviceId, 0]))
      expect(await registry.handOver(device, owner, newOwner)).toMatchObject({ ok: true })
    },
  )

  test('when any value is another than the device signed', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    for (const change of [
      { newOwner: stranger.address },
      { newAccount: account(3) },
      { counter: 3 },
      { deadline: farDeadline + 1 },
    ]) {
      const changed = { ...values, ...change }
      const { given, accepted } = await bothSign(changed)
      const [, , , , signature] = handOverArguments(device, registry.domain, values, given, accepted)
      const { newOwner, newAccount, counter, deadline } = changed
      const args = [newOwner, newAccount, counter, deadline, signature, given, accepted] as const
      expect(await registry.attempt(owner.address, 'handOver', args)).toBe('InvalidDeviceSignature')
    }
  })

  test('when any value is another than a person signed', async () => {
    const device = await registry.claimed(owner)
    const other = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const good = await bothSign(values)
    for (const change of [
      { deviceId: other.deviceId },
      { owner: stranger.address },
      { newOwner: stranger.address },
      { newAccount: account(3) },
      { counter: 3 },
      { deadline: farDeadline - 1 },
    ]) {
      const { given, accepted } = await bothSign({ ...values, ...change })
      expect(await tryAs(stranger, device, values, { ...good, given })).toBe('ConsentMissing')
      expect(await tryAs(stranger, device, values, { ...good, accepted })).toBe('ConsentMissing')
    }
    expect(await tryAs(stranger, device, values, good)).toBe('done')
  })

  test('when the persons’ signatures are exchanged, or one serves for both parts', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const { given, accepted } = await bothSign(values)
    expect(await tryAs(stranger, device, values, { given: accepted, accepted: given })).toBe('ConsentMissing')
    const toSelf = handOverOf(device, owner, owner)
    const once = await owner.sign(handOverTypedData(registry.domain, toSelf, 'owner'))
    expect(await tryAs(stranger, device, toSelf, { given: once, accepted: once })).toBe('ConsentMissing')
  })

  test('with a person’s signature in any other form: cut, longer, high s, v of 0, empty, garbage', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const good = await bothSign(values)
    const [r, s, v] = [slice(good.given, 0, 32), slice(good.given, 32, 64), slice(good.given, 64)]
    expect(size(v)).toBe(1)
    const highS = numberToHex(secp256k1.Point.Fn.ORDER - BigInt(s), { size: 32 })
    const otherV = v === '0x1b' ? '0x1c' : '0x1b'
    const forms: Hex[] = [
      '0x',
      concat([r, s]),
      concat([good.given, '0x00']),
      // The same signature once more in ECDSA's eyes.
      concat([r, highS, otherV]),
      concat([r, s, otherV]),
      concat([r, s, numberToHex(Number(v) - 27, { size: 1 })]),
      concat([r, s, '0xff']),
      concat([pad('0x00'), s, v]),
      concat([r, pad('0x00'), v]),
      `0x${'ff'.repeat(65)}`,
      `0x${'00'.repeat(65)}`,
    ]
    for (const given of forms) {
      expect(await tryAs(stranger, device, values, { ...good, given })).toBe('ConsentMissing')
    }
  })

  test('when a stranger signed for either person', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const good = await bothSign(values)
    const given = await stranger.sign(handOverTypedData(registry.domain, values, 'owner'))
    const accepted = await stranger.sign(handOverTypedData(registry.domain, values, 'newOwner'))
    expect(await tryAs(stranger, device, values, { ...good, given })).toBe('ConsentMissing')
    expect(await tryAs(stranger, device, values, { ...good, accepted })).toBe('ConsentMissing')
  })

  test('when the device signed a claim with the same values', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const { given, accepted } = await bothSign(values)
    const claim = device.signClaim(registry.domain, {
      deviceId: device.deviceId,
      owner: newOwner.address,
      account: values.newAccount,
      modelId: device.modelId,
      counter: values.counter,
      deadline: values.deadline,
    })
    const { newAccount, counter, deadline } = values
    const args = [newOwner.address, newAccount, counter, deadline, claim, given, accepted] as const
    expect(await registry.attempt(owner.address, 'handOver', args)).toBe('InvalidDeviceSignature')
  })
})

describe('no part of a hand-over holds again', () => {
  test('not the whole of it, once it is done', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const { given, accepted } = await bothSign(values)
    const args = handOverArguments(device, registry.domain, values, given, accepted)
    done(await registry.send(stranger.address, 'handOver', args))
    for (const from of [owner, newOwner, stranger]) {
      expect(await registry.attempt(from.address, 'handOver', args)).not.toBe('done')
    }
  })

  test('not after the device has come back to the same owner', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const { given, accepted } = await bothSign(values)
    const args = handOverArguments(device, registry.domain, values, given, accepted)
    done(await registry.send(stranger.address, 'handOver', args))
    done(await registry.handOver(device, newOwner, owner, { counter: 3, newAccount: account(3) }))
    expect(await registry.send(stranger.address, 'handOver', args)).toEqual({
      ok: false,
      error: 'CounterNotGreater',
      args: [3, 2],
    })
  })

  test('not an older one that was never sent, once a newer one is done', async () => {
    const device = await registry.claimed(owner)
    const older = handOverOf(device, owner, newOwner)
    const signed = await bothSign(older)
    done(await registry.handOver(device, owner, owner, { counter: 3, newAccount: account(3) }))
    expect(await tryAs(stranger, device, older, signed)).toBe('CounterNotGreater')
  })

  test('not the claim, after the device has changed hands', async () => {
    const device = registry.unclaimed()
    done(await registry.claim(owner.address, device))
    done(await registry.handOver(device, owner, newOwner))
    expect(await registry.claim(owner.address, device)).toMatchObject({ error: 'AlreadyClaimed' })
  })

  test('not on another chain or at another registry, neither the device’s nor a person’s', async () => {
    const device = await registry.claimed(owner)
    const { client, deployer, domain } = registry
    const values = handOverOf(device, owner, newOwner)
    const here = await bothSign(values)
    const elsewhere = [
      { ...domain, chainId: domain.chainId + 1 },
      { ...domain, registry: lower(await deployDeviceRegistry(client, deployer.address)) },
    ]
    for (const other of elsewhere) {
      const there = await bothSign(values, other)
      expect(await tryAs(stranger, device, values, here, other)).toBe('InvalidDeviceSignature')
      expect(await tryAs(stranger, device, values, { ...here, given: there.given })).toBe('ConsentMissing')
      expect(await tryAs(stranger, device, values, { ...here, accepted: there.accepted })).toBe(
        'ConsentMissing',
      )
    }
    expect(await tryAs(stranger, device, values, here)).toBe('done')
    await registry.withChainId(domain.chainId + 1, async () => {
      expect(await tryAs(stranger, device, values, here)).toBe('InvalidDeviceSignature')
    })
  })
})

describe('an owner that is a contract', () => {
  const wallet: Person = { address: account(0xc0de), sign: async () => '0x1234' }
  const magic = '0x1626ba7e'
  /** `PUSH32 word, MSTORE at 0, RETURN length bytes`. */
  const returning = (word: Hex, length: Hex = '0x20') =>
    concat(['0x7f', word, '0x600052', '0x60', length, '0x6000f3'])
  /** Answers as ERC-1271 says, for one digest only: `magic * (calldata[4:36] == digest)`. */
  const walletFor = (digest: Uint8Array) =>
    concat([
      '0x7f',
      pad(magic, { dir: 'right' }),
      '0x600435',
      '0x7f',
      `0x${Buffer.from(digest).toString('hex')}`,
      '0x1402600052',
      '0x60206000f3',
    ])
  const setCode = (code: Hex, address = wallet.address) =>
    registry.client.setCode({ address, bytecode: code })

  test('accepts by its own answer to the very digest (ERC-1271)', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, wallet)
    const tryIt = () => tryAs(owner, device, values, { given: '0x', accepted: '0x1234' })
    await setCode(walletFor(handOverDigest(registry.domain, values, 'newOwner')))
    expect(await tryIt()).toBe('done')
    await setCode(walletFor(handOverDigest(registry.domain, values, 'owner')))
    expect(await tryIt()).toBe('ConsentMissing')
  })

  test.each<[string, Hex]>([
    ['another word', returning(pad('0x01'))],
    ['the magic value aligned to the right', returning(pad(magic))],
    ['one byte less than a word', returning(pad(magic, { dir: 'right' }), '0x1f')],
    ['two words', returning(pad(magic, { dir: 'right' }), '0x40')],
    ['nothing', '0x00'],
    ['a revert', '0x60006000fd'],
    ['a revert with the right words', concat(['0x7f', pad(magic, { dir: 'right' }), '0x60005260206000fd'])],
    // SSTORE before the right answer: a static call can't.
    ['an attempt to change its state', concat(['0x6001600055', returning(pad(magic, { dir: 'right' }))])],
  ])('and answers with %s has not accepted', async (_, code) => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, wallet)
    await setCode(code)
    expect(await tryAs(owner, device, values, { given: '0x', accepted: '0x1234' })).toBe('ConsentMissing')
  })

  test('by delegation (EIP-7702) still signs with its key', async () => {
    const device = await registry.claimed(owner)
    const values = handOverOf(device, owner, newOwner)
    const signed = await bothSign(values)
    await setCode('0x60006000fd', newOwner.address)
    try {
      expect(await tryAs(owner, device, values, signed)).toBe('done')
    } finally {
      await setCode('0x', newOwner.address)
    }
  })
})
