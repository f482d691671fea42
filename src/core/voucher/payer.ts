// The payer's side of a channel: what it has signed, what it signs next, and whom it believes after a restart.
import * as v from 'valibot'
import { fail, ok, type Result } from '../result.ts'
import type { ChannelDomain, ChannelId, ChannelTerms } from './channel.ts'
import {
  type ChannelOnChain,
  isVoucherOf,
  type MalformedStanding,
  type SignedVoucher,
  storedAmount,
  storedChannelId,
  storedVoucher,
  voucherToStore,
} from './standing.ts'

export interface PayerState {
  readonly channelId: ChannelId
  readonly deposit: bigint
  /** What was claimed when this side began to remember. */
  readonly floor: bigint
  /** The last voucher that was signed, whether or not the payee has it. */
  readonly last: SignedVoucher | null
}

export type PayerRefusal =
  /** `left` of the deposit is less than what is asked for. */
  | { readonly kind: 'depositExhausted'; readonly left: bigint; readonly asked: bigint }
  /** The payee shows a voucher that this channel's signer has not signed. */
  | { readonly kind: 'standingForged'; readonly detail: string }
  /** More is said to be owed than one item on credit. */
  | { readonly kind: 'debtTooLarge'; readonly owed: bigint; readonly price: bigint }

export const newPayer = (channelId: ChannelId, { deposit, claimed }: ChannelOnChain): PayerState => ({
  channelId,
  deposit,
  floor: claimed,
  last: null,
})

/** The chain's present word on the channel: deposits grow, and vouchers are handed in. */
export const refreshed = (state: PayerState, { deposit, claimed }: ChannelOnChain): PayerState => ({
  ...state,
  deposit,
  floor: claimed > state.floor ? claimed : state.floor,
})

/** In all, of this channel: what this side has signed away. */
export const signedBy = ({ last, floor }: PayerState): bigint =>
  last === null || last.amount < floor ? floor : last.amount

/** The total of the next voucher, for an item that was received and verified. */
export function nextTotal(state: PayerState, price: bigint): Result<bigint, PayerRefusal> {
  const signed = signedBy(state)
  const left = state.deposit - signed
  return price > left ? fail({ kind: 'depositExhausted', left, asked: price }) : ok(signed + price)
}

/** The state that is stored before the voucher is sent. Throws RangeError for one that is not for more than the last. */
export function afterSigning(state: PayerState, voucher: SignedVoucher): PayerState {
  if (voucher.amount <= signedBy(state)) throw new RangeError('a voucher is for more than the one before')
  return { ...state, last: voucher }
}

/** What the payee says when the two meet again. */
export interface Shown {
  /** The last voucher that it has. */
  readonly accepted: SignedVoucher | null
  /** The price of all that it has handed out. */
  readonly delivered: bigint
}

export interface Settled {
  readonly state: PayerState
  /** What the payee lacks: it was signed and stored, and never arrived. */
  readonly resend: SignedVoucher | null
  /** What the payee says it has handed out and was not paid: at most `price`. */
  readonly owed: bigint
}

/**
 * Settles what the two remember differently. The payee proves what it has by the voucher itself, so a payer that has lost
 * its memory believes that, and nothing else.
 */
export function settle(
  domain: ChannelDomain,
  terms: ChannelTerms,
  state: PayerState,
  shown: Shown,
  price: bigint,
): Result<Settled, PayerRefusal> {
  const { accepted, delivered } = shown
  if (accepted !== null && !isVoucherOf(domain, terms, accepted)) {
    return fail({ kind: 'standingForged', detail: `a voucher for ${accepted.amount}` })
  }
  const isAhead = accepted !== null && accepted.amount > signedBy(state)
  const next = isAhead ? { ...state, last: accepted } : state
  const resend = next.last !== null && next.last.amount > (accepted?.amount ?? next.floor) ? next.last : null
  const owed = delivered > signedBy(next) ? delivered - signedBy(next) : 0n
  if (owed > price) return fail({ kind: 'debtTooLarge', owed, price })
  return ok({ state: next, resend, owed })
}

const schema = v.strictObject({
  channelId: storedChannelId,
  deposit: storedAmount,
  floor: storedAmount,
  last: storedVoucher,
})

/** JSON, with amounts as decimal text. */
export const payerToStore = ({ channelId, deposit, floor, last }: PayerState) => ({
  channelId,
  deposit: `${deposit}`,
  floor: `${floor}`,
  last: voucherToStore(last),
})

export function payerFromStore(json: unknown): Result<PayerState, MalformedStanding> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return ok(parsed.output)
  return fail({ kind: 'standingMalformed', detail: parsed.issues[0].message })
}
