// Payer and payee of a channel: each rule alone, and both together over a line that breaks anywhere and sides that restart.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closeDigest, closeRequestDigest, signByKey } from '../../../src/core/voucher/channel.ts'
import {
  accept,
  agreeToClose,
  askToClose,
  claimAdvice,
  lend,
  newPayee,
  owedTo,
  type PayeeState,
  paidTo,
  payeeFromStore,
  payeeToStore,
  withChain,
} from '../../../src/core/voucher/payee.ts'
import {
  afterSigning,
  newPayer,
  nextTotal,
  type PayerState,
  payerFromStore,
  payerToStore,
  refreshed,
  settle,
  signedBy,
} from '../../../src/core/voucher/payer.ts'
import {
  blockUnit,
  checkChannel,
  minExitDelay,
  paidBlocksOf,
  priceOf,
} from '../../../src/core/voucher/standing.ts'
import { accountOf, channelId, domain, keyOf, terms, voucher, voucherBy } from './people.ts'

const open = { deposit: 1000n, claimed: 0n, exitAt: 0 }
const price = 10n

function value<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok)
    throw new Error(JSON.stringify(result.error, (_, each) => (typeof each === 'bigint' ? `${each}` : each)))
  return result.value
}
const errorOf = (result: { ok: boolean; error?: unknown }) => (result.ok ? 'ok' : result.error)

describe('a payee', () => {
  const demand = { payee: terms.payee, token: null, minExitDelay: minExitDelay.watched }

  it('serves under an open channel to itself, with time enough to claim', () => {
    expect(checkChannel(terms, open, demand).ok).toBe(true)
    const refusals = [
      [{ ...terms, payee: accountOf('x') }, open, 'channelOfAnother'],
      [{ ...terms, token: accountOf('x') }, open, 'channelToken'],
      [{ ...terms, exitDelay: 86_399 }, open, 'channelDelayTooShort'],
      [terms, { deposit: 0n, claimed: 0n, exitAt: 0 }, 'channelNotOpen'],
      [terms, { ...open, exitAt: 1 }, 'channelNotOpen'],
      [terms, { ...open, exitAt: 1_800_000_000 }, 'channelExiting'],
    ] as const
    for (const [given, chain, kind] of refusals) {
      expect(errorOf(checkChannel(given, chain, demand))).toMatchObject({ kind })
    }
  })

  it('on a phone asks for seven days, one that is watched for one', () => {
    expect(minExitDelay).toEqual({ phone: 604_800, watched: 86_400 })
    const short = { ...terms, exitDelay: 604_799 }
    expect(errorOf(checkChannel(short, open, { ...demand, minExitDelay: minExitDelay.phone }))).toMatchObject(
      {
        kind: 'channelDelayTooShort',
      },
    )
  })

  it('hands out one item on credit, and the next after it was paid', () => {
    const lent = value(lend(newPayee(channelId, open), 'a', price))
    expect(owedTo(lent)).toBe(price)
    expect(errorOf(lend(lent, 'b', price))).toEqual({ kind: 'unpaid', owed: price, lent: 'a' })
    const paid = value(accept(domain, terms, lent, voucher(10n)))
    expect(owedTo(paid)).toBe(0n)
    expect(lend(paid, 'b', price).ok).toBe(true)
  })

  it('hands out the same item again, for nothing, while it is not paid', () => {
    const lent = value(lend(newPayee(channelId, open), 'a', price))
    expect(value(lend(lent, 'a', price))).toEqual(lent)
  })

  it('hands out nothing that no voucher could pay', () => {
    const almost = { ...newPayee(channelId, open), delivered: 991n, accepted: voucher(991n) }
    expect(errorOf(lend(almost, 'a', price))).toEqual({ kind: 'depositExhausted', left: 9n, asked: 10n })
    expect(lend(withChain(almost, { ...open, deposit: 1001n }), 'a', price).ok).toBe(true)
  })

  it('takes each voucher once, up to the deposit, from the channel’s signer', () => {
    const lent = value(lend(newPayee(channelId, open), 'a', price))
    const paid = value(accept(domain, terms, lent, voucher(10n)))
    expect(errorOf(accept(domain, terms, paid, voucher(10n)))).toMatchObject({ kind: 'voucherOld' })
    expect(errorOf(accept(domain, terms, paid, voucher(9n)))).toMatchObject({ kind: 'voucherOld' })
    expect(errorOf(accept(domain, terms, paid, voucher(1001n)))).toMatchObject({
      kind: 'voucherExceedsDeposit',
    })
    expect(errorOf(accept(domain, terms, paid, voucherBy('payer', 20n)))).toMatchObject({
      kind: 'voucherInvalid',
    })
    expect(errorOf(accept(domain, terms, paid, { ...voucher(20n), amount: 21n }))).toMatchObject({
      kind: 'voucherInvalid',
    })
  })

  it('takes a part of what is owed, and still hands out nothing new', () => {
    const lent = value(lend(newPayee(channelId, open), 'a', price))
    const part = value(accept(domain, terms, lent, voucher(4n)))
    expect(paidTo(part)).toBe(4n)
    expect(errorOf(lend(part, 'b', price))).toEqual({ kind: 'unpaid', owed: 6n, lent: 'a' })
  })

  it('gives no credit for what was paid ahead', () => {
    const lent = value(lend(newPayee(channelId, open), 'a', price))
    const paid = value(accept(domain, terms, lent, voucher(500n)))
    expect(owedTo(value(lend(paid, 'b', price)))).toBe(price)
  })

  it('counts from what was claimed, where it has lost its memory', () => {
    const again = newPayee(channelId, { ...open, claimed: 300n })
    expect(paidTo(again)).toBe(300n)
    expect(owedTo(again)).toBe(0n)
    expect(value(accept(domain, terms, again, voucher(500n))).delivered).toBe(500n)
  })

  it('advises to claim what brings at least twice its cost', () => {
    const paid = { ...newPayee(channelId, open), accepted: voucher(100n), delivered: 100n }
    expect(claimAdvice(paid, 0n, 50n)).toEqual({ gain: 100n, isWorthIt: true })
    expect(claimAdvice(paid, 1n, 50n)).toEqual({ gain: 99n, isWorthIt: false })
    expect(claimAdvice(paid, 100n, 0n)).toEqual({ gain: 0n, isWorthIt: false })
    expect(claimAdvice(paid, 0n, null).isWorthIt).toBe(true)
  })
})

