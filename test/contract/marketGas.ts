// What each write to the Market costs on a real chain node; the contract tests and the bench print these rows.
import { tillAbi, tillBytecode } from '../../contracts/generated/Till.ts'
import type { Address } from '../../src/core/bytes.ts'
import { type OfferTerms, orderIdOf, termsArgument } from '../../src/core/registry/marketStatements.ts'
import { tillAmountOf } from '../../src/core/registry/tillAmount.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { receiptOf } from '../chain.ts'
import { deployContract, type Outcome, senderFor } from './deployed.ts'
import { done, farDeadline } from './deviceRegistry.ts'
import type { GasRow } from './gas.ts'
import { anotherKey, day, hour, type Market } from './market.ts'
import { deployPlayToken } from './playToken.ts'

const orderBound = 75_000
const fulfilBound = 95_000

/** Measures every write on fresh devices of `market`, with its first two people. Throws if any of them reverts. */
export async function measureMarketGas(market: Market): Promise<GasRow[]> {
  const [owner, renter, courier] = market.people
  if (!owner || !renter || !courier) throw new Error('the chain has too few accounts')
  const rows: GasRow[] = []
  const record = async (name: string, write: Promise<Outcome>, bound: number | null = null) => {
    const outcome = await write
    if (!outcome.ok) throw new Error(`${name}: ${outcome.error}`)
    rows.push({ name: `gas: ${name}`, gas: Number(outcome.gas), bound })
  }
  const price = 10n ** 16n
  const [first, second] = market.payees
  const shares = [
    { payee: first.address, amount: (price * 9n) / 10n },
    { payee: second.address, amount: price / 10n },
  ]
  const token = await deployPlayToken(market.client, [renter.address], 1000n * price, market.address)
  const night = { unit: 'night', slotHours: 20, startHour: 15, utcOffset: 120, price, shares } as const
  const legalHash = anotherKey

  for (const [asset, name] of [
    [null, 'native'],
    [token, 'token'],
  ] as const) {
    const bounds = asset === null
    const device = await market.newDevice(owner)
    const terms = market.hoursOf(owner, device, { ...night, token: asset, maxQuantity: 14, legalHash })
    if (bounds) await record('make an offer, without hours', market.makeOffer(owner, terms))
    const offered = await market.offer(owner, device, terms)
    // 15:00 at two hours ahead of UTC.
    const today = Math.floor((await market.now()) / day) * day + 13 * hour
    const orderOf = (days: number, quantity = 1) =>
      market.orderOf(terms, renter, { start: today + days * day, quantity })
    // One night before, so that the device's calendar is in use.
    done(await market.order(renter, terms, await orderOf(1)))
    const order = await orderOf(2)
    await record(`order, ${name}, one night`, market.order(renter, terms, order), bounds ? orderBound : null)
    await record(`order, ${name}, seven nights`, market.order(renter, terms, await orderOf(3, 7)))
    const fulfil = market.fulfil(courier, terms, order)
    await record(`fulfil, two payees${bounds ? '' : ', token'}`, fulfil, bounds ? fulfilBound : null)
    if (bounds) {
      const rebinding = { orderId: orderIdOf(order), userKeyHash: anotherKey, seq: 1 }
      const consent = await market.signRebinding(renter, rebinding)
      await record(
        'bind an order to another key',
        market.rebind(courier, terms, order, anotherKey, 1, consent),
      )
    }
    const refunded = await orderOf(12)
    done(await market.order(renter, terms, refunded))
    await record(`withdraw, sharing one offer, ${name}`, market.withdraw(first, [terms], asset))
    await record(`withdraw what was shared, ${name}`, market.withdraw(second, [], asset))
    await record(
      `refund, ${name}, one night`,
      market.refund(courier, terms, refunded, (await market.now()) + 2 * day),
    )

    const instant: OfferTerms = { ...terms, isInstant: true, fulfilWithin: 0 }
    done(await market.makeOffer(owner, instant))
    const later = Math.floor((await market.now()) / day) * day + 13 * hour + 20 * day
    const atOnce = await market.orderOf(instant, renter, { start: later })
    await record(`order, ${name}, one night, instant`, market.order(renter, instant, atOnce))
    await recordSales(asset, name, offered.device)
  }

  async function recordSales(
    asset: Address | null,
    name: string,
    device: Parameters<typeof market.productOf>[1],
  ) {
    if (!owner || !renter || !courier) throw new Error('the chain has too few accounts')
    for (const parties of [2, 5]) {
      const many = Array.from({ length: parties }, (_, i) => ({
        payee: market.people[i]?.address ?? first.address,
        amount: price / BigInt(parties),
      }))
      const terms = market.productOf(owner, device, { token: asset, price, shares: many, legalHash })
      const offered = await market.offer(owner, device, terms)
      const of = `${parties} payees, ${name}`
      const order = await market.orderOf(terms, renter)
      await record(`order a product, ${of}`, market.order(renter, terms, order))
      await record(`hand in its receipt, ${of}`, market.handIn(courier, offered, order))
      await market.send(
        renter.address,
        'deposit',
        [asset ?? NOBODY, 10n * price],
        undefined,
        asset ? 0n : 10n * price,
      )
      const signed = await market.orderOf(terms, renter, { validUntil: (await market.now()) + hour })
      const consent = await market.signPrepaid(renter, terms, signed)
      await record(`settle a prepaid sale, ${of}`, market.settle(courier, offered, signed, consent))
      if (parties > 2) continue
      const failed = await market.ordered(offered, renter)
      await record(`hand in a failure, ${name}`, market.handIn(courier, offered, failed, { outcome: 2 }))
    }
  }
  rows.push(await payTill(market), await plainRental(market, price))
  return rows
}

