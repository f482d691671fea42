// What claiming costs now, for each channel that has something to claim: tried out, and priced like any transaction.
import type { ChannelId } from '../../core/voucher/channel.ts'
import { claimCall } from '../../core/voucher/channelCalls.ts'
import { paidTo } from '../../core/voucher/payee.ts'
import type { ChannelsReading } from '../ports/channelChain.ts'
import type { LedgerRecord } from '../ports/channelStore.ts'
import { readLedger } from './channelViews.ts'
import { type ChannelParts, channelDomain } from './parts.ts'

/** More than a screen shows: each one is a call to every endpoint. */
const MOST = 8

/** Channels whose cost could not be told are left out. */
export async function claimCosts(
  parts: ChannelParts,
  ledgers: readonly LedgerRecord[],
  { channels }: ChannelsReading,
): Promise<ReadonlyMap<ChannelId, bigint>> {
  const domain = channelDomain(parts)
  const from = parts.wallet.owner.get()?.address
  const claimable = ledgers.flatMap(record => {
    const ledger = readLedger(record)
    const onChain = channels.get(record.channelId)
    const isOpen = onChain !== undefined && onChain.exitAt !== 1
    return ledger?.state.accepted && isOpen && paidTo(ledger.state) > onChain.claimed ? [ledger] : []
  })
  const costs = new Map<ChannelId, bigint>()
  if (!domain || !from || claimable.length === 0) return costs
  const chain = await parts.walletChain()
  const fees = await chain.readFees()
  if (!fees.ok) return costs
  const perGas = fees.value.baseFee + fees.value.tips.normal
  for (const { terms, state } of claimable.slice(0, MOST)) {
    if (state.accepted === null) continue
    const data = claimCall(terms, state.accepted)
    const tried = await chain.simulate({ from, to: domain.paymentChannels, value: 0n, data }, [])
    if (tried.ok) costs.set(state.channelId, tried.value.gasLimit * perGas)
  }
  return costs
}
