// Filing the Config that a device has taken, and the log of a device that a reader walks from its newest event back.
import { getAddress, type Hex, parseAbiItem, parseEventLogs, zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deviceRegistryAbi as abi } from '../../contracts/generated/DeviceRegistry.ts'
import {
  configDigest,
  type DeviceConfig,
  type StatementDomain,
} from '../../src/core/registry/deviceStatements.ts'
import { receiptOf } from '../chain.ts'
import {
  account,
  configOf,
  type DeviceRegistry,
  deployDeviceRegistry,
  done,
  type Person,
  startDeviceRegistry,
} from './deviceRegistry.ts'
import { configArgument, lower, type TestDevice, testDevice } from './testDevice.ts'

let registry: DeviceRegistry
let owner: Person
let newOwner: Person
let box: Person
beforeAll(async () => {
  registry = await startDeviceRegistry()
  const [first, second, third] = registry.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  owner = first
  newOwner = second
  box = third
})
afterAll(() => registry?.stop())

/** What filing this would do; the device has signed `signed`. */
const tryFile = (
  from: Person,
  device: TestDevice,
  sent: DeviceConfig,
  signed = sent,
  domain: StatementDomain = registry.domain,
) => registry.attempt(from.address, 'fileConfig', [configArgument(sent), device.signTaken(domain, signed)])

describe('filing a Config', () => {
  test('records issuer, market, version and epoch, and gives the whole of it in an event', async () => {
    const device = await registry.claimed(owner)
    const { logBlock } = await registry.read.deviceOf([device.deviceId])
    const config = { ...configOf(device, 6), epoch: 0xfedcba98 }
    const { events, block } = done(await registry.fileConfig(owner.address, device, config))
    const argument = { ...configArgument(config), market: getAddress(config.market) }
    expect(events).toEqual([
      { name: 'ConfigFiled', args: { deviceId: device.deviceId, config: argument, previousBlock: logBlock } },
    ])
    expect(await registry.read.configOf([device.deviceId])).toEqual({
      issuerX: argument.issuerX,
      issuerY: argument.issuerY,
      market: argument.market,
      version: 6,
      epoch: 0xfedcba98,
    })
    expect((await registry.read.deviceOf([device.deviceId])).logBlock).toBe(block.number)
  })

  test('is possible for the device account too, and replaces the whole of the one before', async () => {
    const device = registry.unclaimed()
    done(await registry.claim(owner.address, device, { account: box.address }))
    done(await registry.fileConfig(owner.address, device, configOf(device, 1)))
    const bare: DeviceConfig = {
      deviceId: device.deviceId,
      version: 2 ** 32 - 1,
      issuerKey: new Uint8Array(64),
      attestors: { threshold: 0, keys: [] },
      epoch: 0,
      market: zeroAddress,
    }
    done(await registry.fileConfig(box.address, device, bare))
    const zero: Hex = `0x${'00'.repeat(32)}`
    expect(await registry.read.configOf([device.deviceId])).toEqual({
      issuerX: zero,
      issuerY: zero,
      market: zeroAddress,
      version: 2 ** 32 - 1,
      epoch: 0,
    })
  })

  test('passes over versions that were never filed', async () => {
    const device = await registry.claimed(owner)
    done(await registry.fileConfig(owner.address, device, configOf(device, 3)))
    done(await registry.fileConfig(owner.address, device, configOf(device, 9)))
    expect((await registry.read.configOf([device.deviceId])).version).toBe(9)
  })
})

