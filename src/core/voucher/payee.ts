// The payee's side of a channel: what it has handed out, what it was paid, and at most one item on credit.
import * as v from 'valibot'
import { toHex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import type { ChannelDomain, ChannelId, ChannelTerms, VoucherSignature } from './channel.ts'
import {
  type ChannelOnChain,
  isCloseRequestOf,
  isConsentOf,
  isVoucherOf,
  type MalformedStanding,
  type SignedVoucher,
  storedAmount,
  storedChannelId,
  storedSignature,
  storedVoucher,
  voucherToStore,
} from './standing.ts'

export interface PayeeState {
  readonly channelId: ChannelId
  readonly deposit: bigint
  /** What was claimed when this side began to remember. */
  readonly floor: bigint
  /** The last voucher that was taken. */
  readonly accepted: SignedVoucher | null
  /** The price of all that was handed out. */
  readonly delivered: bigint
  /** Name of the item that was handed out last, while it is not paid; null where nothing is owed. */
  readonly lent: string | null
  /** The payer's wish to end the channel at once; null where there is none. */
  readonly closing: Closing | null
}

interface Closing {
  /** What the payee has in all then. */
  readonly amount: bigint
  /** Of the payee's account; null until it has agreed. Once it has, nothing more is handed out. */
  readonly consent: VoucherSignature | null
}

export type LendRefusal =
  /** The item before this one is not paid; it can be had again. */
  | { readonly kind: 'unpaid'; readonly owed: bigint; readonly lent: string }
  /** The rest of the deposit does not cover the price, so no voucher could. */
  | { readonly kind: 'depositExhausted'; readonly left: bigint; readonly asked: bigint }
  /** This side has agreed to the end of the channel. */
  | { readonly kind: 'channelClosing'; readonly detail: string }

export type CloseRefusal =
  /** What was handed out last is to be paid first. */
  | { readonly kind: 'unpaid'; readonly owed: bigint; readonly lent: string }
  /** The two count differently: the last voucher is to be shown first. */
  | { readonly kind: 'closeAmount'; readonly detail: string }
  /** The channel's signer has not asked for it, or the payee's account has not agreed. */
  | { readonly kind: 'closeInvalid'; readonly detail: string }

export type VoucherRefusal =
  | { readonly kind: 'voucherInvalid'; readonly detail: string }
  /** One for this total or more is here already. */
  | { readonly kind: 'voucherOld'; readonly accepted: bigint; readonly given: bigint }
  | { readonly kind: 'voucherExceedsDeposit'; readonly deposit: bigint; readonly given: bigint }

export const newPayee = (channelId: ChannelId, { deposit, claimed }: ChannelOnChain): PayeeState => ({
  channelId,
  deposit,
  floor: claimed,
  accepted: null,
  delivered: claimed,
  lent: null,
  closing: null,
})

/** In all, of this channel: what the vouchers at hand are worth. */
export const paidTo = ({ accepted, floor }: PayeeState): bigint =>
  accepted === null || accepted.amount < floor ? floor : accepted.amount

export const owedTo = (state: PayeeState): bigint => state.delivered - paidTo(state)

/** The chain's present word on the channel: deposits grow, and somebody else may have handed in a voucher. */
export function withChain(state: PayeeState, { deposit, claimed }: ChannelOnChain): PayeeState {
  const floor = claimed > state.floor ? claimed : state.floor
  const next = { ...state, deposit, floor }
  const isPaid = paidTo(next) >= next.delivered
  return isPaid ? { ...next, delivered: paidTo(next), lent: null } : next
}

/**
 * The state that is stored before an item is handed out. The one that was lent last is handed out again for nothing: it
 * may never have arrived.
 */
export function lend(state: PayeeState, item: string, price: bigint): Result<PayeeState, LendRefusal> {
  const owed = owedTo(state)
  if (owed > 0n && state.lent !== null) {
    return state.lent === item ? ok(state) : fail({ kind: 'unpaid', owed, lent: state.lent })
  }
  if (state.closing?.consent) return fail({ kind: 'channelClosing', detail: `with ${state.closing.amount}` })
  const left = state.deposit - state.delivered
  if (price > left) return fail({ kind: 'depositExhausted', left, asked: price })
  // Whoever buys on has changed his mind.
  return ok({ ...state, closing: null, delivered: state.delivered + price, lent: price > 0n ? item : null })
}

/**
 * The state that is stored before the next item is handed out. A voucher for more than was handed out is taken as payment
 * of just that: nothing is paid ahead.
 */
export function accept(
  domain: ChannelDomain,
  terms: ChannelTerms,
  state: PayeeState,
  voucher: SignedVoucher,
): Result<PayeeState, VoucherRefusal> {
  const { deposit } = state
  const given = voucher.amount
  if (given <= paidTo(state)) return fail({ kind: 'voucherOld', accepted: paidTo(state), given })
  if (given > deposit) return fail({ kind: 'voucherExceedsDeposit', deposit, given })
  if (!isVoucherOf(domain, terms, voucher)) {
    return fail({ kind: 'voucherInvalid', detail: `not signed by ${terms.signer}` })
  }
  const next = { ...state, accepted: voucher }
  return ok(given >= state.delivered ? { ...next, delivered: given, lent: null } : next)
}

/** The state that is stored when the payer asks for the end of the channel. Asked again, what was agreed to stays. */
export function askToClose(
  domain: ChannelDomain,
  terms: ChannelTerms,
  state: PayeeState,
  request: SignedVoucher,
): Result<PayeeState, CloseRefusal> {
  const owed = owedTo(state)
  if (owed > 0n) return fail({ kind: 'unpaid', owed, lent: state.lent ?? '' })
  if (request.amount !== paidTo(state))
    return fail({ kind: 'closeAmount', detail: `${paidTo(state)} was paid, ${request.amount} is said` })
  if (!isCloseRequestOf(domain, terms, request))
    return fail({ kind: 'closeInvalid', detail: `not asked by ${terms.signer}` })
  if (state.closing?.amount === request.amount) return ok(state)
  return ok({ ...state, closing: { amount: request.amount, consent: null } })
}

/** The state that is stored before the consent is handed out: from then on nothing more is lent. */
export function agreeToClose(
  domain: ChannelDomain,
  terms: ChannelTerms,
  state: PayeeState,
  consent: SignedVoucher,
): Result<PayeeState, CloseRefusal> {
  const owed = owedTo(state)
  if (owed > 0n) return fail({ kind: 'unpaid', owed, lent: state.lent ?? '' })
  if (consent.amount !== paidTo(state))
    return fail({ kind: 'closeAmount', detail: `${paidTo(state)} was paid, ${consent.amount} was agreed to` })
  if (!isConsentOf(domain, terms, consent))
    return fail({ kind: 'closeInvalid', detail: `not signed by ${terms.payee}` })
  return ok({ ...state, closing: { amount: consent.amount, consent: consent.signature } })
}

/** What claiming would bring in, and whether it is worth its gas: at least twice what it costs. */
export function claimAdvice(
  state: PayeeState,
  claimed: bigint,
  /** In the same asset; null where the two can't be compared, as for a token. */
  gasCost: bigint | null,
): { readonly gain: bigint; readonly isWorthIt: boolean } {
  const gain = paidTo(state) - claimed
  return { gain, isWorthIt: gain > 0n && (gasCost === null || gain >= 2n * gasCost) }
}

const schema = v.strictObject({
  channelId: storedChannelId,
  deposit: storedAmount,
  floor: storedAmount,
  accepted: storedVoucher,
  delivered: storedAmount,
  lent: v.nullable(v.pipe(v.string(), v.maxLength(256))),
  // Written since channels can be closed on request; states of before lack it.
  closing: v.optional(
    v.nullable(v.strictObject({ amount: storedAmount, consent: v.nullable(storedSignature) })),
    null,
  ),
})

/** JSON, with amounts as decimal text. */
export const payeeToStore = (state: PayeeState) => ({
  ...state,
  deposit: `${state.deposit}`,
  floor: `${state.floor}`,
  accepted: voucherToStore(state.accepted),
  delivered: `${state.delivered}`,
  closing: state.closing && {
    amount: `${state.closing.amount}`,
    consent: state.closing.consent && toHex(state.closing.consent),
  },
})

export function payeeFromStore(json: unknown): Result<PayeeState, MalformedStanding> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return ok(parsed.output)
  return fail({ kind: 'standingMalformed', detail: parsed.issues[0].message })
}