describe('a payer', () => {
  const paidUp = afterSigning(newPayer(channelId, open), voucher(10n))

  it('signs for each item in all, and never beyond the deposit', () => {
    expect(nextTotal(paidUp, price)).toEqual({ ok: true, value: 20n })
    expect(errorOf(nextTotal(afterSigning(paidUp, voucher(995n)), price))).toEqual({
      kind: 'depositExhausted',
      left: 5n,
      asked: 10n,
    })
    expect(() => afterSigning(paidUp, voucher(10n))).toThrow(RangeError)
  })

  it('sends the last voucher again where the payee lacks it', () => {
    const settled = value(settle(domain, terms, paidUp, { accepted: null, delivered: 10n }, price))
    expect(settled).toEqual({ state: paidUp, resend: voucher(10n), owed: 0n })
  })

  it('believes its own signature where it has lost its memory', () => {
    const shown = { accepted: voucher(40n), delivered: 50n }
    const settled = value(settle(domain, terms, newPayer(channelId, open), shown, price))
    expect(signedBy(settled.state)).toBe(40n)
    expect(settled).toMatchObject({ resend: null, owed: 10n })
  })

  it('believes nothing else', () => {
    for (const accepted of [voucherBy('payee', 40n), { ...voucher(40n), amount: 41n }]) {
      expect(errorOf(settle(domain, terms, paidUp, { accepted, delivered: 40n }, price))).toMatchObject({
        kind: 'standingForged',
      })
    }
  })

  it('never owes more than one item, whatever the payee says', () => {
    const shown = { accepted: voucher(10n), delivered: 21n }
    expect(errorOf(settle(domain, terms, paidUp, shown, price))).toEqual({
      kind: 'debtTooLarge',
      owed: 11n,
      price,
    })
  })

  it('counts from what was claimed, and learns of a deposit that grew', () => {
    const again = newPayer(channelId, { ...open, claimed: 300n })
    expect(nextTotal(again, price)).toEqual({ ok: true, value: 310n })
    const grown = refreshed(again, { deposit: 2000n, claimed: 350n, exitAt: 0 })
    expect(nextTotal(grown, 1650n)).toEqual({ ok: true, value: 2000n })
  })
})