describe('filing a Config is refused', () => {
  test('for a device that nobody has claimed', async () => {
    const device = registry.unclaimed()
    expect(await registry.fileConfig(owner.address, device, configOf(device, 1))).toEqual({
      ok: false,
      error: 'UnknownDevice',
      args: [device.deviceId],
    })
  })

  test.each([
    [0, 0],
    [4, 4],
    [4, 3],
    [4, 0],
  ])('with version %i filed and %i given', async (filed, given) => {
    const device = await registry.claimed(owner)
    if (filed > 0) done(await registry.fileConfig(owner.address, device, configOf(device, filed)))
    expect(await registry.fileConfig(owner.address, device, configOf(device, given))).toEqual({
      ok: false,
      error: 'VersionNotGreater',
      args: [filed, given],
    })
  })

  test('from anybody but the owner and the device account', async () => {
    const device = await registry.claimed(owner)
    for (const person of [newOwner, box]) {
      expect(await registry.fileConfig(person.address, device, configOf(device, 1))).toEqual({
        ok: false,
        error: 'NotOwnerOrAccount',
        args: [device.deviceId, getAddress(person.address)],
      })
    }
  })

  test('from the former owner and the former account, who kept a statement that they never filed', async () => {
    const device = registry.unclaimed()
    done(await registry.claim(owner.address, device, { account: box.address }))
    const kept = configOf(device, 1)
    expect([await tryFile(owner, device, kept), await tryFile(box, device, kept)]).toEqual(['done', 'done'])
    done(await registry.handOver(device, owner, newOwner))
    expect([await tryFile(owner, device, kept), await tryFile(box, device, kept)]).toEqual([
      'NotOwnerOrAccount',
      'NotOwnerOrAccount',
    ])
  })

  test('when any value is another than the device signed', async () => {
    const device = await registry.claimed(owner)
    const config = configOf(device, 1)
    const { threshold, keys } = config.attestors
    const otherKey = testDevice('other').publicKey
    const flipped = (at: number) => config.issuerKey.map((byte, i) => (i === at ? byte ^ 1 : byte))
    const changes: Partial<DeviceConfig>[] = [
      { version: 2 },
      { issuerKey: flipped(0) },
      { issuerKey: flipped(63) },
      { attestors: { threshold: threshold - 1, keys } },
      { attestors: { threshold, keys: [...keys, otherKey] } },
      { attestors: { threshold, keys: keys.slice(1) } },
      { attestors: { threshold, keys: keys.toReversed() } },
      { epoch: 0 },
      { market: account(0xbad) },
    ]
    for (const change of changes) {
      expect(await tryFile(owner, device, { ...config, ...change }, config)).toBe('InvalidDeviceSignature')
    }
    expect(await tryFile(owner, device, config)).toBe('done')
  })

  test('when the device signed it as another device’s', async () => {
    const device = await registry.claimed(owner)
    const other = await registry.claimed(owner)
    expect(await tryFile(owner, device, configOf(device, 1), configOf(other, 1))).toBe(
      'InvalidDeviceSignature',
    )
  })

  test('when what was signed is the Config itself, as the owner key signs it, and not that it was taken', async () => {
    const device = await registry.claimed(owner)
    const config = configOf(device, 1)
    const signature = device.sign(configDigest(registry.domain, config))
    expect(await registry.attempt(owner.address, 'fileConfig', [configArgument(config), signature])).toBe(
      'InvalidDeviceSignature',
    )
  })

  test('when it was taken for another chain or another registry', async () => {
    const device = await registry.claimed(owner)
    const config = configOf(device, 1)
    const { client, deployer, domain } = registry
    const elsewhere = lower(await deployDeviceRegistry(client, deployer.address))
    for (const other of [
      { ...domain, chainId: domain.chainId + 1 },
      { ...domain, registry: elsewhere },
    ]) {
      expect(await tryFile(owner, device, config, config, other)).toBe('InvalidDeviceSignature')
    }
    await registry.withChainId(domain.chainId + 1, async () => {
      expect(await tryFile(owner, device, config)).toBe('InvalidDeviceSignature')
    })
  })
})

