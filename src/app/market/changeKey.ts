// What the payer can do with what was bought: take the money back after the deadline, or bind it to another phone's key.
import { type Hex, toHex } from '../../core/bytes.ts'
import { rebindCall, refundCall } from '../../core/registry/marketCalls.ts'
import { fail, type Result } from '../../core/result.ts'
import type { Purchase } from '../ports/marketStore.ts'
import type { Proposal, ProposeFailure } from '../wallet/wallet.ts'
import type { KeyRecords } from './keyRecords.ts'
import type { KeyId } from './market.ts'
import { type MarketParts, marketDomain, ownerAccount } from './parts.ts'

type Outcome = Promise<Result<Proposal, ProposeFailure>>

export async function proposeRefund(parts: MarketParts, records: KeyRecords, keyId: KeyId): Outcome {
  const purchase = records.get(keyId)?.purchase
  if (!purchase) return fail({ kind: 'unknownAccount' })
  const proposal = await propose(parts, refundCall(purchase.terms, purchase.order))
  if (proposal.ok) await note(records, keyId, now => ({ ...now, refundPaymentId: proposal.value.id }))
  return proposal
}

export async function proposeMove(
  parts: MarketParts,
  records: KeyRecords,
  keyId: KeyId,
  userKeyHash: Hex,
): Outcome {
  const purchase = records.get(keyId)?.purchase
  // Only its payer may, and not before it is fulfilled.
  if (!purchase?.state || purchase.order.payer !== parts.wallet.owner.get()?.address)
    return fail({ kind: 'unknownAccount' })
  const seq = purchase.state.seq + 1
  const proposal = await propose(parts, rebindCall(purchase.terms, purchase.order, userKeyHash, seq))
  if (proposal.ok)
    await note(records, keyId, now => ({
      ...now,
      movePaymentId: proposal.value.id,
      movesTo: userKeyHash,
    }))
  return proposal
}

async function propose(parts: MarketParts, data: Uint8Array): Outcome {
  const domain = marketDomain(parts)
  if (!domain) return fail({ kind: 'notOnThisNetwork' })
  const from = ownerAccount(parts)
  return parts.wallet.propose({ kind: 'call', from, to: domain.market, value: 0n, data: toHex(data) })
}

/** On the disk before it can be confirmed: a tab that dies after that still knows what it waits for. */
async function note(
  records: KeyRecords,
  keyId: KeyId,
  change: (purchase: Purchase) => Purchase,
): Promise<void> {
  await records.change(keyId, ({ purchase }) => ({ purchase: purchase && change(purchase) }))
}
