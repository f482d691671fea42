// What dies in mid-sale: the tablet at each of its writes, the machine's power, the link, the endpoints, the block of the payment.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Sale } from '../../../src/core/kiosk/sale.ts'
import type { Person } from '../../contract/deviceRegistry.ts'
import { type KioskWorld, startKioskWorld, totalOf } from '../../fixtures/kioskWorld.ts'

let world: KioskWorld
let buyer: Person
beforeAll(async () => {
  world = await startKioskWorld({ depths: [{ upTo: 10n ** 18n, depth: 1 }] })
  const [, first] = world.market.people
  if (!first) throw new Error('the chain has too few accounts')
  buyer = first
  await world.prepay(buyer, 10n ** 17n)
})
afterAll(() => world?.stop())
afterEach(async () => {
  world.disk.dieAt(Number.POSITIVE_INFINITY)
  world.setNear(true)
  for (const endpoint of world.endpoints) endpoint.twist(() => undefined)
  await world.machine.mend()
})

type Tablet = Awaited<ReturnType<KioskWorld['tablet']>>

const products = () => world.machine.machine.out.length
const sold = { end: 'sold', why: null }

const ways: Readonly<Record<'till' | 'order' | 'instant', (kiosk: Tablet, sale: Sale) => Promise<unknown>>> =
  {
    till: (_, sale) => world.payTill(buyer.address, world.amountOf(sale)),
    order: (_, sale) => world.order(buyer, sale),
    instant: async (kiosk, sale) => kiosk.takeSigned(await world.signed(buyer, sale)),
  }

/** The tablet goes on from its disk as often as it died. */
async function finishFromDisk(): Promise<Tablet> {
  world.disk.dieAt(Number.POSITIVE_INFINITY)
  const kiosk = await world.tablet()
  await kiosk.finish()
  return kiosk
}

/** The ways differ little: each dies at some of its writes. */
test.each([
  ['till', 0, 3],
  ['order', 1, 3],
  ['instant', 0, 2],
] as const)('a tablet that dies at one of its writes sells once, by %s', async (way, first, every) => {
  const before = await world.books()
  let [isWhole, money] = [false, 0n]
  let deaths = 0
  for (let writes: number = first; !isWhole; writes += every) {
    const kiosk = await world.tablet()
    const sale = await kiosk.begin(11)
    const out = products()
    world.disk.dieAt(writes)
    try {
      await ways[way](kiosk, sale)
      await kiosk.finish()
      isWhole = true
    } catch (error) {
      expect(error).toMatchObject({ message: 'the tablet has died' })
      deaths += 1
    }
    const next = await finishFromDisk()
    const end = next.end(sale.id)
    // The signed order was shown to a tablet that could not even write it down: nobody has it, and nobody is charged.
    if (way === 'instant' && writes === 0) {
      expect(end).toEqual({ stage: 'waiting' })
      await next.takeSigned(await world.signed(buyer, sale))
      await next.finish()
    }
    expect(next.end(sale.id)).toEqual(sold)
    expect(products() - out).toBe(1)
    money += totalOf(sale)
    await world.fill(1, 9)
  }
  expect(deaths).toBeGreaterThan(1)
  expect((await world.books()).earned - before.earned).toBe(money)
})

test('the machine’s power cut at any moment of a vend: one product and the money, or none and the money back', async () => {
  const ends: string[] = []
  for (let ms = 0; ms < 40; ms += 5) {
    const kiosk = await world.tablet()
    const sale = await kiosk.begin(11)
    const out = products()
    await world.order(buyer, sale)
    await world.client.mine({ blocks: 1 })
    world.machine.lock.timer.after(ms, () => world.machine.lock.device.cyclePower())
    await kiosk.engine.round()
    await world.machine.reconnect()
    world.machine.lock.device.takeTime(world.unixNow())
    await kiosk.finish()
    const fallen = products() - out
    const end = kiosk.end(sale.id)
    ends.push(`${end.end} ${fallen}`)
    expect(['sold 1', 'refunded 0']).toContain(`${end.end} ${fallen}`)
    await world.machine.mend()
    await world.machine.reconnect()
  }
  expect(new Set(ends).size).toBe(2)
})

