// The DeviceRegistry's generated storage layout: what a reader of storage proofs finds by it is what the views say.
import { pad } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceRegistryLayout as layout } from '../../contracts/generated/DeviceRegistry.ts'
import { configOf, type DeviceRegistry, done, type Person, startDeviceRegistry } from './deviceRegistry.ts'
import { plain, slotOf, storageOf } from './storage.ts'

let registry: DeviceRegistry
let owner: Person
let newOwner: Person
beforeAll(async () => {
  registry = await startDeviceRegistry()
  const [first, second] = registry.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  owner = first
  newOwner = second
})
afterAll(() => registry?.stop())

const { structAt } = storageOf(() => registry)

test('a device is three slots, and every member of it is found by the layout', async () => {
  expect(layout.devices.value.slots).toBe(3)
  const device = await registry.claimed(owner)
  done(await registry.handOver(device, owner, newOwner, { counter: 2 ** 48 - 1 }))
  done(await registry.send(newOwner.address, 'report', [device.deviceId, 2]))
  const found = await structAt(slotOf(layout.devices.slot, [device.deviceId]), layout.devices.value.members)
  expect(found).toEqual(plain(await registry.read.deviceOf([device.deviceId])))
  expect(found).toMatchObject({ owner: newOwner.address, counter: 2n ** 48n - 1n, report: 2n })
})

test('a filed Config is three slots, and every member of it is found by the layout', async () => {
  expect(layout.configs.value.slots).toBe(3)
  const device = await registry.claimed(owner)
  const config = { ...configOf(device, 0xfedcba98), epoch: 0x89abcdef }
  done(await registry.fileConfig(owner.address, device, config))
  const found = await structAt(slotOf(layout.configs.slot, [device.deviceId]), layout.configs.value.members)
  expect(found).toEqual(plain(await registry.read.configOf([device.deviceId])))
  expect(found).toMatchObject({ version: 0xfedcba98n, epoch: 0x89abcdefn, market: config.market })
})

test('how many devices an account owns is one slot, so that a list of them can be proven complete', async () => {
  expect(layout.holders.value.slots).toBe(1)
  await registry.claimed(owner)
  const found = await structAt(slotOf(layout.holders.slot, [owner.address]), layout.holders.value.members)
  expect(found).toEqual(plain(await registry.read.holderOf([owner.address])))
  expect(found.balance).toBe(await registry.read.balanceOf([owner.address]))
})

test('a user is found by the layout', async () => {
  const device = await registry.claimed(owner)
  const expires = 0xfedcba9876543210n
  done(await registry.send(owner.address, 'setUser', [BigInt(device.deviceId), newOwner.address, expires]))
  const found = await structAt(slotOf(layout.users.slot, [device.deviceId]), layout.users.value.members)
  expect(found).toEqual({ user: newOwner.address, expires })
})

test('a device that nobody has claimed is slots of zeros, so that this can be proven', async () => {
  const found = await structAt(slotOf(layout.devices.slot, [pad('0x77')]), layout.devices.value.members)
  expect(Object.values(found).map(BigInt)).toEqual(Object.values(found).map(() => 0n))
})
