// Buying a file by the block: what it may cost, the person's agreement, and the purchase, which needs nobody any more.
import type { Address } from '../../core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import { type Budget, budgetOf } from '../../core/voucher/budget.ts'
import type { PaidPeer } from '../../core/voucher/buyBlocks.ts'
import type { ServeOffer } from '../../core/voucher/serveMessage.ts'
import { Observable } from '../observable.ts'
import type { AgreedSeller, AgreementRecord, PurseRecord } from '../ports/channelStore.ts'
import type { BlockBuyer, Held } from '../ports/firmware.ts'
import { dayOf } from '../serving/usage.ts'
import { greater } from '../wallet/fees.ts'
import type {
  ChannelFailure,
  Channels,
  PayingLimits,
  PurchaseTrouble,
  Quote,
  WantedFile,
} from './channels.ts'
import { type ChannelParts, channelDomain, coins, networkOfChannels } from './parts.ts'
import { holdPaying, openPurseFor, pursesHere, spentOf } from './purses.ts'

/** Seconds: nobody is surprised by what he has agreed to last month. */
const AGREED_FOR = 86_400

interface Purchase {
  /** The file's root. */
  readonly cid: string
  readonly budget: Budget
  /** Lets other tabs pay. */
  readonly release: () => void
  /** Who is being paid for it just now. */
  sellers: number
}

interface Joined {
  readonly budget: Budget
  leave(): void
}

export class Buying implements BlockBuyer {
  readonly trouble = new Observable<PurchaseTrouble | null>(null)
  readonly #parts: ChannelParts
  readonly #limits: () => PayingLimits
  readonly #onSpent: () => void
  #purchase: Purchase | null = null
  #joining: Promise<unknown> = Promise.resolve()

  constructor(
    parts: ChannelParts,
    on: {
      readonly limits: () => PayingLimits
      readonly spent: () => void
    },
  ) {
    this.#parts = parts
    this.#limits = on.limits
    this.#onSpent = on.spent
  }

