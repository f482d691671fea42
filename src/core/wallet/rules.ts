// What a device account may pay on its own, how much and whom: decided where the key is, and off by default.
import * as v from 'valibot'
import type { Address } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

/** What is paid for: blocks that others serve, the device's own updates, the service of another device. */
export type PaymentPurpose = 'serving' | 'ownUpdates' | 'otherDevices'

export const paymentPurposes: readonly PaymentPurpose[] = ['serving', 'ownUpdates', 'otherDevices']

/** Limits for one purpose and one asset. Amounts in the smallest unit, as decimal text: they are stored and signed. */
export interface PurposeRule {
  readonly isOn: boolean
  /** null for the chain's coin. */
  readonly token: Address | null
  readonly perPayment: string
  /** Within any 24 hours. */
  readonly perDay: string
  /** Whom; empty: anybody. */
  readonly payees: readonly Address[]
}

export type AccountRules = Readonly<Record<PaymentPurpose, PurposeRule>>

const off: PurposeRule = { isOn: false, token: null, perPayment: '0', perDay: '0', payees: [] }

export const noRules: AccountRules = { serving: off, ownUpdates: off, otherDevices: off }

/** One payment that was made, or is about to be: written down before it leaves. */
export interface SpendingEntry {
  readonly purpose: PaymentPurpose
  /** Unix seconds. */
  readonly at: number
  readonly token: Address | null
  readonly amount: string
  readonly payee: Address
}

export interface Payment {
  readonly purpose: PaymentPurpose
  readonly token: Address | null
  /** In the smallest unit. */
  readonly amount: bigint
  readonly payee: Address
}

/** Amounts in the smallest unit. */
export type RuleRefusal =
  /** The owner has not allowed payments for this purpose. */
  | { readonly kind: 'ruleOff'; readonly purpose: PaymentPurpose }
  /** Allowed, but in another asset. */
  | { readonly kind: 'ruleToken'; readonly allowed: Address | null }
  /** Zero, negative, or what no token has. */
  | { readonly kind: 'ruleAmount'; readonly detail: string }
  /** The owner has named who may be paid, and this is nobody of them. */
  | { readonly kind: 'rulePayee'; readonly payee: Address }
  | { readonly kind: 'rulePerPayment'; readonly limit: bigint; readonly asked: bigint }
  | { readonly kind: 'rulePerDay'; readonly limit: bigint; readonly left: bigint; readonly asked: bigint }
  /** A rule or a log that says nothing exact: nothing is paid by it. */
  | { readonly kind: 'ruleMalformed'; readonly detail: string }

const DAY = 86_400
const MAX_AMOUNT = (1n << 256n) - 1n
const MAX_PAYEES = 64

/**
 * Whether the rules allow a payment, given all that was paid before. Refusal is the answer wherever anything is not as it
 * should be. The caller keeps `entryOf(payment, log, now)` before the payment leaves, and asks one payment at a time.
 *
 * A clock that is set back widens nothing: what was paid after `now` counts as paid today. One that was behind while
 * something was paid, and is right again, can't be told from time that went by: whoever holds the key passes a time that
 * never falls and goes on by itself.
 *
 * @param now Unix seconds
 */
export function decide(
  rules: AccountRules,
  log: readonly SpendingEntry[],
  payment: Payment,
  now: number,
): Result<null, RuleRefusal> {
  const { purpose, token, amount, payee } = payment
  const rule = rules[purpose]
  const limits = limitsOf(rule)
  if (limits === undefined) return fail({ kind: 'ruleMalformed', detail: `the rule for ${purpose}` })
  if (!rule.isOn) return fail({ kind: 'ruleOff', purpose })
  if (rule.token !== token) return fail({ kind: 'ruleToken', allowed: rule.token })
  if (amount <= 0n || amount > MAX_AMOUNT) return fail({ kind: 'ruleAmount', detail: `${amount}` })
  if (rule.payees.length > 0 && !rule.payees.includes(payee)) return fail({ kind: 'rulePayee', payee })
  const { perPayment, perDay } = limits
  if (amount > perPayment) return fail({ kind: 'rulePerPayment', limit: perPayment, asked: amount })
  const spent = spentWithinDay(log, purpose, token, now)
  if (spent === undefined) return fail({ kind: 'ruleMalformed', detail: 'the log of payments' })
  const left = perDay > spent ? perDay - spent : 0n
  if (amount > left) return fail({ kind: 'rulePerDay', limit: perDay, left, asked: amount })
  return ok(null)
}

