// Buying a file by the block: what it may cost, the person's agreement, and the purchase, which needs nobody any more.
import type { Address } from '../../core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import type { PaidPeer } from '../../core/voucher/buyBlocks.ts'
import type { ServeOffer } from '../../core/voucher/serveMessage.ts'
import { Observable } from '../observable.ts'
import type { AgreementRecord, PurseRecord } from '../ports/channelStore.ts'
import type { BlockBuyer } from '../ports/firmware.ts'
import { dayOf } from '../serving/usage.ts'
import type {
  ChannelFailure,
  Channels,
  PayingLimits,
  PurchaseTrouble,
  Quote,
  WantedFile,
} from './channels.ts'
import { type ChannelParts, channelDomain, coins, networkOfChannels } from './parts.ts'
import { openPurseFor, pursesHere, spentOf } from './purses.ts'

/** Seconds: nobody is surprised by what he has agreed to last month. */
const AGREED_FOR = 86_400

export class Buying implements BlockBuyer {
  readonly trouble = new Observable<PurchaseTrouble | null>(null)
  readonly #parts: ChannelParts
  readonly #limits: () => PayingLimits
  readonly #onSpent: () => void

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
      agreed: agreement?.payee === payee ? coins(this.#parts, BigInt(agreement.ceiling)) : null,
      tooDear: atMost > limits.perFile ? 'perFile' : atMost + today > limits.perDay ? 'perDay' : null,
    }
  }

  async agree({ file, payee, pricePerUnit, atMost }: Quote): Promise<Result<null, ChannelFailure>> {
    const { stores, platform } = this.#parts
    if (atMost.value > this.#limits().perFile) return fail({ kind: 'limitTooLow' })
    const { forFile } = spentOf(await pursesHere(this.#parts), '', file.cid)
    try {
      await stores.agreements.put({
        cid: file.cid,
        network: networkOfChannels(this.#parts),
        payee,
        pricePerUnit: `${pricePerUnit}`,
        ceiling: `${atMost.value}`,
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

  async begin(
    peer: PaidPeer,
    cid: string,
    held: Parameters<PaidPeer['begin']>[1]['held'],
  ): Promise<Result<{ end(): void }, Failure>> {
    const { payee, pricePerUnit, token } = peer.offer
    const agreement = await this.#agreementFor(cid)
    if (!agreement || agreement.payee !== payee) return fail({ kind: 'notAgreed', detail: payee })
    if (token !== null || pricePerUnit > BigInt(agreement.pricePerUnit)) {
      return fail({ kind: 'offerChanged', detail: `${pricePerUnit} for 64 KiB now` })
    }
    const opened = await openPurseFor(this.#parts, payee, cid)
    if (!opened.ok) return opened
    const { purse, release } = opened.value
    // Counted under the lock: what is spent until it is released is this purchase's.
    const limit = await this.#leftFor(agreement)
    const end = () => {
      release()
      this.#onSpent()
    }
    const met =
      limit <= 0n
        ? fail<Failure>({ kind: 'budgetExhausted', detail: 'the limit of the file or of the day' })
        : await peer.begin(purse, { held, limit })
    if (met.ok) return ok({ end })
    end()
    return met
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

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
