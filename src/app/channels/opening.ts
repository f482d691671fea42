// Opening a channel: a key of this browser for it, the call as a proposal, and the record before anything is sent.
import { toHex } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { type ChannelTerms, channelIdOf } from '../../core/voucher/channel.ts'
import { openCall } from '../../core/voucher/channelCalls.ts'
import { minExitDelay } from '../../core/voucher/standing.ts'
import { termsToStore } from '../../core/voucher/storedTerms.ts'
import type { ConfirmFailure, PaymentView, Proposal, Speed } from '../wallet/wallet.ts'
import { textOf } from './buying.ts'
import type { ChannelFailure, Quote } from './channels.ts'
import { type ChannelParts, channelDomain, networkOfChannels, ownerAccount } from './parts.ts'

interface Draft {
  readonly terms: ChannelTerms
  readonly keyName: string
  /** The file's root. */
  readonly cid: string
}

export class Opening {
  readonly #parts: ChannelParts
  readonly #drafts = new WeakMap<Proposal, Draft>()

  constructor(parts: ChannelParts) {
    this.#parts = parts
  }

  async propose(quote: Quote, deposit: bigint): Promise<Result<Proposal, ChannelFailure>> {
    const { platform, sessionKeys, wallet } = this.#parts
    const domain = channelDomain(this.#parts)
    if (!domain) return fail({ kind: 'notOnThisNetwork' })
    const payer = wallet.owner.get()?.address
    if (!payer) return fail({ kind: 'walletMissing' })
    const keyName = `channel/${platform.randomId()}`
    const key = await sessionKeys.keyFor(keyName)
    if (!key.ok) return key
    const terms: ChannelTerms = {
      payer,
      payee: quote.payee,
      signer: key.value.address,
      token: null,
      // No longer than the payee asks for, and no shorter than a day: what is locked is the payer's.
      exitDelay: Math.max(quote.minExitDelay, minExitDelay.watched),
      nonce: BigInt(toHex(platform.randomBytes(8))),
    }
    const proposed = await wallet.propose({
      kind: 'call',
      from: ownerAccount(this.#parts),
      to: domain.paymentChannels,
      value: deposit,
      data: toHex(openCall(terms, deposit)),
    })
    if (proposed.ok) this.#drafts.set(proposed.value, { terms, keyName, cid: quote.file.cid })
    else await sessionKeys.forget(keyName)
    return proposed
  }

  async confirm(
    proposal: Proposal,
    speed: Speed | null,
  ): Promise<Result<PaymentView, ConfirmFailure | ChannelFailure>> {
    const { stores, platform, wallet } = this.#parts
    const draft = this.#drafts.get(proposal)
    if (!draft) return fail({ kind: 'proposalExpired' })
    const { terms, keyName, cid } = draft
    const channelId = channelIdOf(terms)
    try {
      await stores.purses.put({
        channelId,
        network: networkOfChannels(this.#parts),
        payer: terms.payer,
        payee: terms.payee,
        keyName,
        terms: termsToStore(terms),
        document: null,
        spending: [],
        addedAt: platform.unixNow(),
        paymentId: proposal.id,
        openedFor: cid,
      })
    } catch (error) {
      // Nothing is sent that this browser would not know of.
      return fail({ kind: 'channelNotStored', detail: textOf(error) })
    }
    const confirmed = await wallet.confirm(proposal, speed)
    const isNothingSent =
      !confirmed.ok &&
      ['vaultLocked', 'proposalExpired', 'notStored', 'sendingElsewhere'].includes(confirmed.error.kind)
    if (isNothingSent) await stores.purses.delete(channelId)
    return confirmed.ok ? ok(confirmed.value) : confirmed
  }
}
