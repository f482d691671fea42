// A kiosk's sales over a real chain and the reference machine: each way to pay, and what customers do wrong.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { returnGas } from '../../../src/app/kiosk/returnGas.ts'
import { unreachableChain } from '../../../src/app/wallet/unreachableChain.ts'
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
  await world.prepay(buyer, 10n ** 17n)
})
afterAll(() => world?.stop())

const products = () => world.machine.machine.out.length
const coinsOf = (person: Person) => world.market.coinsOf(person)
const paidBy = ({ book }: Awaited<ReturnType<KioskWorld['tablet']>>, id: string) => {
  const stage = book.all.get().get(id)?.stage
  return stage && 'payment' in stage ? stage.payment?.by : undefined
}
const sold = { end: 'sold', why: null }

test('a plain transfer of the amount that was shown: the product drops, and the payees have earned it', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const before = await world.books()
  expect(await world.payTill(buyer.address, world.amountOf(sale))).toBe(true)
  await kiosk.engine.round()
  expect(products()).toBe(1)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual(sold)
  expect(paidBy(kiosk, sale.id)).toBe('till')
  expect((await world.books()).earned - before.earned).toBe(totalOf(sale))
})

test('an order from the app, of two units: both drop', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(12, 2)
  const [before, out] = [await world.books(), products()]
  await world.order(buyer, sale)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual(sold)
  expect(products() - out).toBe(2)
  expect(paidBy(kiosk, sale.id)).toBe('order')
  expect((await world.books()).earned - before.earned).toBe(totalOf(sale))
})

test('a signed order: it drops before anything is on the chain, and is charged together with the receipt', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const [before, out] = [await world.books(), products()]
  expect(await kiosk.takeSigned(await world.signed(buyer, sale))).toMatchObject({ ok: true })
  await kiosk.engine.workMachine()
  expect(products() - out).toBe(1)
  expect((await world.books()).held).toBe(before.held)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual(sold)
  expect((await world.books()).earned - before.earned).toBe(totalOf(sale))
})

test('a jam: the money is back without anybody’s asking; a signed order was never charged', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(10)
  world.machine.machine.faults.push('jam')
  const before = await coinsOf(other)
  // Who pays no gas shows it best: the refund is the price to the last unit.
  await world.order(other, sale)
  const paid = await coinsOf(other)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual({ end: 'refunded', why: 'nothingDropped' })
  expect((await coinsOf(other)) - paid).toBe(totalOf(sale))
  expect(before - (await coinsOf(other))).toBeLessThan(totalOf(sale))
  await world.machine.mend()

  const signed = await kiosk.begin(10)
  world.machine.machine.faults.push('noDrop')
  await kiosk.takeSigned(await world.signed(buyer, signed))
  await kiosk.finish()
  expect(kiosk.end(signed.id)).toEqual({ end: 'uncharged', why: 'nothingDropped' })
  await world.machine.mend()
})

test('a slot that is out of order: the next one who pays for it is refunded at once', async () => {
  const kiosk = await world.tablet()
  world.machine.machine.faults.push('jam')
  const sales = [await kiosk.begin(13), await kiosk.begin(13)]
  const out = products()
  for (const sale of sales) await world.order(buyer, sale)
  await kiosk.finish()
  expect(sales.map(({ id }) => kiosk.end(id))).toEqual([
    { end: 'refunded', why: 'nothingDropped' },
    { end: 'refunded', why: 'machineRefused' },
  ])
  expect(products()).toBe(out)
  await world.machine.mend()
})

test('too little, too much, and the same amount again are not taken at all; nothing drops for them', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const amount = world.amountOf(sale)
  const out = products()
  expect(await world.payTill(buyer.address, amount - 10n ** 12n)).toBe(false)
  expect(await world.payTill(buyer.address, amount + 10n ** 12n)).toBe(false)
  expect(await world.payTill(buyer.address, amount)).toBe(true)
  expect(await world.payTill(other.address, amount)).toBe(false)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual(sold)
  expect(products() - out).toBe(1)
})

test('paid twice, by two people in two ways: one product, and the second has his money back', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const out = products()
  await world.payTill(buyer.address, world.amountOf(sale))
  await world.order(other, sale)
  const paid = await coinsOf(other)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual(sold)
  expect(products() - out).toBe(1)
  const second = [...kiosk.book.all.get().values()].filter(({ nonce }) => nonce === sale.nonce)
  expect(second.map(({ id }) => kiosk.end(id))).toContainEqual({ end: 'refunded', why: 'paidTwice' })
  expect((await coinsOf(other)) - paid).toBe(totalOf(sale))
})

test('a payment that the only endpoint with events leaves out is found once another tells of it, however final it is', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const out = products()
  const [silent, lying] = world.endpoints
  silent?.twist(({ method }) =>
    method === 'eth_getLogs' ? { error: { code: -32005, message: 'limit exceeded' } } : undefined,
  )
  lying?.twist(({ method }) => (method === 'eth_getLogs' ? { result: [] } : undefined))
  await world.order(buyer, sale)
  for (let i = 0; i < 2; i++) {
    await world.client.mine({ blocks: 3 })
    await kiosk.engine.round()
  }
  expect(kiosk.stage(sale.id)).toBe('waiting')
  for (const endpoint of world.endpoints) endpoint.twist(() => undefined)
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual(sold)
  expect(products() - out).toBe(1)
})

