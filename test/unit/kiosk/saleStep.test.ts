// The sale's reducer on its own: whatever order events come in, it never goes back over a vend, and never asks for two ends.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  due,
  type OrderFacts,
  type Payment,
  type Sale,
  type SaleEvent,
  step,
} from '../../../src/core/kiosk/sale.ts'
import type { OfferTerms } from '../../../src/core/registry/marketStatements.ts'
import type { VendReceipt } from '../../../src/core/vending/vendRecord.ts'

const NOW = 1_800_000_000
const zeros = `0x${'00'.repeat(32)}` as const
const account = `0x${'11'.repeat(20)}` as const
const terms: OfferTerms = {
  ...{ deviceId: zeros, owner: account, token: null, price: 5n, unit: 'product', isInstant: false, slot: 1 },
  ...{ maxQuantity: 1, slotHours: 0, startHour: 0, utcOffset: 0, fulfilWithin: 1800, maxUses: 0, actions: 0 },
  ...{ weeklyHours: new Uint8Array(21), legalHash: zeros, shares: [{ payee: account, amount: 5n }] },
}
const sale: Sale = {
  ...{ id: 's', at: NOW, terms, product: 1, quantity: 1, nonce: 1n, until: NOW + 300 },
  ...{ depth: 1, depthSeconds: 30, stage: { kind: 'waiting' } },
}
const payment = (by: Payment['by'], seenAt: number): Payment => ({
  ...{ by, orderId: zeros, deadline: by === 'instant' ? NOW + 2100 : 0, seenAt },
  order: {
    offerId: zeros,
    payer: account,
    userKeyHash: zeros,
    start: 0,
    quantity: 1,
    nonce: 1n,
    validUntil: 0,
  },
  block: by === 'instant' ? null : 7,
  consent: by === 'instant' ? new Uint8Array(65) : null,
})
const receipt = (state: 'dropped' | 'failed'): VendReceipt => ({
  ...{ orderId: 1n, slot: 1, quantity: 1, notAfter: NOW + 1800, use: 1, state, counter: 1 },
  ...{ dropped: state === 'dropped' ? 1 : 0, cause: state === 'dropped' ? 'none' : 'jam' },
  ...{
    isAcknowledged: false,
    chainId: 1,
    contract: account,
    userKeyHash: null,
    signature: new Uint8Array(64),
  },
})

const facts: fc.Arbitrary<OrderFacts | null> = fc.option(
  fc
    .constantFrom('unknown' as const, 'open' as const, 'fulfilled' as const, 'refunded' as const)
    .map(status => ({ status, deadline: status === 'unknown' ? 0 : NOW + 1800 })),
  { nil: null },
)
const event: fc.Arbitrary<SaleEvent> = fc.oneof(
  fc
    .tuple(fc.constantFrom('order' as const, 'instant' as const), fc.integer({ min: 0, max: 600 }))
    .map(([by, after]): SaleEvent => ({ kind: 'paid', payment: payment(by, NOW + after) })),
  fc
    .record({ newest: facts, deep: facts, final: facts })
    .map((look): SaleEvent => ({ kind: 'looked', look })),
  fc
    .constantFrom('dropped' as const, 'failed' as const)
    .map((state): SaleEvent => ({ kind: 'receipted', receipt: receipt(state) })),
  fc.constant<SaleEvent>({ kind: 'refused', why: 'soldOut' }),
  fc.constantFrom<SaleEvent>(
    { kind: 'acknowledged' },
    { kind: 'tick' },
    { kind: 'running' },
    { kind: 'stop' },
  ),
)

const history = (maxLength: number) =>
  fc.array(fc.tuple(event, fc.integer({ min: 0, max: 400 })), { maxLength })

const AFTER_VENDING: ReadonlySet<string> = new Set([
  'vending',
  'cancelling',
  'receipted',
  'refundDue',
  'closed',
])

test('over any events: no way back from a vend, one receipt for good, an end that nothing changes', () => {
  fc.assert(
    fc.property(history(25), fc.boolean(), (events, isMetered) => {
      let now = NOW
      let present: Sale = { ...sale, isMetered }
      for (const [each, later] of events) {
        now += later
        const before = present
        present = step(before, each, now)
        const [from, to] = [before.stage, present.stage]
        if (from.kind === 'closed') {
          expect(to.kind).toBe('closed')
          if (to.kind === 'closed') expect({ ...to, isAcknowledged: from.isAcknowledged }).toEqual(from)
        }
        if (AFTER_VENDING.has(from.kind)) expect(AFTER_VENDING.has(to.kind)).toBe(true)
        // Only its depth, by proof, lets the machine move; a signed order was judged before it came here.
        if (from.kind === 'seen' && to.kind === 'vending') {
          expect(each.kind === 'looked' && each.look.deep?.status).toBe('open')
          expect(now).toBeLessThanOrEqual(NOW + 1800 - 120)
        }
        // What runs is metered, and is stopped by the customer or before its deadline, or ends by the machine's word.
        if (to.kind === 'vending' && to.isRunning) expect(isMetered).toBe(true)
        if (from.kind === 'vending' && from.isRunning && to.kind === 'cancelling') {
          const isEarly = now <= from.payment.deadline - 120
          expect(!isEarly || each.kind === 'stop' || each.kind === 'refused' || each.kind === 'looked').toBe(
            true,
          )
        }
        if (from.kind === 'receipted' && to.kind !== 'closed') {
          expect(to.kind === 'receipted' && to.receipt).toBe(from.receipt)
        }
      }
    }),
    { numRuns: 400 },
  )
})

test('over any events: each command only where it can do good', () => {
  fc.assert(
    fc.property(history(15), facts, (events, newest) => {
      let now = NOW
      let present = sale
      for (const [each, later] of events) {
        now += later
        present = step(present, each, now)
      }
      const command = due(present, newest, now)
      const { stage } = present
      switch (command?.kind) {
        case 'vend':
          expect(stage.kind).toBe('vending')
          break
        case 'settle':
          expect(newest?.status).toBe('unknown')
          expect(command.receipt.state).toBe('dropped')
          break
        case 'handIn':
        case 'refund':
          expect(newest?.status).toBe('open')
          expect(command.kind === 'refund' || stage.kind === 'receipted').toBe(true)
          break
        case 'acknowledge':
          expect(stage.kind).toBe('closed')
          break
        default:
      }
      // What dropped is never given back while it can still be sold.
      const isDropped = stage.kind === 'receipted' && stage.receipt.state === 'dropped'
      if (isDropped && command?.kind === 'refund') expect(now).toBeGreaterThan(stage.payment.deadline)
    }),
    { numRuns: 400 },
  )
})

test('what was paid with an order that ends in years is not asked of the machine, which would refuse it, each second until then', () => {
  const deadline = NOW + 10 * 365 * 86_400
  const paid: Payment = { ...payment('order', NOW), deadline }
  const seen = step(sale, { kind: 'paid', payment: paid }, NOW)
  const facts: OrderFacts = { status: 'open', deadline }
  const look = { newest: facts, deep: facts, final: facts }
  const vending = step(seen, { kind: 'looked', look }, NOW)
  const refused = step(vending, { kind: 'refused', why: 'machineRefused' }, NOW)
  expect(refused.stage.kind).toBe('cancelling')
  expect(due(refused, facts, NOW)).toBeNull()
  expect(due(refused, facts, deadline - 86_000)).toEqual({ kind: 'cancel' })
})
