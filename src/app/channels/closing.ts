// Ending a channel at once: the payer asks for the payee's consent, the payee gives it, and one transaction of the payer's pays both.
import { fromHex, type Hex, toHex } from '../../core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import { budgetOf } from '../../core/voucher/budget.ts'
import {
  type ChannelId,
  type ChannelTerms,
  closeTypedData,
  type Voucher,
  type VoucherSignature,
} from '../../core/voucher/channel.ts'
import { closeCall } from '../../core/voucher/channelCalls.ts'
import { paidTo } from '../../core/voucher/payee.ts'
import { isConsentOf } from '../../core/voucher/standing.ts'
import type { PurseClosing, PurseRecord } from '../ports/channelStore.ts'
import { greater } from '../wallet/fees.ts'
import type { ConfirmFailure, Proposal } from '../wallet/wallet.ts'
import { textOf } from './buying.ts'
import type { ChannelFailure } from './channels.ts'
import { readLedger } from './channelViews.ts'
import { type ChannelParts, channelDomain, networkOfChannels, ownerAccount } from './parts.ts'
import { holdPaying, lastVoucherIn, openPurse, termsOf } from './purses.ts'

/** What the payee has signed, until the payer comes for it. */
interface GivenConsent {
  /** Smallest unit, decimal text. */
  readonly amount: string
  readonly signature: Hex
}

interface ConsentStore {
  get<T>(key: string): Promise<T | undefined>
  put(key: string, value: unknown): Promise<void>
}

export class Closings {
  readonly #parts: ChannelParts
  readonly #values: ConsentStore
  readonly #drafts = new Map<string, { readonly channelId: ChannelId; readonly close: Voucher }>()

  constructor(parts: ChannelParts, values: ConsentStore) {
    this.#parts = parts
    this.#values = values
  }

  // --- the payer ----------------------------------------------------------------------------------------------------

