// Turns vouchers into money: looks at the chain, claims what is worth its gas, and all of it where a payer is leaving.
import type { LocalAccount } from 'viem'
import type { Hex } from '../../src/core/bytes.ts'
import { claimAdvice } from '../../src/core/voucher/payee.ts'
import type { Earning, ReadChannel } from '../../src/core/voucher/payeeLedger.ts'
import type { ChannelTransactions } from './transactions.ts'

interface Claimed {
  readonly channelId: Hex
  readonly gain: bigint
  readonly transaction: Hex
}

export interface ClaimOptions {
  readonly earnings: () => readonly Earning[]
  readonly read: ReadChannel
  readonly transactions: ChannelTransactions
  /** Pays the gas; anybody may, and the payee is paid. */
  readonly account: LocalAccount
}

interface Claims {
  readonly done: readonly Claimed[]
  /** What the chain refused, or could not be asked: tried again the next time. */
  readonly failed: readonly { readonly channelId: Hex; readonly error: unknown }[]
}

/**
 * Makes what claims: each channel whose vouchers bring at least twice what claiming costs, and each whose payer has begun
 * to leave, since after his delay they are worth nothing. One channel that fails keeps no other from being claimed. What
 * was claimed is not sent again while the chain's final word lags behind.
 */
export function earningsClaimer(options: ClaimOptions): () => Promise<Claims> {
  const { read, transactions, account } = options
  const sent = new Map<Hex, bigint>()

  async function claimOne({ channelId, terms, state }: Earning): Promise<Claimed | null> {
    const { accepted } = state
    if (accepted === null || accepted.amount <= (sent.get(channelId) ?? 0n)) return null
    const onChain = await read(channelId)
    if (!onChain.ok) throw new Error(`${onChain.error.kind}: ${onChain.error.detail}`)
    const { claimed, exitAt } = onChain.value
    if (exitAt === 1 || accepted.amount <= claimed) return null
    const isLeaving = exitAt !== 0
    const cost = terms.token === null ? await transactions.claimCost(account, terms, accepted) : null
    const { gain, isWorthIt } = claimAdvice(state, claimed, cost)
    if (!isWorthIt && !isLeaving) return null
    const transaction = await transactions.claim(account, terms, accepted)
    sent.set(channelId, accepted.amount)
    return { channelId, gain, transaction }
  }

  return async () => {
    const done: Claimed[] = []
    const failed: { channelId: Hex; error: unknown }[] = []
    for (const earning of options.earnings()) {
      try {
        const claimed = await claimOne(earning)
        if (claimed !== null) done.push(claimed)
      } catch (error) {
        failed.push({ channelId: earning.channelId, error })
      }
    }
    return { done, failed }
  }
}

export interface ClaimWatch {
  stop(): void
}

/** At once, and then every hour: a day is the shortest delay of a payee that is watched. */
export function watchEarnings(
  options: ClaimOptions & { readonly onClaims: (claims: Claims) => void; readonly everyMs?: number },
): ClaimWatch {
  const claim = earningsClaimer(options)
  let isBusy = false
  const look = async () => {
    if (isBusy) return
    isBusy = true
    try {
      options.onClaims(await claim())
    } finally {
      isBusy = false
    }
  }
  const timer = setInterval(() => void look(), options.everyMs ?? 3_600_000)
  timer.unref()
  void look()
  return { stop: () => clearInterval(timer) }
}
