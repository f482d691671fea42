// A hundred sales in a row with faults from a fixed seed: in the end money and products balance, and nothing is stuck.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sale } from '../../../src/core/kiosk/sale.ts'
import type { Person } from '../../contract/deviceRegistry.ts'
import { type KioskWorld, startKioskWorld, totalOf } from '../../fixtures/kioskWorld.ts'

let world: KioskWorld
let people: readonly Person[]
beforeAll(async () => {
  world = await startKioskWorld()
  people = world.market.people.slice(1, 4)
  for (const person of people) await world.prepay(person, 10n ** 17n)
})
afterAll(() => world?.stop())

type Tablet = Awaited<ReturnType<KioskWorld['tablet']>>

const FAULTS = [
  'none',
  'tabletDies',
  'tabletDiesInVend',
  'machinePower',
  'linkLost',
  'machineAway',
  'jam',
  'noDrop',
  'doorOpen',
  'chainAway',
  'endpointLies',
  'reorg',
  'lastItem',
  'soldOut',
  'paidTwice',
  'tooLittle',
  'tooMuch',
  'tooLate',
  'nobodyPays',
] as const
type Fault = (typeof FAULTS)[number]
const WAYS = ['till', 'order', 'instant'] as const
type Way = (typeof WAYS)[number]

/** mulberry32: the same hundred sales each time. */
function seeded(seed: number): (end: number) => number {
  let state = seed
  return end => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * end
  }
}

const payer = (i: number): Person => {
  const person = people[i % people.length]
  if (!person) throw new Error('nobody')
  return person
}

/** What the customer does; resolves to whether the payment was taken. */
async function pay(kiosk: Tablet, sale: Sale, way: Way, who: Person): Promise<boolean> {
  if (way === 'till') return world.payTill(who.address, world.amountOf(sale))
  if (way === 'instant') return (await kiosk.takeSigned(await world.signed(who, sale))).ok
  await world.order(who, sale)
  return true
}

const away = () => ({ error: { code: -32_000, message: 'away' } })

async function mendAll(): Promise<void> {
  world.disk.dieAt(Number.POSITIVE_INFINITY)
  world.setNear(true)
  for (const endpoint of world.endpoints) endpoint.twist(() => undefined)
}

/** One customer, with one thing going wrong. The tablet that goes on afterwards is returned. */
async function customer(kiosk: Tablet, fault: Fault, way: Way, who: Person, number: number): Promise<Tablet> {
  const { machine } = world
  const sale = await kiosk.begin(number)
  switch (fault) {
    case 'nobodyPays':
      return kiosk
    case 'tooLittle':
    case 'tooMuch': {
      const wrong = world.amountOf(sale) + (fault === 'tooMuch' ? 1n : -1n) * 10n ** 14n
      expect(await world.payTill(who.address, wrong)).toBe(false)
      return kiosk
    }
    case 'tooLate':
      await world.skip(500)
      await kiosk.engine.round()
      // A Till does not take it any more; the Market takes an order at any time, and it goes back.
      if (way === 'till') expect(await world.payTill(who.address, world.amountOf(sale))).toBe(false)
      else await world.order(who, sale)
      return kiosk
    case 'soldOut':
      await world.fill(sale.terms.slot, 0)
      break
    case 'lastItem': {
      await world.fill(sale.terms.slot, 1)
      await pay(kiosk, await kiosk.begin(number), 'order', payer(1))
      break
    }
    case 'jam':
    case 'noDrop':
      machine.machine.faults.push(fault)
      break
    case 'doorOpen':
      machine.machine.doorOpen = true
      break
    case 'machineAway':
      world.setNear(false)
      break
    default:
      break
  }
  if (fault === 'reorg' && way !== 'instant') {
    const before = await world.client.snapshot()
    await pay(kiosk, sale, way, who)
    await kiosk.watch.look()
    await world.client.revert({ id: before })
    await kiosk.watch.look()
  }
  if (fault === 'tabletDies') world.disk.dieAt(2)
  try {
    await pay(kiosk, sale, way, who)
    if (fault === 'paidTwice') await world.order(who === payer(2) ? payer(0) : payer(2), sale)
    if (fault === 'chainAway') for (const endpoint of world.endpoints) endpoint.twist(away)
    if (fault === 'endpointLies') {
      world.endpoints[0]?.twist(({ method }) =>
        method === 'eth_getProof' ? { result: { storageProof: [], accountProof: [] } } : undefined,
      )
    }
    if (fault === 'tabletDiesInVend') world.disk.dieAt(1)
    if (fault === 'machinePower') machine.lock.timer.after(12, () => machine.lock.device.cyclePower())
    if (fault === 'linkLost') machine.lock.timer.after(9, () => void machine.lock.transport.close())
    await kiosk.engine.round()
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'the tablet has died') throw error
  }
  await mendAll()
  if (fault === 'machinePower') {
    await machine.reconnect()
    machine.lock.device.takeTime(world.unixNow())
  }
  const isDead = fault === 'tabletDies' || fault === 'tabletDiesInVend'
  const next = isDead ? await world.tablet() : kiosk
  await next.engine.round()
  if (['soldOut', 'lastItem', 'jam', 'noDrop', 'doorOpen', 'machinePower'].includes(fault)) {
    await next.engine.round()
    await machine.mend()
    await machine.reconnect()
  }
  return next
}

