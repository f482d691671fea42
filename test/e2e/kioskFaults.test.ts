// A hundred sales in a row through the screen, with faults from a fixed seed: in the end money and products balance, and nothing is stuck.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { decodeSignedOrderCode } from '../../src/core/kiosk/codes.ts'
import { type OrderId, orderIdOf } from '../../src/core/registry/marketStatements.ts'
import { tillOrderOf } from '../../src/core/registry/tillAmount.ts'
import { kioskEn as en } from '../../src/ui/i18n/kioskEn.ts'
import type { Person } from '../contract/deviceRegistry.ts'
import { type AskedSale, totalOf } from '../fixtures/kioskWorld.ts'
import { heldByScript } from './harness/heap.ts'
import { type Asked, KioskStand } from './harness/kioskStand.ts'

const SALES = 100
const FAULTS = [
  'tabletPower',
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
type Fault = (typeof FAULTS)[number] | 'none'
const WAYS = ['till', 'order', 'instant'] as const
type Way = (typeof WAYS)[number]
/** After these somebody has to look at the machine, or to fill it. */
const LEAVE_WORK: ReadonlySet<Fault> = new Set(['jam', 'noDrop', 'machinePower', 'soldOut', 'lastItem'])
const UNITS = 9
/** Milliseconds from one look around to the next one. */
const ROUND = 16_000
const WARM_UP = 20
const ROUNDS = 60
/** Bytes of the script's own objects: a round makes some hundred thousand, and leaves none. This many would be 200 MB in a year. */
const MOST_PER_ROUND = 200

/** mulberry32: the same hundred sales each time. */
function seeded(seed: number): (end: number) => number {
  let state = seed
  return end => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * end)
  }
}

/** Each fault in each way, then sales of all kinds, shuffled. */
function planOf(random: (end: number) => number) {
  const plan: { readonly fault: Fault; readonly way: Way }[] = FAULTS.flatMap(fault =>
    WAYS.map(way => ({ fault, way })),
  )
  // What takes a second of everybody’s time was had three times; most sales are just sales.
  const usual: readonly Fault[] = [
    'none',
    'none',
    'none',
    'linkLost',
    'doorOpen',
    'paidTwice',
    'tooLittle',
    'nobodyPays',
  ]
  while (plan.length < SALES) {
    plan.push({ fault: usual[random(usual.length)] ?? 'none', way: WAYS[random(3)] ?? 'till' })
  }
  for (let i = plan.length - 1; i > 0; i--) {
    const j = random(i + 1)
    const [a, b] = [plan[i], plan[j]]
    if (a && b) [plan[i], plan[j]] = [b, a]
  }
  return plan
}

interface Paid {
  readonly orderId: OrderId
  readonly total: bigint
  readonly way: Way
}

