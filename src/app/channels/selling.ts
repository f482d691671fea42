// The ledger of this browser: what it lent and was paid, on the disk before a block goes out.

import * as v from 'valibot'
import type { Address } from '../../core/bytes.ts'
import { createPayeeLedger, type LedgerOptions, type PayeeLedger } from '../../core/voucher/payeeLedger.ts'
import { minExitDelay } from '../../core/voucher/standing.ts'
import type { LedgerRecord } from '../ports/channelStore.ts'
import type { BlockSale } from '../ports/firmware.ts'
import { type ChannelParts, channelDomain, networkOfChannels, provenReader } from './parts.ts'
import { termsOf } from './purses.ts'

export async function ledgersHere(parts: ChannelParts): Promise<readonly LedgerRecord[]> {
  const network = networkOfChannels(parts)
  return (await parts.stores.ledgers.all()).filter(record => record.network === network)
}

/** On what terms this browser sells now; null where the network has no contract, or there is no account to be paid. */
export class Selling {
  readonly #parts: ChannelParts
  readonly #onPaid: () => void
  readonly #consent: LedgerOptions['consent']
  #ledger: { readonly key: string; readonly made: Promise<PayeeLedger> } | null = null

  constructor(parts: ChannelParts, on: Pick<LedgerOptions, 'consent'> & { readonly paid: () => void }) {
    this.#parts = parts
    this.#onPaid = on.paid
    this.#consent = on.consent
  }

  async sale(pricePerUnit: bigint): Promise<BlockSale | null> {
    const domain = channelDomain(this.#parts)
    const payee = this.#parts.wallet.owner.get()?.address
    if (!domain || !payee || pricePerUnit < 0n) return null
    const demand = { payee, token: null, minExitDelay: minExitDelay.phone }
    return { domain, demand, pricePerUnit, ledger: await this.#ledgerFor(payee) }
  }

  /** One for an account, however often the price changes: what is lent is known to it alone. */
  #ledgerFor(payee: Address): Promise<PayeeLedger> {
    const key = `${networkOfChannels(this.#parts)}/${payee}`
    if (this.#ledger?.key !== key) this.#ledger = { key, made: this.#open(payee) }
    return this.#ledger.made
  }

  async #open(payee: Address): Promise<PayeeLedger> {
    const parts = this.#parts
    const { stores, platform } = parts
    const domain = channelDomain(parts)
    if (!domain) throw new Error('this network has no PaymentChannels')
    const network = networkOfChannels(parts)
    const records = await ledgersHere(parts)
    return createPayeeLedger({
      domain,
      demand: { payee, token: null, minExitDelay: minExitDelay.phone },
      read: provenReader(parts),
      ...(this.#consent && { consent: this.#consent }),
      monotonic: () => platform.timer.now(),
      stored: new Map(records.map(({ channelId, document }) => [channelId, document])),
      store: async (channelId, document) => {
        const terms = termsOf(v.parse(v.object({ terms: v.unknown() }), document).terms)
        if (!terms) throw new Error('a ledger without terms')
        const { payer } = terms
        const at = platform.unixNow()
        await stores.ledgers.put({ channelId, network, payer, payee: terms.payee, document, at })
        this.#onPaid()
      },
    })
  }
}
