// Whatever dies in the midst of a vend: an order gives out once at most, ends by one receipt, and receipts are what came out.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { installFactoryImage } from '../../../device/referenceDevice.ts'
import { acknowledge, cancelVend, vend } from '../../../src/core/vending/vend.ts'
import type { VendOrder } from '../../../src/core/vending/vendOrder.ts'
import type { VendReceipt } from '../../../src/core/vending/vendRecord.ts'
import { PluggedFlash, PowerCut } from '../device/failingFlash.ts'
import { lockImage, must, NOW } from '../lock/lockWorld.ts'
import { tapped } from '../lock/rental.ts'
import { order, VendWorld } from './vendWorld.ts'

async function plugged() {
  const flash = new PluggedFlash({ slotSize: 0x8000 })
  installFactoryImage(flash, lockImage(0))
  return { flash, world: await VendWorld.start({ flash }) }
}

/** Whether the power went meanwhile; other failures are passed on. */
async function untilCut(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return false
  } catch (error) {
    if (error instanceof PowerCut) return true
    throw error
  }
}

describe('the power goes', () => {
  it('at each write of a vend of two: the sensor’s count decides, and it never begins again', async () => {
    const said: string[] = []
    for (let cut = 0, wasCut = true; wasCut; cut++) {
      const { world, flash } = await plugged()
      const bought = order({ quantity: 2 })
      await world.inside()
      flash.left = cut
      wasCut = await untilCut(() => world.vend(bought))
      flash.left = Number.POSITIVE_INFINITY
      const before = world.machine.out.length
      await world.cyclePower()
      const receipt = must(await world.vend(bought))
      said.push(`${before} ${receipt.dropped}`)
      expect(world.machine.out).toHaveLength(2)
      expect(await world.pending()).toEqual([receipt])
      expect(receipt.counter).toBe(1)
    }
    // Before anything moved, so that it begins only now; with both out, and no receipt written; not at all.
    expect(said).toEqual(['0 2', '2 2', '2 2'])
  })

  it.each([
    [5, 'failed', 0],
    [25, 'dropped', 1],
  ] as const)('%i ms into a vend of two, and again at the receipt: %s, %i', async (ms, state, dropped) => {
    const { world, flash } = await plugged()
    const bought = order({ quantity: 2 })
    must(await world.begin(bought))
    await world.lock.timer.advance(ms)
    expect(world.machine.out).toHaveLength(dropped)
    flash.left = 0
    expect(await untilCut(() => world.lock.cyclePower())).toBe(true)
    flash.left = Number.POSITIVE_INFINITY
    await world.cyclePower()
    const receipt = must(await world.vend(bought))
    expect(receipt).toMatchObject({ state, dropped, cause: 'powerCut', counter: 1 })
    await world.lock.timer.advance(10_000)
    expect(world.machine.out).toHaveLength(dropped)
    expect(world.machine.turns).toBe(1)
    // Something may hang half-way: nobody else pays for that.
    expect(must(await world.vend(order({ slot: 2 })))).toMatchObject({ state: 'dropped', counter: 2 })
    expect(await world.vend(order())).toMatchObject({ error: { kind: 'slotOutOfOrder' } })
  })

  it('at the write of a cancelled order, or of a receipt’s end: it is as before, or done', async () => {
    for (const cut of [0, 1]) {
      const { world, flash } = await plugged()
      const [bought, ended] = [order(), order()]
      await world.inside()
      const receipt = must(await world.vend(bought))
      flash.left = cut
      await untilCut(() => world.cancel(ended))
      await untilCut(async () => world.passing(acknowledge(await world.inside(), receipt)))
      flash.left = Number.POSITIVE_INFINITY
      await world.cyclePower()
      expect(must(await world.cancel(ended))).toMatchObject({ state: 'failed', counter: 2 })
      expect(must(await world.vend(bought))).toEqual(receipt)
      expect(world.machine.out).toHaveLength(1)
    }
  })
})

it('the link lost at each message of session and vend: asked again, one product and one receipt', async () => {
  let reached = 0
  for (let lostAt = 0; lostAt === reached; lostAt++) {
    const world = await VendWorld.start()
    const tap = await tapped(world.lock)
    reached = 0
    const meddle = <T>(message: T): readonly T[] => {
      if (reached++ !== lostAt) return [message]
      reached = lostAt + 1
      world.lock.device.dropLink()
      return []
    }
    tap.toDevice = meddle
    tap.toPhone = meddle
    const bought = order()
    const outcome = await world.passing(
      (async () => {
        const opened = await world.openNow()
        return opened.ok ? vend(opened.value, bought, { pollMs: 10, patienceMs: 2_000 }) : opened
      })(),
    )
    if (outcome.ok) break
    expect(['linkLost', 'timeout', 'cancelled']).toContain(outcome.error.kind)
    await world.reconnect()
    const receipt = must(await world.vend(bought))
    expect(receipt).toMatchObject({ state: 'dropped', counter: 1 })
    expect(world.machine.out).toHaveLength(1)
  }
  // Challenge, Open in one part, Result, terms, vend, and at least one look: each with its answer.
  expect(reached).toBeGreaterThanOrEqual(10)
})