/** A product at a kiosk, paid by a wallet's plain transfer. */
async function payTill(market: Market): Promise<GasRow> {
  const [owner, buyer] = market.people
  if (!owner || !buyer) throw new Error('the chain has too few accounts')
  const { client, payees } = market
  const price = 15n * 10n ** 14n
  const { terms, device } = await market.offeredProduct(owner, {
    price,
    shares: payees.map(({ address }) => ({ payee: address, amount: price / 2n })),
  })
  const till = await deployContract(client, owner.address, {
    abi: tillAbi,
    bytecode: tillBytecode,
    args: [market.address, device.deviceId],
  })
  done(await senderFor(client, tillAbi, till)(owner.address, 'setProduct', [3, termsArgument(terms)]))
  const lastMinute = Math.floor((await market.now()) / 60) + 5
  const value = tillAmountOf(price, { product: 3, quantity: 1, lastMinute, number: 1234 })
  const hash = await client.sendTransaction({ account: buyer.address, to: till, value })
  const { status, gasUsed } = await receiptOf(client, hash)
  if (status !== 'success') throw new Error('the Till did not take the amount')
  return { name: 'gas: pay a Till, two payees', gas: Number(gasUsed), bound: null }
}

/** What the same rental is with ERC-4907 alone: the renter's payment to the owner, and the owner's `setUser`. */
async function plainRental(market: Market, price: bigint): Promise<GasRow> {
  const [owner, renter] = market.people
  if (!owner || !renter) throw new Error('the chain has too few accounts')
  const { client, registry } = market
  const device = await market.newDevice(owner)
  const hash = await client.sendTransaction({ account: renter.address, to: owner.address, value: price })
  const paid = (await receiptOf(client, hash)).gasUsed
  const set = done(
    await registry.send(owner.address, 'setUser', [
      BigInt(device.deviceId),
      renter.address,
      BigInt(farDeadline),
    ]),
  )
  return { name: 'gas: the same by a payment and setUser', gas: Number(paid + set.gas), bound: null }
}