  /** Meets the payee and asks. `kind` askedToClose: it was told, and its person has to agree; to be asked again later. */
  async ask(channelId: ChannelId): Promise<Result<null, Failure>> {
    const { stores } = this.#parts
    const domain = channelDomain(this.#parts)
    const record = await stores.purses.get(channelId)
    const terms = record && termsOf(record.terms)
    if (!domain || !record || !terms) return fail({ kind: 'channelUnknown' })
    if (record.closing?.consent) return ok(null)
    const release = await holdPaying(this.#parts)
    if (release === null) return fail({ kind: 'payingElsewhere' })
    try {
      const cids = await this.#filesOf(record)
      const purse = await openPurse(this.#parts, channelId, cids[0] ?? '', true)
      if (!purse.ok) return purse
      const budget = budgetOf(await this.#oneBlock(terms))
      const { payee } = terms
      const source = await this.#parts.firmware()
      const asked = await source.meetPayee({ cids, payee, domain }, async (peer, held) => {
        const begun = await peer.begin(purse.value, { held, budget })
        return begun.ok ? peer.askToClose() : begun
      })
      const isAsked = asked.ok || asked.error.kind === 'askedToClose'
      const amount = `${asked.ok ? asked.value.amount : purse.value.signed()}`
      const consent = asked.ok ? toHex(asked.value.signature) : null
      if (isAsked) await this.#note(channelId, { amount, consent, at: this.#parts.platform.unixNow() })
      return asked.ok ? ok(null) : asked
    } catch (error) {
      return fail({ kind: 'channelNotStored', detail: textOf(error) })
    } finally {
      release()
    }
  }

  /** The transaction, once the payee has agreed. */
  async propose(channelId: ChannelId): Promise<Result<Proposal, ChannelFailure>> {
    const domain = channelDomain(this.#parts)
    const record = await this.#parts.stores.purses.get(channelId)
    const terms = record && termsOf(record.terms)
    const consent = record?.closing?.consent && fromHex(record.closing.consent)
    if (!domain || !record?.closing || !terms || !consent) return fail({ kind: 'channelUnknown' })
    const amount = BigInt(record.closing.amount)
    const last = lastVoucherIn(record.document)
    // Where less was signed than was claimed, no voucher is looked at.
    const voucher = last?.amount === amount ? last.signature : new Uint8Array()
    const data = toHex(closeCall(terms, { amount, voucher, consent }))
    const from = ownerAccount(this.#parts)
    return this.#parts.wallet.propose({ kind: 'call', from, to: domain.paymentChannels, value: 0n, data })
  }

  /** Under the lock of paying: nothing else writes the record meanwhile. */
  async #note(channelId: ChannelId, closing: PurseClosing): Promise<void> {
    const record = await this.#parts.stores.purses.get(channelId)
    if (record) await this.#parts.stores.purses.put({ ...record, closing })
  }

  /** By which the payee may be found: what was paid from this channel, what it was opened for, what was agreed on with it. */
  async #filesOf({ spending, openedFor, payee }: PurseRecord): Promise<readonly string[]> {
    const agreements = await this.#agreementsWith(payee)
    const cids = [...spending.map(({ cid }) => cid), ...agreements.map(({ cid }) => cid)]
    return [...new Set([...(openedFor === undefined ? [] : [openedFor]), ...cids])].filter(cid => cid !== '')
  }

  async #agreementsWith(payee: string) {
    const network = networkOfChannels(this.#parts)
    const all = await this.#parts.stores.agreements.all()
    return all.filter(
      each =>
        each.network === network && [each, ...(each.others ?? [])].some(seller => seller.payee === payee),
    )
  }

  /** What was lent last may have to be paid first, at the price that was agreed on. */
  async #oneBlock({ payee }: ChannelTerms): Promise<bigint> {
    const prices = (await this.#agreementsWith(payee)).flatMap(each =>
      [each, ...(each.others ?? [])]
        .filter(seller => seller.payee === payee)
        .map(({ pricePerUnit }) => BigInt(pricePerUnit)),
    )
    return prices.reduce(greater, 0n)
  }

  // --- the payee ----------------------------------------------------------------------------------------------------

  /** A statement, to be looked at and confirmed by `agree`. */
  async proposeAgreeing(channelId: ChannelId): Promise<Result<Proposal, ChannelFailure>> {
    const domain = channelDomain(this.#parts)
    const record = await this.#parts.stores.ledgers.get(channelId)
    const ledger = record && readLedger(record)
    if (!domain || !ledger?.state.closing) return fail({ kind: 'channelUnknown' })
    const close = { channelId, amount: paidTo(ledger.state) }
    this.#parts.wallet.knowChannels([ledger.terms])
    const proposed = await this.#parts.wallet.proposeStatement(closeTypedData(domain, close))
    if (proposed.ok) this.#drafts.set(proposed.value.id, { channelId, close })
    return proposed
  }

  async agree(proposal: Proposal): Promise<Result<null, ConfirmFailure | ChannelFailure>> {
    const draft = this.#drafts.get(proposal.id)
    const domain = channelDomain(this.#parts)
    if (!draft || !domain) return fail({ kind: 'proposalExpired' })
    const { channelId, close } = draft
    const signed = await this.#parts.wallet.confirmStatement(proposal)
    if (!signed.ok) return signed
    const signature = fromHex(signed.value)
    const record = await this.#parts.stores.ledgers.get(channelId)
    const terms = record && readLedger(record)?.terms
    // The wallet of a contract signs in ways that the payer can't check.
    if (!terms || !signature || !isConsentOf(domain, terms, { amount: close.amount, signature }))
      return fail({ kind: 'wrongSigner', detail: 'not a signature of the account that is paid' })
    const consent: GivenConsent = { amount: `${close.amount}`, signature: toHex(signature) }
    try {
      await this.#values.put(keyOf(channelId), consent)
    } catch (error) {
      return fail({ kind: 'channelNotStored', detail: textOf(error) })
    }
    this.#drafts.delete(proposal.id)
    return ok(null)
  }

  given = (channelId: ChannelId): Promise<GivenConsent | undefined> => this.#values.get(keyOf(channelId))

  /** For the ledger: what the person has signed for just this end. */
  consent = async ({ channelId, amount }: Voucher): Promise<VoucherSignature | null> => {
    const given = await this.given(channelId)
    return given?.amount === `${amount}` ? (fromHex(given.signature) ?? null) : null
  }
}

const keyOf = (channelId: ChannelId): string => `closeConsent/${channelId}`
