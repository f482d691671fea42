// What a buyer has put down at the Market for orders that he signs: read, added to, asked back, taken back.
import { toHex } from '../../../core/bytes.ts'
import { depositCall, requestReturnCall, takePrepaidBackCall } from '../../../core/registry/marketCalls.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { amountIn, marketDomain, ownerAccount } from '../../market/parts.ts'
import type { Proposal, ProposeFailure } from '../../wallet/wallet.ts'
import type { BuyerParts } from './buyerParts.ts'
import type { PrepaidPurse } from './saleBuyer.ts'

type PurseParts = Pick<BuyerParts, 'config' | 'wallet' | 'chainAt' | 'platform'>

/** In the chain's coin: what is sold on signatures is. */
export function prepaidPurse(parts: PurseParts): PrepaidPurse {
  const { config, wallet, platform } = parts

  async function propose(
    data: Uint8Array,
    value: bigint,
  ): Promise<Result<Proposal, ProposeFailure | Failure>> {
    const domain = marketDomain(parts)
    if (!domain) return fail({ kind: 'notOnThisNetwork' })
    if (!wallet.owner.get()) return fail({ kind: 'walletMissing' })
    const call = { from: ownerAccount(parts), to: domain.market, value, data: toHex(data) }
    return wallet.propose({ kind: 'call', ...call })
  }

  return {
    async read() {
      const account = wallet.owner.get()?.address
      if (!marketDomain(parts)) return fail({ kind: 'notOnThisNetwork' })
      if (!account) return fail({ kind: 'walletMissing' })
      const reading = await (await parts.chainAt('final')).read({ prepaid: [{ account, token: null }] })
      if (!reading.ok) return reading
      const [purse] = reading.value.prepaid
      const at = purse?.withdrawableAt ?? 0
      const now = platform.unixNow()
      return ok({
        balance: amountIn(config(), null, purse?.amount ?? 0n),
        leaving: at === 0 ? null : { at, isDue: now >= at },
        evidence: reading.value.evidence,
      })
    },
    proposeDeposit: amount => propose(depositCall(null, amount), amount),
    proposeReturn: () => propose(requestReturnCall(null), 0n),
    async proposeTakeBack() {
      const to = wallet.owner.get()?.address
      return to ? propose(takePrepaidBackCall(null, to), 0n) : fail({ kind: 'walletMissing' })
    },
  }
}