  /** The cheapest first; of each payee once. */
  async quotes(file: WantedFile, signal: AbortSignal): ReturnType<Channels['quotes']> {
    const domain = channelDomain(this.#parts)
    if (!domain) return ok([])
    const source = await this.#parts.firmware()
    const offers = await source.findSellers(file, domain, signal)
    const cheapest = new Map<Address, ServeOffer>()
    for (const offer of offers) {
      const known = cheapest.get(offer.payee)
      // Prices in tokens have no words here yet; one's own offer is nobody's.
      if (offer.token !== null || offer.payee === this.#parts.wallet.owner.get()?.address) continue
      if (!known || offer.pricePerUnit < known.pricePerUnit) cheapest.set(offer.payee, offer)
    }
    const records = await pursesHere(this.#parts)
    const agreed = await this.#agreementFor(file.cid)
    const blocks = await source.missingBlocks(file)
    const quotes = [...cheapest.values()].map(offer =>
      this.#quoteOf({ file, blocks }, offer, records, agreed),
    )
    return ok(quotes.toSorted((a, b) => Number(a.atMost.value - b.atMost.value)))
  }

  #quoteOf(
    { file, blocks }: { readonly file: WantedFile; readonly blocks: number },
    { payee, pricePerUnit, minExitDelay }: ServeOffer,
    records: readonly PurseRecord[],
    agreement: AgreementRecord | undefined,
  ): Quote {
    const atMost = BigInt(blocks) * pricePerUnit
    const limits = this.#limits()
    const { today } = spentOf(records, this.#today(), file.cid)
    return {
      file,
      payee,
      pricePerUnit,
      minExitDelay,
      atMost: coins(this.#parts, atMost),
      agreed: agreement && sellerIn(agreement, payee) ? coins(this.#parts, BigInt(agreement.ceiling)) : null,
      tooDear: atMost > limits.perFile ? 'perFile' : atMost + today > limits.perDay ? 'perDay' : null,
    }
  }

  /** The dearest of them decides what it may cost at most: he may be the only one who is still there in the end. */
  async agree(quotes: readonly Quote[]): Promise<Result<null, ChannelFailure>> {
    const { stores, platform } = this.#parts
    const [first, ...others] = quotes
    if (!first) return fail({ kind: 'channelUnknown' })
    const { file, payee, pricePerUnit } = first
    const atMost = quotes.map(each => each.atMost.value).reduce(greater)
    if (atMost > this.#limits().perFile) return fail({ kind: 'limitTooLow' })
    const { forFile } = spentOf(await pursesHere(this.#parts), '', file.cid)
    try {
      await stores.agreements.put({
        cid: file.cid,
        network: networkOfChannels(this.#parts),
        payee,
        pricePerUnit: `${pricePerUnit}`,
        others: others.map(each => ({ payee: each.payee, pricePerUnit: `${each.pricePerUnit}` })),
        ceiling: `${atMost}`,
        before: `${forFile}`,
        at: platform.unixNow(),
      })
    } catch (error) {
      return fail({ kind: 'channelNotStored', detail: textOf(error) })
    }
    this.trouble.set(null)
    return ok(null)
  }

  async withdrawAgreement(cid: string): Promise<void> {
    await this.#parts.stores.agreements.delete(cid)
  }

  domain = () => channelDomain(this.#parts)

  async wants(cid: string): Promise<boolean> {
    return (await this.#agreementFor(cid)) !== undefined
  }

  failed(cid: string, { kind, detail }: Failure): void {
    this.trouble.set({ cid, kind, detail: detail ?? null })
  }

  /** Several sellers of one file are paid at once, out of one budget. */
  async begin(peer: PaidPeer, cid: string, held: Held): Promise<Result<{ end(): void }, Failure>> {
    const { payee, pricePerUnit, token } = peer.offer
    const agreement = await this.#agreementFor(cid)
    const seller = agreement && sellerIn(agreement, payee)
    if (!agreement || !seller) return fail({ kind: 'notAgreed', detail: payee })
    if (token !== null || pricePerUnit > BigInt(seller.pricePerUnit)) {
      return fail({ kind: 'offerChanged', detail: `${pricePerUnit} for 64 KiB now` })
    }
    const joined = await this.#join(agreement)
    if (!joined.ok) return joined
    const { budget, leave } = joined.value
    const opened = await openPurseFor(this.#parts, payee, cid)
    const met = !opened.ok
      ? opened
      : budget.left() <= 0n
        ? fail<Failure>({ kind: 'budgetExhausted', detail: 'the limit of the file or of the day' })
        : await peer.begin(opened.value, { held, budget })
    if (met.ok) return ok({ end: leave })
    leave()
    return met
  }

  /** The purchase of this file: the first who is met begins it, and the last who is left ends it. */
  #join(agreement: AgreementRecord): Promise<Result<Joined, Failure>> {
    const next = this.#joining.then(() => this.#joinNext(agreement))
    this.#joining = next.catch(() => {})
    return next
  }

  async #joinNext(agreement: AgreementRecord): Promise<Result<Joined, Failure>> {
    const { cid } = agreement
    let purchase = this.#purchase
    if (!purchase) {
      const release = await holdPaying(this.#parts)
      if (release === null) return fail({ kind: 'payingElsewhere', detail: cid })
      // Counted under the lock: what is spent until it is released is this purchase's.
      purchase = { cid, budget: budgetOf(await this.#leftFor(agreement)), release, sellers: 0 }
      this.#purchase = purchase
    }
    if (purchase.cid !== cid) return fail({ kind: 'payingElsewhere', detail: cid })
    const { budget, release } = purchase
    const mine = purchase
    mine.sellers++
    let isLeft = false
    const leave = () => {
      if (isLeft) return
      isLeft = true
      if (--mine.sellers === 0) {
        this.#purchase = null
        release()
      }
      this.#onSpent()
    }
    return ok({ budget, leave })
  }

  /** The least of what the person agreed to for the file and what the day's limit leaves. */
  async #leftFor({ cid, ceiling, before }: AgreementRecord): Promise<bigint> {
    const { perFile, perDay } = this.#limits()
    const { today, forFile } = spentOf(await pursesHere(this.#parts), this.#today(), cid)
    const agreed = BigInt(ceiling) < perFile ? BigInt(ceiling) : perFile
    const ofFile = agreed - (forFile - BigInt(before))
    const ofDay = perDay - today
    return ofFile < ofDay ? ofFile : ofDay
  }

  async #agreementFor(cid: string): Promise<AgreementRecord | undefined> {
    const { stores, platform } = this.#parts
    const found = await stores.agreements.get(cid)
    const isOurs = found?.network === networkOfChannels(this.#parts)
    return isOurs && platform.unixNow() - found.at < AGREED_FOR ? found : undefined
  }

  #today = (): string => dayOf(this.#parts.platform.unixNow())
}

const sellerIn = (agreement: AgreementRecord, payee: Address): AgreedSeller | undefined =>
  [agreement, ...(agreement.others ?? [])].find(seller => seller.payee === payee)

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