type Step =
  | { readonly kind: 'vend' | 'begin' | 'cancel'; readonly order: number }
  | { readonly kind: 'fault'; readonly fault: 'jam' | 'noDrop' }
  | { readonly kind: 'door' | 'link' | 'power' | 'acknowledge' | 'mend' }
  | { readonly kind: 'cut'; readonly writes: number; readonly order: number }
  | { readonly kind: 'wait'; readonly ms: number }

const orderNumber = fc.nat(5)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('vend', 'begin', 'cancel'), order: orderNumber }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut'), writes: fc.nat(2), order: orderNumber }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('fault'), fault: fc.constantFrom('jam', 'noDrop') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('door', 'link', 'power', 'acknowledge', 'mend') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(60) }) },
)

/** What the world outside has heard of: an order has one receipt for good. */
class Heard {
  readonly receipts = new Map<bigint, VendReceipt>()

  take(receipt: VendReceipt): void {
    const { isAcknowledged: _, ...word } = receipt
    const before = this.receipts.get(receipt.orderId)
    if (before) {
      const { isAcknowledged: _before, ...first } = before
      expect(word).toEqual(first)
    }
    this.receipts.set(receipt.orderId, receipt)
  }

  get units(): number {
    return [...this.receipts.values()].reduce((sum, { dropped }) => sum + dropped, 0)
  }
}

it('random faults: an order gives out what its one receipt says, and all that came out is in receipts', async () => {
  const run = fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async steps => {
    const { world, flash } = await plugged()
    const orders: readonly VendOrder[] = Array.from({ length: 6 }, (_, i) =>
      order({ slot: i % 3, quantity: 1 + (i % 2), notAfter: NOW + 3600 }),
    )
    const heard = new Heard()
    const ordered = (number: number): VendOrder => orders[number] ?? order()
    const act = async (taken: Step): Promise<void> => {
      switch (taken.kind) {
        case 'vend': {
          const receipt = await world.vend(ordered(taken.order))
          if (receipt.ok) heard.take(receipt.value)
          break
        }
        case 'begin':
          await world.begin(ordered(taken.order))
          break
        case 'cancel': {
          const receipt = await world.cancel(ordered(taken.order))
          if (receipt.ok) heard.take(receipt.value)
          break
        }
        case 'cut':
          flash.left = taken.writes
          await act({ kind: 'vend', order: taken.order })
          break
        case 'fault':
          world.machine.faults.push(taken.fault)
          break
        case 'door':
          world.machine.doorOpen = !world.machine.doorOpen
          break
        case 'link':
          world.lock.device.dropLink()
          await world.reconnect()
          break
        case 'power':
          await world.cyclePower()
          break
        case 'acknowledge':
          for (const receipt of await world.pending()) heard.take(receipt)
          await world.acknowledgeAll()
          break
        case 'mend':
          await world.mend()
          break
        case 'wait':
          await world.lock.timer.advance(taken.ms)
      }
    }
    for (const taken of steps) {
      const wasCut = await untilCut(() => act(taken))
      flash.left = Number.POSITIVE_INFINITY
      if (wasCut) await world.cyclePower()
    }
    await world.lock.timer.advance(1000)
    for (const receipt of await world.pending()) heard.take(receipt)
    expect(world.machine.out).toHaveLength(heard.units)
    const counters = [...heard.receipts.values()].map(({ counter }) => counter)
    expect(new Set(counters).size).toBe(counters.length)
    // In the end each order has an end, and none gives out once more.
    for (const asked of orders) {
      const ended = await world.passing(cancelVend(await world.inside(), asked))
      heard.take(must(ended))
    }
    expect(heard.receipts.size).toBe(orders.length)
    expect(world.machine.out).toHaveLength(heard.units)
    for (const { dropped, quantity, state } of heard.receipts.values()) {
      expect(dropped).toBeLessThanOrEqual(quantity)
      expect(dropped > 0).toBe(state === 'dropped')
    }
  })
  await fc.assert(run, { numRuns: 20 })
})
