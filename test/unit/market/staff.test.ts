// Staff at a machine: a key that takes for nothing, its limits as the machine keeps them, and links that break half-way.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DemoMachine } from '../../../device/vending/demoMachine.ts'
import { decodeKeyCode } from '../../../src/core/wallet/keyCodes.ts'
import { keyOf, type MarketStory, now, startMarketStory } from '../../fixtures/marketStory.ts'
import { done } from '../../fixtures/marketWorld.ts'
import { nodeTimer } from '../../fixtures/memoryPorts.ts'
import { kindOf } from '../../fixtures/walletWorld.ts'

let story: MarketStory
let machine: DemoMachine
let keyId: string

const spiral = { unit: 'product', isChilled: false, capacity: 9, stock: 5 } as const

beforeAll(async () => {
  const slots = [spiral, spiral, spiral, spiral]
  machine = new DemoMachine({ timer: nodeTimer, slots, unitMs: 5, settleMs: 1 })
  story = await startMarketStory({ vending: machine })
  await story.claimed()
  await story.settled()
})
afterAll(() => story?.world.stop())

const lendTo = (userKeyHash: `0x${string}` | null, slots = [1, 3], perDay = 3) =>
  story.alice.market.lendFree({
    ...{ deviceId: story.lock.deviceId, name: 'Cleaner', userKeyHash, slots, perDay },
    from: now() - 3600,
    until: now() + 86_400,
  })

it('the owner signs it for a phone, which takes it as a key that opens no door', async () => {
  const { alice, bob } = story
  const request = done(await bob.market.keyRequest())
  const { code } = done(await lendTo(request.userKeyHash))
  expect(decodeKeyCode(code)?.terms).toMatchObject({ use: 2, perDay: 3 })
  expect(alice.market.readCode(code)).toEqual({ ok: true, value: { kind: 'key' } })
  expect(kindOf(await alice.market.takeKey(code))).toBe('notForUs')
  keyId = done(await bob.market.takeKey(code))
  expect(keyOf(bob, keyId)).toMatchObject({
    ...{ kind: 'lent', state: { kind: 'ready' }, isOffline: true },
    vends: { slots: [1, 3], perDay: 3, taken: [], unanswered: null },
  })
  expect(story.view.lent).toMatchObject([{ name: 'Cleaner', takesFree: true, canManage: false }])
  expect(kindOf(await bob.market.open(keyId, story.atBob))).toBe('lockRefused')
})

it('looks into its slots, and takes from them what the machine signs as free', async () => {
  const { bob, atBob } = story
  const inside = done(await bob.market.lookInto(keyId, atBob))
  expect(inside.slots.map(({ slot }) => slot)).toEqual([1, 3])
  const [, third] = inside.slots
  const taken = done(await bob.market.takeFree(keyId, atBob, 3))
  expect(taken).toMatchObject({ slot: 3, outcome: 'dropped', cause: 'none' })
  expect(machine.out).toEqual([3])
  const [, after] = done(await bob.market.lookInto(keyId, atBob)).slots
  expect(after).toMatchObject({ stock: (third?.stock ?? 0) - 1, given: 1 })
  expect(keyOf(bob, keyId).vends?.taken).toEqual([taken])
})

it('a slot that it was not given stays shut', async () => {
  const { bob, atBob } = story
  expect(kindOf(await bob.market.takeFree(keyId, atBob, 0))).toBe('slotNotGranted')
  expect(keyOf(bob, keyId).vends?.unanswered).toBeNull()
})

it('a link that breaks while the motor turns costs one product at most, and is told once it is back', async () => {
  const { bob, atBob } = story
  const before = machine.out.length
  bob.cutWhen(() => machine.turns > before)
  expect(kindOf(await bob.market.takeFree(keyId, atBob, 1))).toBe('vendOutcomeUnknown')
  expect(keyOf(bob, keyId).vends?.unanswered).toEqual({ slot: 1 })
  bob.cutWhen(null)
  // Asked for another slot: what became of the first is told, and nothing else drops.
  expect(done(await bob.market.takeFree(keyId, atBob, 3))).toMatchObject({ slot: 1, outcome: 'dropped' })
  expect(machine.out).toEqual([3, 1])
  expect(keyOf(bob, keyId).vends?.unanswered).toBeNull()
})

it('a jam is told, counts against the day, and shuts the slot until somebody has looked at it', async () => {
  const { bob, atBob } = story
  machine.faults.push('jam')
  expect(done(await bob.market.takeFree(keyId, atBob, 1))).toMatchObject({ outcome: 'failed', cause: 'jam' })
  expect(kindOf(await bob.market.takeFree(keyId, atBob, 1))).toBe('slotOutOfOrder')
  expect(kindOf(await bob.market.takeFree(keyId, atBob, 3))).toBe('vendLimitReached')
})

it('the owner can have one on his own phone, and ending all keys ends it', async () => {
  const { alice, atAlice } = story
  const { code } = done(await lendTo(null, [2], 200))
  const own = alice.market.keys.get().find(({ vends }) => vends !== null)
  if (!own) throw new Error('no key of staff')
  expect(decodeKeyCode(code)?.grant.deviceId).toBe(own.deviceId)
  expect(done(await alice.market.takeFree(own.id, atAlice, 2)).outcome).toBe('dropped')
  done(await alice.market.revokeAll(story.lock.deviceId))
  await story.settled()
  expect(kindOf(await alice.market.takeFree(own.id, atAlice, 2))).toBe('lockRefused')
  expect(keyOf(alice, own.id).state.kind).toBe('revoked')
})