test('another quantity than was chosen, and an order of no sale at all, go back', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const out = products()
  const wrong = await world.order(other, sale, { quantity: 2 })
  const stray = await world.order(other, sale, { nonce: 77n })
  await kiosk.finish(20)
  await world.skip(600)
  await kiosk.finish(20)
  expect(kiosk.end(sale.id)).toEqual({ end: 'unpaid', why: null })
  expect(await world.market.statusOf(wrong)).toBe('refunded')
  expect(await world.market.statusOf(stray)).toBe('refunded')
  expect(products()).toBe(out)
})

test('the last item: of two who pay for it one has it, and the other his money', async () => {
  const kiosk = await world.tablet()
  await world.fill(2, 1)
  const [first, second] = [await kiosk.begin(12), await kiosk.begin(12)]
  const out = products()
  await world.order(buyer, first)
  await world.order(other, second)
  await kiosk.finish()
  expect(kiosk.end(first.id)).toEqual(sold)
  expect(kiosk.end(second.id)).toEqual({ end: 'refunded', why: 'soldOut' })
  expect(products() - out).toBe(1)
  await world.machine.mend()
})

test('too late: paid after the time that was shown, or after the kiosk could look again', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const unseen = await kiosk.begin(11)
  const out = products()
  await world.order(other, unseen)
  await world.skip(900)
  expect(await world.payTill(buyer.address, world.amountOf(sale))).toBe(false)
  await kiosk.engine.round()
  const late = await world.order(other, sale)
  await kiosk.finish()
  expect(kiosk.end(unseen.id)).toEqual({ end: 'refunded', why: 'tooLate' })
  expect(kiosk.end(sale.id)).toEqual({ end: 'unpaid', why: null })
  expect(await world.market.statusOf(late)).toBe('refunded')
  expect(products()).toBe(out)
})

test('a signed order is refused for what could cost its seller', async () => {
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(11)
  const refused = async (code: string) => {
    const judged = await kiosk.takeSigned(code)
    return judged.ok ? 'taken' : judged.error.kind
  }
  const good = await world.signed(buyer, sale)
  expect(await refused('FOB:PAY:AAAA')).toBe('notASignedOrder')
  expect(await refused(await world.signed(buyer, sale, { nonce: 5n }))).toBe('otherSale')
  expect(await refused(await world.signed(buyer, sale, { quantity: 2 }))).toBe('otherSale')
  expect(await refused(await world.signed(buyer, sale, { payer: other.address }))).toBe('signatureInvalid')
  expect(await refused(await world.signed(buyer, sale, { validUntil: sale.until }))).toBe('validityUnfit')
  expect(await refused(await world.signed(buyer, sale, { validUntil: sale.until + 9999 }))).toBe(
    'validityUnfit',
  )
  expect(await refused(await world.signed(other, sale))).toBe('balanceTooLow')
  const dear = await kiosk.begin(13, 2)
  world.limits.perSale = totalOf(dear) - 1n
  expect(await refused(await world.signed(buyer, dear))).toBe('overSaleLimit')
  world.limits.perSale = totalOf(dear)
  expect(await refused(good)).toBe('taken')
  world.limits.perBuyer = totalOf(sale) + totalOf(dear) - 1n
  expect(await refused(await world.signed(buyer, dear))).toBe('overBuyerLimit')
  world.limits.perBuyer = 10n ** 18n
  world.limits.open = totalOf(sale) + totalOf(dear) - 1n
  expect(await refused(await world.signed(buyer, dear))).toBe('overOpenLimit')
  world.limits.open = 10n ** 18n
  for (const endpoint of world.endpoints) endpoint.twist(() => ({ error: { code: -1, message: 'away' } }))
  expect(await refused(await world.signed(buyer, dear))).toBe('chainUnreachable')
  for (const endpoint of world.endpoints) endpoint.twist(() => undefined)
  await kiosk.finish()
  expect(await refused(good)).toBe('otherSale')
})

test('what is left for fees goes back to who gave it, but for what that may cost; there is nothing to send then', async () => {
  const { client, gasKey, platform, config, walletChain, disk } = world
  const left = () => client.getBalance({ address: gasKey.address })
  const receiver = '0x00000000000000000000000000000000000feed5'
  const before = await left()
  const timer = {
    ...platform.timer,
    after: (_: number, act: () => void) => {
      void client.mine({ blocks: 3 }).then(act)
      return () => {}
    },
  }
  const parts = { platform: { ...platform, timer }, config, walletChain }
  expect(await returnGas(parts, disk.values, gasKey, receiver)).toEqual({ ok: true, value: null })
  const got = await client.getBalance({ address: receiver })
  expect(got).toBeGreaterThan((before * 99n) / 100n)
  expect(got + (await left())).toBeLessThanOrEqual(before)
  await client.mine({ blocks: 3 })

  await client.setBalance({ address: gasKey.address, value: 1000n })
  await client.mine({ blocks: 3 })
  expect(await returnGas(parts, disk.values, gasKey, receiver)).toEqual({ ok: true, value: null })
  expect(await client.getBalance({ address: receiver })).toBe(got)
})

test('fees that can’t be sent stay, and the kiosk with them', async () => {
  const { gasKey, platform, config, disk } = world
  const parts = { platform, config, walletChain: async () => unreachableChain }
  expect(await returnGas(parts, disk.values, gasKey, gasKey.address)).toEqual({
    ok: false,
    error: { kind: 'gasNotSent', detail: 'chainUnreachable' },
  })
})
