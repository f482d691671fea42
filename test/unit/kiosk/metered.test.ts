// Energy and time at a kiosk, over a real chain and the reference outlet: begun, ticking, stopped, and what was not given comes back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { saleView } from '../../../src/app/kiosk/saleViews.ts'
import type { Sale } from '../../../src/core/kiosk/sale.ts'
import type { Person } from '../../contract/deviceRegistry.ts'
import { type KioskWorld, startKioskWorld } from '../../fixtures/kioskWorld.ts'

type Tablet = Awaited<ReturnType<KioskWorld['tablet']>>

let world: KioskWorld
let buyer: Person
beforeAll(async () => {
  world = await startKioskWorld({ isMeter: true, maxQuantity: 600 })
  const [, first] = world.market.people
  if (!first) throw new Error('the chain has too few accounts')
  buyer = first
  await world.prepay(buyer, 10n ** 18n)
})
afterAll(() => world?.stop())

const given = () => world.machine.machine.out.length
const ENERGY = 10

const shown = (tablet: Tablet, { id }: Sale) => {
  const sale = tablet.book.all.get().get(id)
  if (!sale) throw new Error('no sale')
  const amount = (value: bigint) => ({ value, token: null, symbol: 'ETH', decimals: 18 })
  const product = { unit: 'tenWattHours' } as Parameters<typeof saleView>[1]['product']
  return saleView(sale, {
    ...{ domain: world.market.domain, devicePublicKey: world.machine.lock.devicePublicKey, product, amount },
    ...{ till: null, ways: [], boxUrl: null, chain: 'ok', machineTrouble: null, facts: null, refused: null },
    ...{ given: tablet.engine.given.get(id) ?? 0, peerKey: null },
  })
}

async function runs(tablet: Tablet, quantity: number): Promise<Sale> {
  const sale = await tablet.begin(ENERGY, quantity)
  await world.order(buyer, sale)
  await tablet.engine.round()
  return sale
}

test('it ticks on the screen while it runs, is stopped, and what was not given is back with the same transaction', async () => {
  const tablet = await world.tablet()
  const [books, before] = [await world.books(), given()]
  const sale = await runs(tablet, 40)
  expect(shown(tablet, sale)).toMatchObject({ kind: 'dispensing', metered: { isStopping: false } })
  await world.machine.lock.timer.advance(3_000)
  await tablet.engine.round()
  const ticked = shown(tablet, sale)
  const units = ticked.kind === 'dispensing' ? (ticked.metered?.given ?? 0) : 0
  expect(units).toBeGreaterThanOrEqual(3)
  await world.machine.lock.timer.advance(2_000)
  await tablet.book.apply(sale.id, { kind: 'stop' }, world.unixNow())
  expect(shown(tablet, sale)).toMatchObject({ kind: 'dispensing', metered: { isStopping: true } })
  await tablet.finish()
  expect(tablet.end(sale.id)).toEqual({ end: 'sold', why: null })
  const used = given() - before
  expect(used).toBeGreaterThanOrEqual(units + 2)
  expect(used).toBeLessThan(40)
  expect(shown(tablet, sale)).toMatchObject({ kind: 'dropped', dropped: used, quantity: 40, isSettled: true })
  const after = await world.books()
  expect(after.earned - books.earned).toBe(sale.terms.price * BigInt(used))
  // Nothing of the rest stays at the Market: it went back to the payer.
  expect(after.held - books.held).toBe(after.earned - books.earned)
})

test('a tablet that dies in mid-run finds it running, and it ends by itself when it is used up', async () => {
  const first = await world.tablet()
  const before = given()
  const sale = await runs(first, 6)
  const second = await world.tablet()
  await second.engine.round()
  expect(shown(second, sale)).toMatchObject({ kind: 'dispensing' })
  await world.machine.lock.timer.advance(8_000)
  await second.finish()
  expect(second.end(sale.id)).toEqual({ end: 'sold', why: null })
  expect(given() - before).toBe(6)
})

test('a signed order pays for what was given alone, also where the power went in between', async () => {
  const tablet = await world.tablet()
  const [books, before] = [await world.books(), given()]
  const prepaid = await world.prepaidOf([buyer])
  const sale = await tablet.begin(ENERGY, 100)
  expect(await tablet.takeSigned(await world.signed(buyer, sale))).toMatchObject({ ok: true })
  await tablet.engine.round()
  await world.machine.lock.timer.advance(2_500)
  await tablet.engine.round()
  await world.machine.cyclePower()
  await tablet.finish()
  expect(tablet.end(sale.id)).toEqual({ end: 'sold', why: null })
  const used = BigInt(given() - before)
  expect(used).toBeGreaterThanOrEqual(2n)
  expect((await world.books()).earned - books.earned).toBe(sale.terms.price * used)
  expect(prepaid - (await world.prepaidOf([buyer]))).toBe(sale.terms.price * used)
})

test('it goes on for longer than a customer waits for a product, until it is used up', async () => {
  const tablet = await world.tablet()
  const before = given()
  const sale = await runs(tablet, 600)
  for (let i = 0; i < 4; i++) {
    await world.skip(130)
    await tablet.engine.round()
    expect(shown(tablet, sale)).toMatchObject({ kind: 'dispensing', metered: { isStopping: false } })
  }
  expect(given() - before).toBeGreaterThan(500)
  await world.skip(130)
  await tablet.finish()
  expect(tablet.end(sale.id)).toEqual({ end: 'sold', why: null })
  expect(given() - before).toBe(600)
})
