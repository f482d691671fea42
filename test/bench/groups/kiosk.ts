// A kiosk's sale: from the payment that can be seen to the command that drops, for each way to pay; gas with 2, 3 and 5 parties.
import { startKioskWorld } from '../../fixtures/kioskWorld.ts'
import { median } from '../medians.ts'
import type { Group, Row } from '../row.ts'

const sales = 15
const ways = ['till', 'order', 'instant'] as const

export const group: Group = {
  name: 'A kiosk: from seeing the payment to telling the machine (chain on this machine, no blocks waited for)',
  async run() {
    const rows: Row[] = []
    for (const shares of [
      [600, 400],
      [600, 300, 100],
      [400, 300, 100, 100, 100],
    ]) {
      const world = await startKioskWorld({ shares })
      try {
        if (shares.length === 2) rows.push(...(await times(world)))
        rows.push(...(await gasOf(world, shares.length)))
      } finally {
        await world.stop()
      }
    }
    return rows
  },
}

type World = Awaited<ReturnType<typeof startKioskWorld>>

async function times(world: World): Promise<readonly Row[]> {
  const [, buyer] = world.market.people
  if (!buyer) throw new Error('the chain has too few accounts')
  await world.prepay(buyer, 10n ** 18n)
  const rows: Row[] = []
  for (const way of ways) {
    const measured: number[] = []
    for (let i = 0; i < sales; i++) {
      const kiosk = await world.tablet()
      const sale = await kiosk.begin(11)
      let signed = ''
      if (way === 'till') await world.payTill(buyer.address, world.amountOf(sale))
      else if (way === 'order') await world.order(buyer, sale)
      else signed = await world.signed(buyer, sale)
      const began = performance.now()
      if (way === 'instant') await kiosk.takeSigned(signed)
      else await kiosk.watch.look()
      measured.push(performance.now() - began)
      if (kiosk.stage(sale.id) !== 'vending') throw new Error(`${way}: ${kiosk.stage(sale.id)}`)
      await kiosk.finish()
      await world.fill(1, 9)
      await world.skip(60)
    }
    rows.push({
      name: `${NAMES[way]} to drop command`,
      value: median(measured),
      unit: 'ms',
      // A sale has to drop within a second of the payment's being safe enough.
      reference: { name: 'a second', value: 1000 },
      better: 'lower',
      runs: sales,
    })
  }
  return rows
}

const NAMES = {
  till: 'plain transfer, seen and proven,',
  order: 'order of the app, seen and proven,',
  instant: 'signed order, judged and proven,',
} as const

async function gasOf(world: World, parties: number): Promise<readonly Row[]> {
  const [, , buyer] = world.market.people
  if (!buyer) throw new Error('the chain has too few accounts')
  await world.prepay(buyer, 10n ** 18n)
  const rows: Row[] = []
  for (const way of ways) {
    const kiosk = await world.tablet()
    const sale = await kiosk.begin(12)
    const first = await world.client.getBlockNumber()
    if (way === 'till') await world.payTill(buyer.address, world.amountOf(sale))
    else if (way === 'order') await world.order(buyer, sale)
    else await kiosk.takeSigned(await world.signed(buyer, sale))
    await kiosk.finish()
    let gas = 0n
    for (let block = first + 1n; block <= (await world.client.getBlockNumber()); block++) {
      gas += (await world.client.getBlock({ blockNumber: block })).gasUsed
    }
    rows.push({
      name: `whole sale by ${way}, ${parties} parties`,
      value: Number(gas),
      unit: 'gas',
      reference: { name: 'a plain transfer', value: 21_000 },
      better: 'lower',
      runs: 1,
    })
  }
  return rows
}
