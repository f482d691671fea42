// Where two sides of a channel stand: the signed vouchers, what the chain says of the channel, and how both are written down.
import * as v from 'valibot'
import { type Bytes, fromHex, toHex } from '../bytes.ts'
import { type Failure, fail, ok, type Result } from '../result.ts'
import { parseAmount } from '../wallet/rules.ts'
import {
  type ChannelDomain,
  type ChannelId,
  type ChannelTerms,
  channelIdOf,
  closeDigest,
  closeRequestDigest,
  isSignedByKey,
  maxDeposit,
  voucherDigest,
} from './channel.ts'

/** A voucher with its signature: what the payee keeps, and hands in at the end. */
export interface SignedVoucher {
  /** In all since the channel's opening, in the smallest unit. */
  readonly amount: bigint
  /** r || s || v, 65 bytes. */
  readonly signature: Bytes
}

/** What the chain says of a channel. */
export interface ChannelOnChain {
  readonly deposit: bigint
  readonly claimed: bigint
  /** Unix seconds; 0 while the payer stays, 1 once the channel is closed. */
  readonly exitAt: number
}

/** Whether the channel's signer has signed just this. */
export function isVoucherOf(
  domain: ChannelDomain,
  terms: ChannelTerms,
  { amount, signature }: SignedVoucher,
): boolean {
  if (amount < 0n || amount > maxDeposit) return false
  const digest = voucherDigest(domain, { channelId: channelIdOf(terms), amount })
  return isSignedByKey(terms.signer, digest, signature)
}

/** Whether the payee's account has agreed, by a key, that the channel ends with just this. */
export const isConsentOf = (
  domain: ChannelDomain,
  terms: ChannelTerms,
  { amount, signature }: SignedVoucher,
): boolean =>
  isSignedByKey(terms.payee, closeDigest(domain, { channelId: channelIdOf(terms), amount }), signature)

/** Whether the channel's signer asks for it to end with just this. */
export const isCloseRequestOf = (
  domain: ChannelDomain,
  terms: ChannelTerms,
  { amount, signature }: SignedVoucher,
): boolean => {
  if (amount < 0n || amount > maxDeposit) return false
  const digest = closeRequestDigest(domain, { channelId: channelIdOf(terms), amount })
  return isSignedByKey(terms.signer, digest, signature)
}

/** The shortest exit delays, in seconds, under which a payee serves. */
export const minExitDelay = {
  /** A phone may be off for days. */
  phone: 7 * 86_400,
  /** A machine that looks at the chain every hour, and that somebody looks after. */
  watched: 86_400,
} as const

/** Seconds. A payee that asks for more is not paid: what is put aside would be locked for years, unless it agrees to an end. */
export const LONGEST_EXIT_DELAY = 60 * 86_400

/** What a payee asks of a channel. */
export interface ChannelDemand {
  readonly payee: ChannelTerms['payee']
  readonly token: ChannelTerms['token']
  /** Seconds. */
  readonly minExitDelay: number
}

export type ChannelRefusal =
  | { readonly kind: 'channelNotOpen'; readonly detail: string }
  | { readonly kind: 'channelOfAnother'; readonly detail: string }
  | { readonly kind: 'channelToken'; readonly detail: string }
  /** The payer could be gone before this side notices. */
  | { readonly kind: 'channelDelayTooShort'; readonly detail: string }
  | { readonly kind: 'channelExiting'; readonly detail: string }

/** Whether a payee should serve under a channel at all. The caller read `onChain` from a chain that it trusts. */
export function checkChannel(
  terms: ChannelTerms,
  onChain: ChannelOnChain,
  demand: ChannelDemand,
): Result<null, ChannelRefusal> {
  if (terms.payee !== demand.payee)
    return fail({ kind: 'channelOfAnother', detail: `it pays ${terms.payee}` })
  if (terms.token !== demand.token) {
    return fail({ kind: 'channelToken', detail: `it holds ${terms.token ?? 'the coin'}` })
  }
  if (terms.exitDelay < demand.minExitDelay) {
    const detail = `${terms.exitDelay} s, and ${demand.minExitDelay} s are asked for`
    return fail({ kind: 'channelDelayTooShort', detail })
  }
  if (onChain.deposit === 0n || onChain.exitAt === 1) {
    return fail({ kind: 'channelNotOpen', detail: onChain.exitAt === 1 ? 'it is closed' : 'never opened' })
  }
  if (onChain.exitAt !== 0) return fail({ kind: 'channelExiting', detail: `until ${onChain.exitAt}` })
  return ok(null)
}

/** How many blocks of a file's tree are paid: leaves of 64 KiB, and nodes of up to 174 links above them. */
export function paidBlocksOf(size: number): number {
  let level = Math.max(1, Math.ceil(size / blockUnit))
  let blocks = level
  while (level > 1) {
    level = Math.ceil(level / 174)
    blocks += level
  }
  return blocks
}

/** Bytes that are paid for at once: each block counts for as many as it has begun. */
export const blockUnit = 64 * 1024

/** What a block of `length` bytes costs at a price per 64 KiB. */
export const priceOf = (length: number, pricePerUnit: bigint): bigint =>
  BigInt(Math.max(1, Math.ceil(length / blockUnit))) * pricePerUnit

// --- as stored, in JSON -------------------------------------------------------------------------------------------

export interface MalformedStanding extends Failure {
  readonly kind: 'standingMalformed'
}

const amountText = v.pipe(
  v.string(),
  v.transform(parseAmount),
  v.check((amount): amount is bigint => amount !== undefined && amount <= maxDeposit, 'not an amount'),
  v.transform(amount => amount ?? 0n),
)
const bytesText = (length: number) =>
  v.pipe(
    v.string(),
    v.transform(text => fromHex(text)),
    v.check((bytes): bytes is Bytes => bytes?.length === length, `not ${length} bytes`),
    v.transform(bytes => bytes ?? new Uint8Array()),
  )
const voucherSchema = v.strictObject({ amount: amountText, signature: bytesText(65) })

/** For the schemas of the payer's and the payee's own state. */
export const storedAmount = amountText
export const storedSignature = bytesText(65)
export const storedVoucher = v.nullable(voucherSchema)
export const storedChannelId = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{64}$/),
  v.transform(text => text as ChannelId),
)

export const voucherToStore = (voucher: SignedVoucher | null) =>
  voucher && { amount: `${voucher.amount}`, signature: toHex(voucher.signature) }