/**
 * The entry to keep of a payment. Its time is never before the last one's: otherwise a clock that was set back and right
 * again would make a payment look older than it is.
 */
export function entryOf(payment: Payment, log: readonly SpendingEntry[], now: number): SpendingEntry {
  const { purpose, token, amount, payee } = payment
  return {
    purpose,
    at: log.reduce((at, entry) => Math.max(at, entry.at), now),
    token,
    amount: `${amount}`,
    payee,
  }
}

/**
 * What was paid for a purpose in the 24 hours before `now`, and later by a clock that was ahead. undefined where an entry
 * can't be read.
 */
export function spentWithinDay(
  log: readonly SpendingEntry[],
  purpose: PaymentPurpose,
  token: Address | null,
  now: number,
): bigint | undefined {
  let spent = 0n
  for (const entry of countingEntries(log, now)) {
    if (entry.purpose !== purpose || entry.token !== token) continue
    const amount = parseAmount(entry.amount)
    if (amount === undefined) return undefined
    spent += amount
  }
  return spent
}

/** The entries that still count against a day's limit; older ones may be forgotten, or kept for the account's history. */
export function countingEntries<E extends SpendingEntry>(log: readonly E[], now: number): readonly E[] {
  // An entry without a time (NaN) counts, too.
  return log.filter(({ at }) => !(at <= now - DAY))
}

/** Decimal digits without sign or leading zeros, up to 2^256 - 1; undefined for anything else. */
export function parseAmount(text: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,77})$/.test(text)) return undefined
  const amount = BigInt(text)
  return amount <= MAX_AMOUNT ? amount : undefined
}

function limitsOf(rule: PurposeRule | undefined): { perPayment: bigint; perDay: bigint } | undefined {
  const perPayment = rule && parseAmount(rule.perPayment)
  const perDay = rule && parseAmount(rule.perDay)
  return perPayment === undefined || perDay === undefined ? undefined : { perPayment, perDay }
}

const addressSchema = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{40}$/),
  v.transform(text => text as Address),
)
const amountSchema = v.pipe(
  v.string(),
  v.check(text => parseAmount(text) !== undefined, 'not an exact amount'),
)
const ruleSchema = v.strictObject({
  isOn: v.boolean(),
  token: v.nullable(addressSchema),
  perPayment: amountSchema,
  perDay: amountSchema,
  payees: v.pipe(v.array(addressSchema), v.maxLength(MAX_PAYEES)),
})

/** Rules as they are stored and sent, in JSON: addresses in lower case, at most 64 payees for each purpose. */
export const accountRulesSchema = v.strictObject({
  serving: ruleSchema,
  ownUpdates: ruleSchema,
  otherDevices: ruleSchema,
}) satisfies v.GenericSchema<unknown, AccountRules>

export interface RulesMalformed {
  readonly kind: 'rulesMalformed'
  /** Which of them, and what is the matter with it. */
  readonly detail: string
}

export const rulesMalformed = (issue: v.BaseIssue<unknown>): RulesMalformed => ({
  kind: 'rulesMalformed',
  detail: `${v.getDotPath(issue) ?? 'as a whole'}: ${issue.message}`,
})

/** Rules whoever made them, before they are kept. */
export function checkAccountRules(rules: unknown): Result<AccountRules, RulesMalformed> {
  const parsed = v.safeParse(accountRulesSchema, rules)
  return parsed.success ? ok(parsed.output) : fail(rulesMalformed(parsed.issues[0]))
}

/** One entry as it is stored, in JSON. */
export const spendingEntrySchema = v.object({
  purpose: v.picklist(paymentPurposes),
  at: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  token: v.nullable(addressSchema),
  amount: amountSchema,
  payee: addressSchema,
}) satisfies v.GenericSchema<unknown, SpendingEntry>