test('a hundred sales: money in = shares + refunds + escrow, products = receipts, nothing is stuck', {
  timeout: 300_000,
  retry: 0,
}, async () => {
  const random = seeded(6)
  const counts = new Map<string, number>()
  const plan: { readonly fault: Fault; readonly way: Way }[] = []
  // Each fault in each way at least once, then as the seed has it.
  for (const fault of FAULTS) for (const way of WAYS) plan.push({ fault, way })
  while (plan.length < 100) {
    const fault = FAULTS[Math.floor(random(FAULTS.length))] ?? 'none'
    plan.push({ fault, way: WAYS[Math.floor(random(3))] ?? 'till' })
  }
  for (let i = plan.length - 1; i > 0; i--) {
    const j = Math.floor(random(i + 1))
    const [a, b] = [plan[i], plan[j]]
    if (a && b) [plan[i], plan[j]] = [b, a]
  }
  const before = await world.books()
  let kiosk = await world.tablet()
  for (const [i, { fault, way }] of plan.entries()) {
    counts.set(fault, (counts.get(fault) ?? 0) + 1)
    kiosk = await customer(kiosk, fault, way, payer(i), 10 + Math.floor(random(4)))
    await world.client.mine({ blocks: 1 })
    await world.skip(25)
    if (i % 10 === 9) {
      await kiosk.finish(6)
      for (let slot = 0; slot < 4; slot++) await world.fill(slot, 9)
    }
  }
  await world.skip(2500)
  await kiosk.finish(30)

  const sales = [...kiosk.book.all.get().values()]
  const ends = new Map<string, number>()
  for (const { stage } of sales) {
    const end = stage.kind === 'closed' ? `${stage.end}${stage.why ? ` (${stage.why})` : ''}` : stage.kind
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  console.log(Object.fromEntries(counts), Object.fromEntries(ends))
  expect(kiosk.book.open).toEqual([])
  expect(plan.length).toBe(100)
  for (const fault of FAULTS) expect(counts.get(fault)).toBeGreaterThanOrEqual(3)

  const soldSales = sales.filter(({ stage }) => stage.kind === 'closed' && stage.end === 'sold')
  const receipts = sales.flatMap(({ stage }) =>
    stage.kind === 'closed' && stage.receipt ? [stage.receipt] : [],
  )
  const dropped = receipts.reduce((sum, receipt) => sum + receipt.dropped, 0)
  expect(world.machine.machine.out.length).toBe(dropped)
  expect(new Set(receipts.map(({ counter }) => counter)).size).toBe(receipts.length)
  expect(ends.get('lost') ?? 0).toBe(0)
  const after = await world.books()
  const taken = soldSales.reduce((sum, sale) => sum + totalOf(sale), 0n)
  expect(after.earned - before.earned).toBe(taken)
  // All that the Market holds is what was sold and what buyers have prepaid: no escrow, and every refund has gone out.
  expect(after.held).toBe(after.earned + (await world.prepaidOf(people)))
})
