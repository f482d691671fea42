// What a device account may pay on its own: each limit alone, and that no order of payments and clocks gets around them.
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../../src/core/bytes.ts'
import {
  type AccountRules,
  accountRulesSchema,
  countingEntries,
  decide,
  entryOf,
  noRules,
  type Payment,
  type PurposeRule,
  parseAmount,
  paymentPurposes,
  type SpendingEntry,
  spentWithinDay,
} from '../../../src/core/wallet/rules.ts'

const day = 86_400
const now = 1_800_000_000
const seed: Address = `0x${'5e'.repeat(20)}`
const stranger: Address = `0x${'99'.repeat(20)}`
const coinToken: Address = `0x${'70'.repeat(20)}`

const on = (rule: Partial<PurposeRule> = {}): AccountRules => ({
  ...noRules,
  ownUpdates: { isOn: true, token: null, perPayment: '50', perDay: '100', payees: [], ...rule },
})
const pay = (amount: bigint, rest: Partial<Payment> = {}): Payment => ({
  purpose: 'ownUpdates',
  token: null,
  amount,
  payee: seed,
  ...rest,
})
const paid = (amount: bigint, at: number, rest: Partial<SpendingEntry> = {}): SpendingEntry => ({
  ...entryOf(pay(amount), [], at),
  ...rest,
})
const refusal = (...args: Parameters<typeof decide>) => {
  const decision = decide(...args)
  return decision.ok ? 'allowed' : decision.error
}

describe('without rules', () => {
  it.each(paymentPurposes)('nothing is paid for %s', purpose => {
    expect(refusal(noRules, [], pay(1n, { purpose }), now)).toEqual({ kind: 'ruleOff', purpose })
  })

  it('limits of a rule that is off allow nothing', () => {
    expect(refusal(on({ isOn: false }), [], pay(1n), now)).toMatchObject({ kind: 'ruleOff' })
  })

  it('a purpose that is allowed does not allow another', () => {
    expect(refusal(on(), [], pay(1n, { purpose: 'serving' }), now)).toMatchObject({ kind: 'ruleOff' })
  })
})

describe('one payment', () => {
  it('may cost just the limit, and no unit more', () => {
    expect(refusal(on(), [], pay(50n), now)).toBe('allowed')
    expect(refusal(on(), [], pay(51n), now)).toEqual({ kind: 'rulePerPayment', limit: 50n, asked: 51n })
  })

  it('costs something', () => {
    for (const amount of [0n, -1n, 1n << 256n]) {
      expect(refusal(on(), [], pay(amount), now)).toMatchObject({ kind: 'ruleAmount' })
    }
  })

  it('is of the asset that was allowed', () => {
    expect(refusal(on(), [], pay(1n, { token: coinToken }), now)).toEqual({
      kind: 'ruleToken',
      allowed: null,
    })
    expect(refusal(on({ token: coinToken }), [], pay(1n), now)).toEqual({
      kind: 'ruleToken',
      allowed: coinToken,
    })
    expect(refusal(on({ token: coinToken }), [], pay(1n, { token: coinToken }), now)).toBe('allowed')
  })

  it('goes to anybody where nobody is named, and else to nobody but the named', () => {
    expect(refusal(on(), [], pay(1n, { payee: stranger }), now)).toBe('allowed')
    const named = on({ payees: [seed] })
    expect(refusal(named, [], pay(1n), now)).toBe('allowed')
    expect(refusal(named, [], pay(1n, { payee: stranger }), now)).toEqual({
      kind: 'rulePayee',
      payee: stranger,
    })
  })

  it.each(['', '-1', '1.5', '1e3', '0x10', '01', ' 1', '9'.repeat(79)])(
    'is refused under a limit of %j',
    limit => {
      expect(parseAmount(limit)).toBeUndefined()
      expect(refusal(on({ perPayment: limit }), [], pay(1n), now)).toMatchObject({ kind: 'ruleMalformed' })
      expect(refusal(on({ perDay: limit }), [], pay(1n), now)).toMatchObject({ kind: 'ruleMalformed' })
      expect(v.safeParse(accountRulesSchema, on({ perDay: limit })).success).toBe(false)
    },
  )

  it('keeps amounts exact that no double can hold', () => {
    const huge = 2n ** 200n + 1n
    const rules = on({ perPayment: `${huge}`, perDay: `${huge}` })
    expect(refusal(rules, [], pay(huge), now)).toBe('allowed')
    expect(refusal(rules, [paid(1n, now)], pay(huge), now)).toMatchObject({
      kind: 'rulePerDay',
      left: huge - 1n,
    })
  })
})