describe('the end of a channel, asked for by the payer', () => {
  const consentBy = (name: string, amount: bigint) => ({
    amount,
    signature: signByKey(closeDigest(domain, { channelId, amount }), keyOf(name)),
  })
  const requestBy = (name: string, amount: bigint) => ({
    amount,
    signature: signByKey(closeRequestDigest(domain, { channelId, amount }), keyOf(name)),
  })
  const lent = value(lend(newPayee(channelId, open), 'a', price))
  const paid = value(accept(domain, terms, lent, voucher(10n)))

  it('is written down for what was paid, at the wish of the channel’s signer alone', () => {
    const asked = value(askToClose(domain, terms, paid, requestBy('session', 10n)))
    expect(asked).toEqual({ ...paid, closing: { amount: 10n, consent: null } })
    const refusals = [
      [paid, requestBy('payer', 10n), 'closeInvalid'],
      [paid, voucher(10n), 'closeInvalid'],
      [paid, requestBy('session', 9n), 'closeAmount'],
      [lent, requestBy('session', 0n), 'unpaid'],
    ] as const
    for (const [state, request, kind] of refusals) {
      expect(errorOf(askToClose(domain, terms, state, request))).toMatchObject({ kind })
    }
  })

  it('is forgotten by whoever buys on, and binding once the payee’s account has agreed', () => {
    const asked = value(askToClose(domain, terms, paid, requestBy('session', 10n)))
    expect(value(lend(asked, 'b', price)).closing).toBeNull()
    const agreed = value(agreeToClose(domain, terms, asked, consentBy('payee', 10n)))
    expect(errorOf(lend(agreed, 'b', price))).toMatchObject({ kind: 'channelClosing' })
    expect(value(askToClose(domain, terms, agreed, requestBy('session', 10n)))).toBe(agreed)
  })

  it('takes the payee’s consent to just what it was paid', () => {
    for (const [state, consent, kind] of [
      [paid, consentBy('session', 10n), 'closeInvalid'],
      [paid, consentBy('payee', 9n), 'closeAmount'],
      [lent, consentBy('payee', 0n), 'unpaid'],
    ] as const) {
      expect(errorOf(agreeToClose(domain, terms, state, consent))).toMatchObject({ kind })
    }
  })
})

describe('what is stored', () => {
  const states = fc.record({
    deposit: fc.bigInt({ min: 0n, max: 2n ** 104n - 1n }),
    floor: fc.bigInt({ min: 0n, max: 2n ** 104n - 1n }),
    amount: fc.option(fc.bigInt({ min: 1n, max: 2n ** 104n - 1n })),
    delivered: fc.bigInt({ min: 0n, max: 2n ** 104n - 1n }),
    lent: fc.option(fc.string({ maxLength: 200 })),
  })

  it('comes back as it was', () => {
    fc.assert(
      fc.property(states, ({ deposit, floor, amount, delivered, lent }) => {
        const last = amount === null ? null : { amount, signature: new Uint8Array(65).fill(7) }
        const payer: PayerState = { channelId, deposit, floor, last }
        expect(value(payerFromStore(JSON.parse(JSON.stringify(payerToStore(payer)))))).toEqual(payer)
        const consent = lent === null ? null : new Uint8Array(65).fill(9)
        const closing = amount === null ? null : { amount, consent }
        const payee: PayeeState = { channelId, deposit, floor, accepted: last, delivered, lent, closing }
        expect(value(payeeFromStore(JSON.parse(JSON.stringify(payeeToStore(payee)))))).toEqual(payee)
      }),
    )
  })

  it('of before channels could be closed on request is read', () => {
    const { closing, ...before } = payeeToStore(newPayee(channelId, open))
    expect(closing).toBeNull()
    expect(value(payeeFromStore(before))).toEqual(newPayee(channelId, open))
  })

  it('is refused where it is anything else, and never throws', () => {
    const payer = payerToStore(newPayer(channelId, open))
    for (const json of [
      null,
      5,
      [],
      {},
      { ...payer, deposit: '-1' },
      { ...payer, floor: 3 },
      { ...payer, more: 1 },
    ]) {
      expect(errorOf(payerFromStore(json))).toMatchObject({ kind: 'standingMalformed' })
    }
    fc.assert(
      fc.property(fc.anything(), json => {
        expect(payerFromStore(json).ok || payeeFromStore(json).ok).toBe(false)
      }),
    )
  })
})