describe.skipIf(inject('radioObstacle') !== null)('a kiosk that nobody attends', () => {
  let stand: KioskStand
  let people: readonly Person[]
  const payments: Paid[] = []
  const sold = [0, 0, 0, 0]

  beforeAll(async () => {
    stand = await KioskStand.start(
      { chromiumPath: inject('chromiumPath'), appFolder: inject('appFolder') },
      // Two cheap products drop at the first sight of a payment, two dear ones two blocks later.
      {
        depths: [
          { upTo: 2n * 10n ** 15n, depth: 0 },
          { upTo: 10n ** 18n, depth: 2 },
        ],
        maxQuantity: 1,
      },
    )
    people = stand.world.market.people.slice(1, 4)
    for (const person of people) await stand.world.prepay(person, 10n ** 17n)
    await stand.setUp()
  }, 180_000)

  afterAll(() => stand?.stop())

  const payer = (i: number): Person => {
    const person = people[i % people.length]
    if (!person) throw new Error('nobody')
    return person
  }

  const record = (orderId: OrderId, sale: AskedSale, way: Way) =>
    payments.push({ orderId, total: totalOf(sale), way })

  async function pay({ sale, amount }: Asked, way: Way, who: Person): Promise<void> {
    const { world } = stand
    if (way === 'till') {
      expect(await world.payTill(who.address, amount)).toBe(true)
      const tag = {
        product: 0,
        quantity: 1,
        lastMinute: Number(sale.nonce / 10_000n),
        number: Number(sale.nonce % 10_000n),
      }
      record(orderIdOf(tillOrderOf(sale.terms, tag, who.address)), sale, way)
    } else if (way === 'order') {
      record(orderIdOf(await world.order(who, sale)), sale, way)
    } else {
      const code = await world.signed(who, sale)
      await stand.handIn(code)
      const signed = decodeSignedOrderCode(code)
      if (!signed) throw new Error('no signed order')
      record(orderIdOf(signed.order), sale, way)
    }
  }

  const dropped = () => stand.says(en.dropped.title)
  const refunded = () => stand.says(en.refunding.title, en.refunded.title, en.refunded.notCharged)
  const either = () =>
    stand.says(en.dropped.title, en.refunding.title, en.refunded.title, en.refunded.notCharged)
  const isSaid = async (text: string) => (await stand.look()).text.includes(text)

  /** Does something once the motor turns. */
  function onceItTurns(task: () => void): void {
    const { machine } = stand.world.machine
    const before = machine.turns
    stand.onMachineTime = () => {
      if (machine.turns === before) return
      stand.onMachineTime = null
      task()
    }
  }

  /** What is shown goes; so does what comes back to the screen because it was paid after all. */
  const leave = () =>
    stand.until(async () => {
      if (await isAttracting()) return true
      await stand.leaveOne()
      return false
    })
  const isAttracting = () => stand.page.locator('.attract-touch').isVisible()

  async function orders() {
    const reading = await (await stand.world.chainAt(0)).read({
      orders: payments.map(({ orderId }) => orderId),
    })
    if (!reading.ok) throw new Error(reading.error.kind)
    return reading.value.orders
  }

  /** All that was paid into escrow is the payees’ or the payers’ again. */
  const settled = () =>
    stand.until(async () => {
      const all = [...(await orders()).values()]
      if (all.every(({ status }) => status !== 'open')) return true
      await stand.catchUp()
      return false
    })

  /** The tablet’s own books. */
  const books = () =>
    stand.page.evaluate(async () => {
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
      const database = await done(indexedDB.open('fob-kiosk'))
      const sales = await done(database.transaction('sales').objectStore('sales').getAll())
      database.close()
      return sales.map(({ stage, terms, quantity }) => ({
        stage: `${stage.kind}` as string,
        end: stage.kind === 'closed' ? `${stage.end}${stage.why ? ` (${stage.why})` : ''}` : null,
        isOver: stage.kind === 'closed' && stage.isAcknowledged === true,
        total: (terms.price as bigint) * BigInt(quantity),
        receipt: stage.receipt
          ? { dropped: Number(stage.receipt.dropped), counter: Number(stage.receipt.counter) }
          : null,
      }))
    })

  async function mend(): Promise<void> {
    await stand.visit(() => stand.world.machine.mend())
    sold.fill(0)
    // The tablet looks at its machine once a minute.
    await stand.pass(61_000)
  }

  let deaths = 0
  /** At one step after the other: paid and not seen, in the middle of the vend, dropped and not handed in. */
  async function tabletDies(asked: Asked, way: Way, who: Person): Promise<void> {
    const step = deaths++ % 3
    if (step === 0) {
      await stand.kill()
      await pay(asked, way, who)
    } else if (step === 1) {
      const turning = new Promise<void>(resolve => onceItTurns(resolve))
      await pay(asked, way, who)
      let isTurning = false
      void turning.then(() => {
        isTurning = true
      })
      await stand.until(async () => isTurning)
      await stand.kill()
    } else {
      await pay(asked, way, who)
      await dropped()
      await stand.kill()
    }
    await stand.reopen()
    await (step === 2
      ? stand.until(
          async () =>
            (await stand.button(en.attract.touch).isVisible()) || stand.heading(en.dropped.title).isVisible(),
        )
      : dropped())
  }

  async function customer(fault: Fault, way: Way, who: Person, other: Person, number: number): Promise<void> {
    const { world } = stand
    const { machine, lock } = world.machine
    const slot = world.termsOf(number).slot
    if (fault === 'lastItem') await stand.visit(() => world.fillHere(slot, 1))
    const asked = await stand.choose(number)
    switch (fault) {
      case 'none':
        await pay(asked, way, who)
        return dropped()
      case 'tabletPower':
        return tabletDies(asked, way, who)
      case 'machinePower':
        onceItTurns(() => {
          lock.device.cyclePower()
          // Its clock has a battery.
          lock.timer.after(40, () => lock.device.takeTime(world.unixNow()))
        })
        await pay(asked, way, who)
        return either()
      case 'linkLost':
        onceItTurns(() => stand.machine.dropLink())
        await pay(asked, way, who)
        return dropped()
      case 'machineAway':
        stand.machine.isInReach = false
        await pay(asked, way, who)
        // Each attempt to connect waits for as long as the system does.
        await stand.until(() => isSaid(en.trouble.machineUnreachable.title), 4_000)
        stand.machine.isInReach = true
        return dropped()
      case 'jam':
      case 'noDrop':
        machine.faults.push(fault)
        await pay(asked, way, who)
        return refunded()
      case 'doorOpen':
        machine.doorOpen = true
        await pay(asked, way, who)
        await refunded()
        machine.doorOpen = false
        return
      case 'chainAway':
        for (const endpoint of world.endpoints)
          endpoint.twist(() => ({ error: { code: -32_000, message: 'away' } }))
        await pay(asked, way, who)
        await stand.until(() => isSaid(en.trouble.chainUnreachable.title))
        for (const endpoint of world.endpoints) endpoint.twist(() => undefined)
        return dropped()
      case 'endpointLies': {
        const out = machine.out.length
        world.endpoints[0]?.twist(({ method }) =>
          method === 'eth_getBlockByNumber'
            ? { result: null }
            : method === 'eth_getProof'
              ? { result: { storageProof: [], accountProof: [] } }
              : undefined,
        )
        await pay(asked, way, who)
        await stand.until(() => isSaid(en.trouble.chainUnproven.title))
        // On the word of one endpoint nothing drops.
        expect(machine.out.length).toBe(out)
        world.endpoints[0]?.twist(() => undefined)
        return dropped()
      }
      case 'reorg': {
        const kind = way === 'instant' ? 'till' : way
        await settled()
        stand.hasBlocks = false
        const before = await world.client.snapshot()
        await pay(asked, kind, who)
        await stand.says(en.seen.title)
        await world.client.revert({ id: before })
        payments.pop()
        await stand.until(async () => (await stand.look()).exact !== null)
        stand.hasBlocks = true
        await pay(asked, kind, who)
        return dropped()
      }
      case 'lastItem': {
        await stand.startOver()
        const second = await stand.choose(number)
        await pay(asked, way === 'instant' ? 'till' : way, other)
        await pay(second, way, who)
        return either()
      }
      case 'soldOut':
        await stand.visit(() => world.fillHere(slot, 0))
        await pay(asked, way, who)
        return refunded()
      case 'paidTwice':
        await pay(asked, way, who)
        await pay(asked, 'order', other)
        return dropped()
      case 'tooLittle':
      case 'tooMuch':
        expect(
          await world.payTill(who.address, asked.amount + (fault === 'tooMuch' ? 1n : -1n) * 10n ** 14n),
        ).toBe(false)
        await pay(asked, way, who)
        return dropped()
      case 'tooLate':
        await stand.pass(500_000)
        await stand.says(en.timedOut.title)
        if (way === 'till') return void expect(await world.payTill(who.address, asked.amount)).toBe(false)
        return pay(asked, way, who)
      case 'nobodyPays':
        await stand.startOver()
    }
  }

  test('sells a hundred times: money in = shares + refunds + escrow, products = receipts, and nothing is stuck', {
    timeout: 1_200_000,
    retry: 0,
  }, async () => {
    const { world } = stand
    const random = seeded(6)
    const plan = planOf(random)
    const counts = new Map<Fault, number>()
    const before = await world.books()
    const began = performance.now()
    for (const [i, { fault, way }] of plan.entries()) {
      // A payment that is to vanish with its block has to be one that is waited for.
      const number = fault === 'reorg' ? 12 + random(2) : 10 + random(4)
      try {
        await customer(fault, way, payer(i), payer(i + 1), number)
      } catch (error) {
        await stand.tablet.screenshot('kiosk fault').catch(() => undefined)
        throw new Error(`sale ${i}: ${fault} by ${way}, product ${number}`, { cause: error })
      }
      counts.set(fault, (counts.get(fault) ?? 0) + 1)
      await leave()
      const slot = world.termsOf(number).slot
      sold[slot] = (sold[slot] ?? 0) + 1
      await stand.catchUp()
      if (LEAVE_WORK.has(fault) || sold.some(units => units > UNITS - 3)) await mend()
    }
    // What dropped is handed in; what the machine never gave a word for waits for its deadline.
    await stand.until(async () => (await books()).every(({ isOver, receipt }) => isOver || receipt === null))
    await stand.pass(2_500_000)
    await settled()
    await stand.until(async () => (await books()).every(({ isOver }) => isOver))
    console.log(
      `${plan.length} sales in ${((performance.now() - began) / 1000).toFixed(0)} s`,
      Object.fromEntries(counts),
    )

    expect(plan.length).toBe(SALES)
    for (const fault of FAULTS) expect(counts.get(fault)).toBeGreaterThanOrEqual(3)
    const sales = await books()
    const ends = new Map<string, number>()
    for (const { end, stage } of sales) ends.set(end ?? stage, (ends.get(end ?? stage) ?? 0) + 1)
    console.log(Object.fromEntries(ends))
    const inside = await stand.inside()
    for (const said of [
      en.inside.openSales,
      en.inside.alarm.stuck.title,
      en.inside.alarm.lossSuffered.title,
    ]) {
      expect(inside).not.toContain(said)
    }

    const receipts = sales.flatMap(({ receipt }) => receipt ?? [])
    expect(world.machine.machine.out.length).toBe(receipts.reduce((sum, receipt) => sum + receipt.dropped, 0))
    expect(new Set(receipts.map(({ counter }) => counter)).size).toBe(receipts.length)
    expect([...ends.keys()].filter(end => end.startsWith('lost'))).toEqual([])

    const states = await orders()
    const sumOf = (isMeant: (paid: Paid) => boolean) =>
      payments.filter(isMeant).reduce((sum, { total }) => sum + total, 0n)
    const statusOf = ({ orderId }: Paid) => states.get(orderId)?.status
    const shares = sumOf(paid => statusOf(paid) === 'fulfilled')
    const refunds = sumOf(paid => statusOf(paid) === 'refunded')
    const escrow = sumOf(paid => statusOf(paid) === 'open')
    // A signed order that nothing dropped for was never charged.
    const moneyIn = sumOf(paid => paid.way !== 'instant' || statusOf(paid) === 'fulfilled')
    console.log({ moneyIn, shares, refunds, escrow })
    expect(escrow).toBe(0n)
    expect(moneyIn).toBe(shares + refunds + escrow)
    const after = await world.books()
    expect(after.earned - before.earned).toBe(shares)
    expect(sales.filter(({ end }) => end === 'sold').reduce((sum, { total }) => sum + total, 0n)).toBe(shares)
    // All that the Market holds is what was earned and what buyers have prepaid: every refund has gone out.
    expect(after.held).toBe(after.earned + (await world.prepaidOf(people)))
    expect(stand.tablet.unexpectedErrors()).toEqual([])
  })

  test('keeps the screen on, also after it was hidden for a moment', async () => {
    const locks = () =>
      stand.page.evaluate(() =>
        (Reflect.get(window, 'locks') as { type: string; released: boolean }[]).map(({ type, released }) => [
          type,
          released,
        ]),
      )
    /** As when somebody looks at another window: the browser takes the lock away, and tells nobody when it may be had again. */
    const show = (state: 'visible' | 'hidden') =>
      stand.page.evaluate(shown => {
        Object.defineProperty(document, 'visibilityState', { value: shown, configurable: true })
        const held = Reflect.get(window, 'locks') as { release(): Promise<void> }[]
        if (shown === 'hidden') for (const lock of held) void lock.release()
        document.dispatchEvent(new Event('visibilitychange'))
      }, state)
    const before = await locks()
    expect(before.at(-1)).toEqual(['screen', false])
    await show('hidden')
    expect((await locks()).every(([, isReleased]) => isReleased)).toBe(true)
    await show('visible')
    await expect.poll(locks).toHaveLength(before.length + 1)
    expect((await locks()).at(-1)).toEqual(['screen', false])
  })

  test('costs no memory while nobody comes: for months of rounds', { timeout: 300_000 }, async () => {
    await leave()
    const session = await stand.page.context().newCDPSession(stand.page)
    await session.send('Performance.enable')
    async function held() {
      const bytes = await heldByScript(session)
      const { metrics } = await session.send('Performance.getMetrics')
      const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
      return { bytes, nodes: metric('Nodes'), listeners: metric('JSEventListeners') }
    }
    // What is made once, such as the code of what a machine says, is made by then.
    for (let round = 0; round < WARM_UP; round++) await stand.rest(ROUND)
    const before = await held()
    for (let round = 0; round < ROUNDS; round++) await stand.rest(ROUND)
    const after = await held()
    const perRound = (after.bytes - before.bytes) / ROUNDS
    console.log(`${perRound.toFixed(0)} bytes per round over ${ROUNDS} rounds`, before, after)
    expect(perRound).toBeLessThan(MOST_PER_ROUND)
    expect(after.nodes - before.nodes).toBeLessThan(ROUNDS / 2)
    expect(after.listeners - before.listeners).toBeLessThan(ROUNDS / 2)
  })
})