test('a machine that is away when the payment is safe, and back in time: it drops; away for long: the money goes back', async () => {
  const kiosk = await world.tablet()
  const soon = await kiosk.begin(11)
  await world.order(buyer, soon)
  await world.client.mine({ blocks: 2 })
  world.setNear(false)
  await kiosk.engine.round()
  expect(kiosk.stage(soon.id)).toBe('vending')
  expect(kiosk.engine.machineTrouble.get()).toMatchObject({ kind: 'outOfReach' })
  world.setNear(true)
  await kiosk.finish()
  expect(kiosk.end(soon.id)).toEqual(sold)

  const long = await kiosk.begin(11)
  const gone = await kiosk.begin(11)
  const out = products()
  await world.order(buyer, long)
  await world.client.mine({ blocks: 2 })
  world.setNear(false)
  await kiosk.engine.round()
  await world.skip(700)
  await kiosk.engine.round()
  expect(kiosk.stage(long.id)).toBe('cancelling')
  world.setNear(true)
  await kiosk.finish()
  expect(kiosk.end(long.id)).toEqual({ end: 'refunded', why: 'machineUnreachable' })
  expect(kiosk.end(gone.id)).toEqual({ end: 'unpaid', why: null })

  // Nobody ever hears from the machine again: after the deadline the escrow goes back all the same.
  const never = await kiosk.begin(11)
  await world.order(buyer, never)
  await world.client.mine({ blocks: 2 })
  world.setNear(false)
  await kiosk.engine.round()
  await world.skip(1900)
  await kiosk.finish()
  expect(kiosk.end(never.id)).toEqual({ end: 'refunded', why: 'machineUnreachable' })
  expect(products()).toBe(out)
})

test('endpoints that are away while somebody pays: seen when they are back; one that lies: nothing drops on its word', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const out = products()
  await world.order(buyer, sale)
  await world.client.mine({ blocks: 2 })
  for (const endpoint of world.endpoints) endpoint.twist(() => ({ error: { code: -1, message: 'away' } }))
  await kiosk.engine.round()
  expect(kiosk.watch.state).toBe('unreachable')
  expect(kiosk.stage(sale.id)).toBe('waiting')
  world.endpoints[0]?.twist(() => undefined)
  await kiosk.engine.round()
  // One endpoint alone is believed by nobody.
  expect(kiosk.watch.state).toBe('unproven')
  expect(kiosk.stage(sale.id)).toBe('seen')
  expect(products()).toBe(out)
  world.endpoints[1]?.twist(() => undefined)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual(sold)
})

test('a payment whose block is taken back is no payment; after the drop it is the owner’s loss, and nothing drops twice', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const out = products()
  const before = await world.client.snapshot()
  await world.order(buyer, sale)
  await kiosk.engine.round()
  expect(kiosk.stage(sale.id)).toBe('seen')
  await world.client.revert({ id: before })
  await kiosk.engine.round()
  expect(kiosk.stage(sale.id)).toBe('waiting')
  expect(products()).toBe(out)
  const again = await world.client.snapshot()
  await world.order(buyer, sale)
  await world.client.mine({ blocks: 1 })
  await kiosk.engine.workMachine()
  await kiosk.watch.look()
  await kiosk.engine.workMachine()
  expect(kiosk.stage(sale.id)).toBe('receipted')
  expect(products() - out).toBe(1)
  await world.client.revert({ id: again })
  await world.skip(2400)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual({ end: 'lost', why: null })
  expect(products() - out).toBe(1)
})

test('gas that has run out holds up no product, and the takings come in once there is some again', async () => {
  const kiosk = await world.tablet()
  await world.client.setBalance({ address: world.gasKey.address, value: 0n })
  const sale = await kiosk.begin(11)
  await world.order(buyer, sale)
  await world.client.mine({ blocks: 3 })
  await kiosk.engine.round()
  expect(kiosk.stage(sale.id)).toBe('receipted')
  expect(kiosk.engine.gasTrouble.get()).toEqual({ kind: 'gasEmpty' })
  await world.client.setBalance({ address: world.gasKey.address, value: 10n ** 18n })
  await world.client.mine({ blocks: 3 })
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual(sold)
})
