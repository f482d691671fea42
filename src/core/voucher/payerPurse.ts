// The payer's side of one channel: a key that signs vouchers, each stored before it leaves.
import * as v from 'valibot'
import type { Bytes } from '../bytes.ts'
import { type Failure, fail, ok, type Result } from '../result.ts'
import {
  type ChannelDomain,
  type ChannelTerms,
  channelIdOf,
  closeRequestDigest,
  type VoucherSignature,
  voucherDigest,
} from './channel.ts'
import {
  afterSigning,
  newPayer,
  nextTotal,
  type PayerRefusal,
  type PayerState,
  payerFromStore,
  payerToStore,
  refreshed,
  type Settled,
  type Shown,
  settle,
  signedBy,
} from './payer.ts'
import type { ChannelOnChain, SignedVoucher } from './standing.ts'
import { termsSchema, termsToStore } from './storedTerms.ts'

export interface PayerPurse {
  readonly terms: ChannelTerms
  /** In all, signed away. */
  signed(): bigint
  /** null where there is none yet. */
  last(): SignedVoucher | null
  /** Of the deposit, not signed away. */
  left(): bigint
  /** Compares with what the payee shows; what was learnt is written down. */
  settle(shown: Shown, price: bigint): Promise<Result<Settled, PayerRefusal>>
  /** The next voucher, stored when it resolves. One after the other, however many ask at once. */
  pay(price: bigint): Promise<Result<SignedVoucher, PayerRefusal>>
  /** The wish that the channel ends with what is signed away. It is no voucher, and nothing is written down. */
  requestClose(): Promise<SignedVoucher>
}

export interface PurseOptions {
  readonly domain: ChannelDomain
  readonly terms: ChannelTerms
  /** What the chain says of the channel. */
  readonly onChain: ChannelOnChain
  /** Also where the payer has begun to leave: to settle and end it, and not to buy. */
  readonly isEnding?: boolean
  /** By the secp256k1 key of `terms.signer`: r || s || v, 65 bytes, of a 32-byte digest. */
  readonly sign: (digest: Bytes) => Promise<VoucherSignature>
  /** What `store` was given last; undefined where it never was. */
  readonly stored: unknown
  /** Resolves once JSON of it is written for good. */
  readonly store: (document: unknown) => Promise<void>
}

const documentSchema = v.object({ terms: termsSchema, state: v.unknown() })

/** Fails where the channel is not open, or what was stored of it can't be read. */
export function createPurse(options: PurseOptions): Result<PayerPurse, Failure> {
  const { domain, terms, onChain, sign, stored, isEnding = false } = options
  const channelId = channelIdOf(terms)
  const { deposit, exitAt } = onChain
  if (deposit === 0n || exitAt === 1 || (exitAt !== 0 && !isEnding))
    return fail({ kind: 'channelNotOpen', detail: channelId })

  let state: PayerState = newPayer(channelId, onChain)
  if (stored !== undefined) {
    const document = v.safeParse(documentSchema, stored)
    const known = document.success ? payerFromStore(document.output.state) : undefined
    if (known?.ok !== true) return fail({ kind: 'purseUnreadable', detail: channelId })
    state = refreshed(known.value, onChain)
  }
  async function keep(next: PayerState): Promise<void> {
    await options.store({ terms: termsToStore(terms), state: payerToStore(next) })
    state = next
  }
  let turn: Promise<unknown> = Promise.resolve()
  /** Two vouchers for one total would both be paid for, and only one of them would count. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = turn.then(task, task)
    turn = next.catch(() => {})
    return next
  }
  return ok({
    terms,
    signed: () => signedBy(state),
    last: () => state.last,
    left: () => state.deposit - signedBy(state),
    settle: (shown, price) =>
      inTurn(async () => {
        const settled = settle(domain, terms, state, shown, price)
        if (settled.ok && settled.value.state !== state) await keep(settled.value.state)
        return settled
      }),
    pay: price =>
      inTurn(async () => {
        const amount = nextTotal(state, price)
        if (!amount.ok) return amount
        const digest = voucherDigest(domain, { channelId, amount: amount.value })
        const voucher = { amount: amount.value, signature: await sign(digest) }
        await keep(afterSigning(state, voucher))
        return ok(voucher)
      }),
    requestClose: () =>
      inTurn(async () => {
        const amount = signedBy(state)
        return { amount, signature: await sign(closeRequestDigest(domain, { channelId, amount })) }
      }),
  })
}
