// The token that wallets show, its user, and the owner's report: what can be read, and that nothing moves it.
import { concat, getAddress, type Hex, pad, toFunctionSelector, zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { receiptOf } from '../chain.ts'
import {
  account,
  configOf,
  type DeviceRegistry,
  done,
  farDeadline,
  type Person,
  startDeviceRegistry,
} from './deviceRegistry.ts'

let registry: DeviceRegistry
let owner: Person
let stranger: Person
let market: Person
beforeAll(async () => {
  registry = await startDeviceRegistry()
  const [first, second, third] = registry.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  owner = first
  stranger = second
  market = third
})
afterAll(() => registry?.stop())

const unknown = BigInt(pad('0x77'))

describe('the token', () => {
  test('belongs to the device’s owner, and is locked', async () => {
    const device = await registry.claimed(owner)
    const tokenId = BigInt(device.deviceId)
    expect(await registry.read.ownerOf([tokenId])).toBe(getAddress(owner.address))
    expect(await registry.read.locked([tokenId])).toBe(true)
    expect(await registry.read.getApproved([tokenId])).toBe(zeroAddress)
    expect(await registry.read.isApprovedForAll([owner.address, stranger.address])).toBe(false)
  })

  test('is counted', async () => {
    const before = await registry.read.balanceOf([stranger.address])
    await registry.claimed(stranger)
    const given = await registry.claimed(stranger)
    expect(await registry.read.balanceOf([stranger.address])).toBe(before + 2n)
    done(await registry.handOver(given, stranger, owner))
    expect(await registry.read.balanceOf([stranger.address])).toBe(before + 1n)
  })

  test('is not moved and not approved, by anybody', async () => {
    const device = await registry.claimed(owner)
    const tokenId = BigInt(device.deviceId)
    for (const { address } of [owner, stranger]) {
      const to = stranger.address
      const attempts = [
        () => registry.send(address, 'approve', [to, tokenId]),
        () => registry.send(address, 'setApprovalForAll', [to, true]),
        () => registry.send(address, 'transferFrom', [owner.address, to, tokenId]),
        () => registry.send(address, 'safeTransferFrom', [owner.address, to, tokenId]),
        () => registry.send(address, 'safeTransferFrom', [owner.address, to, tokenId, '0x00']),
      ]
      for (const attempt of attempts) {
        expect(await attempt()).toEqual({ ok: false, error: 'TransferLocked', args: [] })
      }
    }
    expect(await registry.read.ownerOf([tokenId])).toBe(getAddress(owner.address))
  })

  test('that does not exist has no owner, lock, approval or metadata, and the zero address no tokens', async () => {
    const { read } = registry
    const named = /UnknownDevice/
    await expect(read.ownerOf([unknown])).rejects.toThrow(named)
    await expect(read.locked([unknown])).rejects.toThrow(named)
    await expect(read.getApproved([unknown])).rejects.toThrow(named)
    await expect(read.tokenURI([unknown])).rejects.toThrow(named)
    await expect(read.balanceOf([zeroAddress])).rejects.toThrow(/InvalidOwner/)
    expect(await read.balanceOf([account(0x999)])).toBe(0n)
  })

  test.each<[string, Hex, boolean]>([
    ['ERC-165', '0x01ffc9a7', true],
    ['ERC-721', '0x80ac58cd', true],
    ['ERC-721 Metadata', '0x5b5e139f', true],
    ['ERC-5192', '0xb45a3c0e', true],
    ['ERC-4907', '0xad092b5c', true],
    ['nothing', '0xffffffff', false],
    ['ERC-721 Enumerable', '0x780e9d63', false],
    ['ERC-1155', '0xd9b67a26', false],
  ])('says whether it supports %s', async (_, id, isSupported) => {
    expect(await registry.read.supportsInterface([id])).toBe(isSupported)
  })

  test.each([
    [0, 'none'],
    [1, 'lost'],
    [2, 'stolen'],
  ])('describes itself without asking any host (report %i)', async (value, report) => {
    const device = await registry.claimed(owner)
    done(await registry.send(owner.address, 'report', [device.deviceId, value]))
    const uri = await registry.read.tokenURI([BigInt(device.deviceId)])
    // Only what RFC 3986 lets stand in a URI.
    expect(uri).toMatch(/^data:application\/json,[\w:,%]+$/)
    expect(await (await fetch(uri)).json()).toEqual({
      name: `Device ${device.deviceId}`,
      attributes: [
        { trait_type: 'model', value: device.modelId },
        { trait_type: 'report', value: report },
      ],
    })
  })

  test('has a name', async () => {
    expect([await registry.read.name(), await registry.read.symbol()]).toEqual(['Fob devices', 'FOB'])
  })
})

describe('the user of a device', () => {
  test('is nobody until it is set, and for a device that is not registered', async () => {
    const { deviceId } = await registry.claimed(owner)
    for (const tokenId of [BigInt(deviceId), unknown]) {
      expect(await registry.read.userOf([tokenId])).toBe(zeroAddress)
      expect(await registry.read.userExpires([tokenId])).toBe(0n)
    }
  })

  test('is set by the owner, until the last second that was given', async () => {
    const device = await registry.claimed(owner)
    const tokenId = BigInt(device.deviceId)
    const expires = BigInt((await registry.now()) + 1000)
    const { events } = done(
      await registry.send(owner.address, 'setUser', [tokenId, stranger.address, expires]),
    )
    const user = getAddress(stranger.address)
    expect(events).toEqual([{ name: 'UpdateUser', args: { tokenId, user, expires } }])
    const { client, read } = registry
    for (const [at, expected] of [
      [expires, user],
      [expires + 1n, zeroAddress],
    ] as const) {
      await client.setNextBlockTimestamp({ timestamp: at })
      await client.mine({ blocks: 1 })
      expect(await read.userOf([tokenId])).toBe(expected)
      expect(await read.userExpires([tokenId])).toBe(expires)
    }
  })

  test('is set by the Market of the filed Config, while it is that', async () => {
    const device = await registry.claimed(owner)
    const tokenId = BigInt(device.deviceId)
    const expires = 2n ** 64n - 1n
    const set = () => registry.send(market.address, 'setUser', [tokenId, stranger.address, expires])
    const refused = {
      ok: false,
      error: 'NotOwnerOrMarket',
      args: [device.deviceId, getAddress(market.address)],
    }
    expect(await set()).toEqual(refused)
    const config = { ...configOf(device, 1), market: market.address }
    done(await registry.fileConfig(owner.address, device, config))
    expect(await set()).toMatchObject({ ok: true })
    expect(await registry.read.userOf([tokenId])).toBe(getAddress(stranger.address))
    done(await registry.fileConfig(owner.address, device, { ...config, version: 2, market: account(5) }))
    expect(await set()).toEqual(refused)
  })

  test('can be taken away', async () => {
    const device = await registry.claimed(owner)
    const tokenId = BigInt(device.deviceId)
    done(await registry.send(owner.address, 'setUser', [tokenId, stranger.address, BigInt(farDeadline)]))
    done(await registry.send(owner.address, 'setUser', [tokenId, zeroAddress, 0n]))
    expect(await registry.read.userOf([tokenId])).toBe(zeroAddress)
  })

  test('is not set by the user, a stranger or the device account, nor for a device that is not registered', async () => {
    const device = registry.unclaimed()
    done(await registry.claim(owner.address, device, { account: market.address }))
    const tokenId = BigInt(device.deviceId)
    done(await registry.send(owner.address, 'setUser', [tokenId, stranger.address, BigInt(farDeadline)]))
    for (const { address } of [stranger, market]) {
      expect(await registry.attempt(address, 'setUser', [tokenId, address, 1n])).toBe('NotOwnerOrMarket')
    }
    expect(await registry.attempt(owner.address, 'setUser', [unknown, owner.address, 1n])).toBe(
      'UnknownDevice',
    )
  })

  test('has no right in the registry', async () => {
    const device = await registry.claimed(owner)
    done(
      await registry.send(owner.address, 'setUser', [
        BigInt(device.deviceId),
        stranger.address,
        BigInt(farDeadline),
      ]),
    )
    expect(await registry.attempt(stranger.address, 'report', [device.deviceId, 1])).toBe('NotOwner')
    expect(await registry.fileConfig(stranger.address, device, configOf(device, 1))).toMatchObject({
      error: 'NotOwnerOrAccount',
    })
  })
})

describe('the owner’s report', () => {
  test('is recorded, told in an event, and taken back', async () => {
    const device = await registry.claimed(owner)
    let { logBlock: previousBlock } = await registry.read.deviceOf([device.deviceId])
    for (const report of [1, 2, 0]) {
      const { events, block } = done(await registry.send(owner.address, 'report', [device.deviceId, report]))
      expect(events).toEqual([
        { name: 'Reported', args: { deviceId: device.deviceId, report, previousBlock } },
      ])
      expect(await registry.read.deviceOf([device.deviceId])).toMatchObject({
        report,
        logBlock: block.number,
        owner: getAddress(owner.address),
        account: getAddress(account(1)),
      })
      previousBlock = block.number
    }
  })

  test('is nobody else’s to give: not the device account’s, the Market’s or a stranger’s', async () => {
    const device = registry.unclaimed()
    done(await registry.claim(owner.address, device, { account: stranger.address }))
    done(await registry.fileConfig(owner.address, device, { ...configOf(device, 1), market: market.address }))
    for (const { address } of [stranger, market, registry.deployer]) {
      expect(await registry.send(address, 'report', [device.deviceId, 1])).toEqual({
        ok: false,
        error: 'NotOwner',
        args: [device.deviceId, getAddress(address)],
      })
    }
  })

  test('needs a registered device, and one of the three values', async () => {
    const device = await registry.claimed(owner)
    expect(await registry.attempt(owner.address, 'report', [pad('0x77'), 1])).toBe('UnknownDevice')
    // The ABI's decoder refuses it with empty data, before the contract's own code runs.
    const { client, address } = registry
    const data = concat([toFunctionSelector('report(bytes32,uint8)'), device.deviceId, pad('0x03')])
    const hash = await client.sendTransaction({ account: owner.address, to: address, data, gas: 100_000n })
    expect(await receiptOf(client, hash)).toMatchObject({ status: 'reverted' })
  })
})

test('the registry takes no money', async () => {
  const { client, address } = registry
  const hash = await client.sendTransaction({ account: owner.address, to: address, value: 1n, gas: 100_000n })
  expect(await receiptOf(client, hash)).toMatchObject({ status: 'reverted' })
})