describe('the price', () => {
  it('counts 64 KiB that a block has begun, and one at least', () => {
    expect([0, 1, blockUnit, blockUnit + 1, 3 * blockUnit].map(length => priceOf(length, 7n))).toEqual([
      7n,
      7n,
      7n,
      14n,
      21n,
    ])
  })

  it('of a file is that of its leaves and of the nodes above them', () => {
    expect([1, blockUnit, blockUnit + 1, 174 * blockUnit, 175 * blockUnit].map(paidBlocksOf)).toEqual([
      1, 1, 3, 175, 178,
    ])
  })
})

/**
 * Both sides with a disk each, over a line that may break after every message, and sides that may restart from what they
 * stored. What one has and the other lacks is checked after every step.
 */
describe('the two together', () => {
  type Break =
    | 'none'
    | 'blockLost'
    | 'payerDiesBeforeSigning'
    | 'voucherLost'
    | 'payeeDiesBeforeStoring'
    | 'answerLost'
  const breaks: readonly Break[] = [
    'none',
    'none',
    'none',
    'blockLost',
    'payerDiesBeforeSigning',
    'voucherLost',
    'payeeDiesBeforeStoring',
    'answerLost',
  ]

  it('never differ by more than one item, whatever is lost and whoever restarts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...breaks), { maxLength: 60 }),
        fc.boolean(),
        (script, payerForgets) => {
          let payer = newPayer(channelId, open)
          let payee = newPayee(channelId, open)
          let verified = 0n
          let item = 0
          const meet = () => {
            if (payerForgets) payer = newPayer(channelId, open)
            const settled = value(
              settle(domain, terms, payer, { accepted: payee.accepted, delivered: payee.delivered }, price),
            )
            payer = settled.state
            if (settled.resend !== null) payee = value(accept(domain, terms, payee, settled.resend))
          }
          for (const event of script) {
            const name = payee.lent ?? `${item++}`
            const lent = lend(payee, name, price)
            if (!lent.ok) {
              expect(lent.error.kind).toBe('depositExhausted')
              break
            }
            payee = lent.value
            if (event === 'blockLost') {
              meet()
              continue
            }
            if (event === 'payerDiesBeforeSigning') {
              // What it has verified is kept; it asks for the same item again and pays then.
              meet()
              continue
            }
            verified += price
            const total = value(nextTotal(payer, price))
            const signed = voucher(total)
            payer = afterSigning(payer, signed)
            if (event === 'voucherLost' || event === 'payeeDiesBeforeStoring') {
              if (payerForgets) {
                // It has signed and forgotten: the item is signed for again, for the same total.
                verified -= price
              }
              meet()
              continue
            }
            payee = value(accept(domain, terms, payee, signed))
            if (event === 'answerLost') meet()
          }
          expect(paidTo(payee)).toBeLessThanOrEqual(verified + price)
          expect(verified - paidTo(payee)).toBeLessThanOrEqual(price)
          expect(owedTo(payee)).toBeLessThanOrEqual(price)
          expect(signedBy(payer) - paidTo(payee)).toBeLessThanOrEqual(price)
          expect(signedBy(payer)).toBeLessThanOrEqual(open.deposit)
        },
      ),
      { numRuns: 200 },
    )
  })
})
