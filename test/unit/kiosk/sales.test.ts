// A kiosk's sales over a real chain and the reference machine: whatever dies or lies, one payment is one product or the money back.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Person } from '../../contract/deviceRegistry.ts'
import { type KioskWorld, startKioskWorld, totalOf } from '../../fixtures/kioskWorld.ts'

let world: KioskWorld
let buyer: Person
let other: Person
beforeAll(async () => {
  world = await startKioskWorld()
  const [, first, second] = world.market.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  buyer = first
  other = second
})
afterAll(() => world?.stop())
afterEach(() => world.setNear(true))

const products = () => world.machine.machine.out.length

test('a plain transfer of the amount that was shown: the product drops, and the payees have earned it', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const before = await world.books()
  expect(await world.payTill(buyer.address, world.amountOf(sale))).toBe(true)
  await kiosk.engine.round()
  expect(products()).toBe(1)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual({ end: 'sold', why: null })
  expect((await world.books()).earned - before.earned).toBe(totalOf(sale))
})