describe('a day', () => {
  it('is the 24 hours before, not the calendar’s', () => {
    const log = [paid(50n, now - day + 1), paid(40n, now - 10)]
    expect(refusal(on(), log, pay(11n), now)).toEqual({
      kind: 'rulePerDay',
      limit: 100n,
      left: 10n,
      asked: 11n,
    })
    expect(refusal(on(), log, pay(10n), now)).toBe('allowed')
    expect(refusal(on(), log, pay(50n), now + 1)).toBe('allowed')
  })

  it('counts each purpose and asset by itself', () => {
    const log = [paid(100n, now, { purpose: 'serving' }), paid(100n, now, { token: coinToken })]
    expect(refusal(on(), log, pay(50n), now)).toBe('allowed')
  })

  it('says what was spent in it, of each purpose and asset', () => {
    const log = [
      paid(50n, now - day),
      paid(30n, now - day + 1),
      paid(4n, now + 5),
      paid(9n, now, { token: coinToken }),
    ]
    expect(spentWithinDay(log, 'ownUpdates', null, now)).toBe(34n)
    expect(spentWithinDay(log, 'ownUpdates', coinToken, now)).toBe(9n)
    expect(spentWithinDay(log, 'serving', null, now)).toBe(0n)
  })

  it('leaves nothing where a lowered limit is overspent already', () => {
    expect(refusal(on({ perDay: '60' }), [paid(80n, now)], pay(1n), now)).toMatchObject({ left: 0n })
  })

  it('is not paid from with a log that can’t be read', () => {
    expect(refusal(on(), [paid(1n, now, { amount: 'much' })], pay(1n), now)).toMatchObject({
      kind: 'ruleMalformed',
    })
    expect(refusal(on(), [paid(100n, now, { at: Number.NaN })], pay(1n), now)).toMatchObject({
      kind: 'rulePerDay',
    })
  })
})

describe('a clock that is set back', () => {
  it('does not forget what was paid', () => {
    for (const back of [1, 3600, day, 400 * day]) {
      expect(refusal(on(), [paid(100n, now)], pay(1n), now - back)).toMatchObject({ kind: 'rulePerDay' })
    }
  })

  it('does not make a payment look older than it is', () => {
    const first = paid(50n, now)
    const second = entryOf(pay(50n), [first], now - 20 * 3600)
    expect(second.at).toBe(now)
    expect(refusal(on(), [first, second], pay(1n), now + 5 * 3600)).toMatchObject({ kind: 'rulePerDay' })
  })

  it('never lets more than a day’s limit pass in 24 hours of the log, whatever the clock does', () => {
    const step = fc.record({
      wait: fc.integer({ min: -3 * day, max: 12 * 3600 }),
      amount: fc.bigInt({ min: 1n, max: 50n }),
      forgets: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), steps => {
        let log: readonly SpendingEntry[] = []
        const all: SpendingEntry[] = []
        let clock = now
        for (const { wait, amount, forgets } of steps) {
          clock += wait
          if (!decide(on(), log, pay(amount), clock).ok) continue
          const entry = entryOf(pay(amount), log, clock)
          // What no longer counts may be forgotten: it must never be needed again.
          log = [...(forgets ? countingEntries(log, entry.at) : log), entry]
          all.push(entry)
        }
        for (const { at } of all) {
          const within = all.filter(other => other.at > at - day && other.at <= at)
          const sum = within.reduce((total, other) => total + BigInt(other.amount), 0n)
          expect(sum).toBeLessThanOrEqual(100n)
        }
      }),
    )
  })
})
