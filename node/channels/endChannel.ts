// The end of a channel by its payer: at once where the payee agrees, by the exit where it does not.
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import * as v from 'valibot'
import type { LocalAccount } from 'viem'
import type { Hex } from '../../src/core/bytes.ts'
import { cidOf, RAW } from '../../src/core/ipfs/block.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { budgetOf } from '../../src/core/voucher/budget.ts'
import { type ChannelDomain, type ChannelTerms, channelIdOf } from '../../src/core/voucher/channel.ts'
import type { ReadChannel } from '../../src/core/voucher/payeeLedger.ts'
import type { PayerPurse } from '../../src/core/voucher/payerPurse.ts'
import { type SignedVoucher, storedVoucher, voucherToStore } from '../../src/core/voucher/standing.ts'
import { askPaidPeer } from './paidPeer.ts'
import type { ChannelTransactions } from './transactions.ts'

/**
 * `leaving`: Unix seconds from which the rest can be taken, by the same once more, and why not at once; `transaction` began it,
 * null where it had begun before.
 */
export type ChannelEnd =
  | { readonly kind: 'closed'; readonly transaction: Hex; readonly refund: bigint }
  | {
      readonly kind: 'leaving'
      readonly until: number
      readonly why: string
      readonly transaction: Hex | null
    }
  | { readonly kind: 'overBefore' }

/** What one transaction closes the channel with. */
export interface Agreement {
  /** The payee's. */
  readonly consent: SignedVoucher
  /** The last; null where none was signed. */
  readonly voucher: SignedVoucher | null
}

const wireSchema = v.object({ consent: v.nonNullable(storedVoucher), voucher: storedVoucher })

/** As JSON, from the agent to the owner's command. */
export const agreementToSend = ({ consent, voucher }: Agreement) => ({
  consent: voucherToStore(consent),
  voucher: voucherToStore(voucher),
})

export function readAgreement(json: unknown): Result<Agreement, Failure> {
  const parsed = v.safeParse(wireSchema, json)
  return parsed.success ? ok(parsed.output) : fail({ kind: 'agreementMalformed' })
}

export interface PayersChain {
  readonly read: ReadChannel
  readonly transactions: ChannelTransactions
  /** The payer. */
  readonly account: LocalAccount
}

/** `agree` asks the payee. Throws where the chain refuses; fails where it can't be read. `now`: Unix seconds. */
export async function endChannel(
  { read, transactions, account }: PayersChain,
  terms: ChannelTerms,
  agree: () => Promise<Result<Agreement, Failure>>,
  now: number,
): Promise<Result<ChannelEnd, Failure>> {
  const onChain = await read(channelIdOf(terms))
  if (!onChain.ok) return onChain
  const { deposit, claimed, exitAt } = onChain.value
  if (deposit === 0n || exitAt === 1) return ok({ kind: 'overBefore' })
  if (exitAt > 1 && exitAt <= now) {
    const transaction = await transactions.finishExit(account, terms)
    return ok({ kind: 'closed', transaction, refund: deposit - claimed })
  }
  const agreed = await agree()
  if (agreed.ok) {
    const { consent, voucher } = agreed.value
    const transaction = await transactions.close(account, terms, consent, voucher)
    return ok({ kind: 'closed', transaction, refund: deposit - consent.amount })
  }
  const why = agreed.error.detail ?? agreed.error.kind
  if (exitAt !== 0) return ok({ kind: 'leaving', until: exitAt, why, transaction: null })
  const transaction = await transactions.startExit(account, terms)
  return ok({ kind: 'leaving', until: now + terms.exitDelay, why, transaction })
}

/** Which block is asked about does not matter, and everybody may be without it. */
const ANY = cidOf(RAW, new Uint8Array())

/** Meets the payee of `purse` at one of these addresses. `kind`: payeeNotThere, askedToClose, or one of the stream's. */
export async function askToClose(
  { libp2p, domain }: { readonly libp2p: Libp2p; readonly domain: ChannelDomain },
  purse: PayerPurse,
  addresses: readonly Multiaddr[],
): Promise<Result<Agreement, Failure>> {
  for (const address of addresses) {
    const met = await askPaidPeer({ libp2p, address, domain, root: ANY, isAnyBlock: true })
    if (!met.ok) continue
    try {
      if (met.value.offer.payee !== purse.terms.payee) continue
      // Nothing is signed away here: where a block is owed for, the exit is the way out.
      const begun = await met.value.begin(purse, { held: async () => undefined, budget: budgetOf(0n) })
      if (!begun.ok) return begun
      const consent = await met.value.askToClose()
      return consent.ok ? ok({ consent: consent.value, voucher: purse.last() }) : consent
    } finally {
      await met.value.close()
    }
  }
  return fail({ kind: 'payeeNotThere', detail: 'it was not found' })
}