describe('the log of a device', () => {
  /** Every event of the device, newest block first, found by the hints alone: no search over a range of blocks. */
  async function walk(device: TestDevice): Promise<string[]> {
    const found: string[] = []
    let { logBlock: block } = await registry.read.deviceOf([device.deviceId])
    while (block > 0) {
      const logs = await registry.client.getLogs({
        address: registry.address,
        fromBlock: BigInt(block),
        toBlock: BigInt(block),
      })
      const events = parseEventLogs({
        abi,
        logs,
        eventName: ['Claimed', 'HandedOver', 'ConfigFiled', 'Reported'],
      }).filter(({ args }) => args.deviceId === device.deviceId)
      found.push(...events.map(({ eventName }) => eventName).toReversed())
      const [first] = events
      if (!first) throw new Error(`block ${block} holds no event of the device`)
      block = 'previousBlock' in first.args ? first.args.previousBlock : 0
    }
    return found
  }

  test('is complete from the newest event back to the claim', async () => {
    const device = await registry.claimed(owner)
    await registry.claimed(owner)
    done(await registry.fileConfig(owner.address, device, configOf(device, 1)))
    done(await registry.send(owner.address, 'report', [device.deviceId, 2]))
    await registry.client.mine({ blocks: 3 })
    done(await registry.send(owner.address, 'report', [device.deviceId, 0]))
    done(await registry.handOver(device, owner, newOwner))
    done(await registry.handOver(device, newOwner, owner, { counter: 3, newAccount: account(3) }))
    expect(await walk(device)).toEqual([
      'HandedOver',
      'HandedOver',
      'Reported',
      'Reported',
      'ConfigFiled',
      'Claimed',
    ])
  })

  test('is complete where one block holds several of its events', async () => {
    const device = await registry.claimed(owner)
    const { client, send } = registry
    await client.setAutomine(false)
    try {
      const pending: ReturnType<typeof send>[] = []
      for (const value of [1, 2, 0]) {
        pending.push(send(owner.address, 'report', [device.deviceId, value]))
        // One after the other: sent at once, two may take the same nonce, and one of them replaces the other.
        while ((await client.getTxpoolStatus()).pending < pending.length) {
          await new Promise(wait => setTimeout(wait, 10))
        }
      }
      await client.mine({ blocks: 1 })
      for (const outcome of await Promise.all(pending)) done(outcome)
    } finally {
      await client.setAutomine(true)
    }
    done(await registry.fileConfig(owner.address, device, configOf(device, 1)))
    expect(await walk(device)).toEqual(['ConfigFiled', 'Reported', 'Reported', 'Reported', 'Claimed'])
  })

  test('of an owner leads to every device that he ever came to own', async () => {
    const [, , , collector] = registry.people
    if (!collector) throw new Error('the chain has too few accounts')
    const claimed = await registry.claimed(collector)
    const bought = await registry.claimed(owner)
    done(await registry.handOver(bought, owner, collector))
    const alsoClaimed = await registry.claimed(collector)
    done(await registry.handOver(claimed, collector, owner))
    const found: Hex[] = []
    let { logBlock: block } = await registry.read.holderOf([collector.address])
    while (block > 0) {
      const logs = await registry.client.getLogs({
        address: registry.address,
        event: parseAbiItem(
          'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)',
        ),
        args: { to: collector.address },
        fromBlock: BigInt(block),
        toBlock: BigInt(block),
      })
      const [log] = logs
      if (!log) throw new Error(`block ${block} holds no acquisition`)
      found.push(`0x${(log.args.tokenId ?? 0n).toString(16).padStart(64, '0')}`)
      const receipt = await receiptOf(registry.client, log.transactionHash)
      const [event] = parseEventLogs({ abi, logs: receipt.logs, eventName: ['Claimed', 'HandedOver'] })
      block = event?.args.ownerPreviousBlock ?? 0
    }
    expect(found).toEqual([alsoClaimed.deviceId, bought.deviceId, claimed.deviceId])
    expect(await registry.read.balanceOf([collector.address])).toBe(2n)
  })
})
