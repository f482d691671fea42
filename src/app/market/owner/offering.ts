// Making offers, pausing them, saying which hours are for sale, and paying out: proposals of the owner account.
import { type Address, toHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { HOURS_PER_WORD, type HourRange, openingOf } from '../../../core/registry/deviceHours.ts'
import {
  makeOfferCall,
  type Opening,
  openHoursCall,
  payOutCall,
  setPausedCall,
} from '../../../core/registry/marketCalls.ts'
import { type OfferId, type OfferTerms, offerIdOf } from '../../../core/registry/marketStatements.ts'
import { termsFault } from '../../../core/registry/offerRules.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import type { Proposal, ProposeFailure } from '../../wallet/wallet.ts'
import { readHours } from '../hours.ts'
import { type MarketParts, marketDomain, ownerAccount } from '../parts.ts'
import type { LettingRecords } from './lettingRecords.ts'

type Outcome = Promise<Result<Proposal, ProposeFailure | Failure>>

/** Hours of about a year and a month: as far as anything is opened ahead. */
const HOURS_AHEAD = 400 * 24

export class Offering {
  readonly #parts: MarketParts
  readonly #records: LettingRecords

  constructor(parts: MarketParts, records: LettingRecords) {
    this.#parts = parts
    this.#records = records
  }

  async offer(terms: OfferTerms, open: readonly HourRange[] | null): Outcome {
    const fault = termsFault(terms)
    if (fault !== null) return fail({ kind: 'termsInvalid', detail: fault })
    const opening =
      open === null ? ok({ firstWord: 0, open: [] }) : await this.#openingFor(terms.deviceId, open)
    if (!opening.ok) return opening
    const proposal = await this.#call(makeOfferCall(terms, opening.value))
    if (!proposal.ok) return proposal
    const making = { offerId: offerIdOf(terms), terms, paymentId: proposal.value.id }
    await this.#records.change(terms.deviceId, record => ({
      making: [making, ...record.making.filter(({ offerId }) => offerId !== making.offerId)].slice(0, 20),
    }))
    return proposal
  }

  async hours(deviceId: DeviceId, open: readonly HourRange[]): Outcome {
    const opening = await this.#openingFor(deviceId, open)
    return opening.ok ? this.#call(openHoursCall(deviceId, opening.value)) : opening
  }

  async pause(offerId: OfferId, isPaused: boolean): Outcome {
    const terms = await this.#termsOf(offerId)
    return terms ? this.#call(setPausedCall(terms, isPaused)) : fail({ kind: 'offerNotFound' })
  }

  async payOut(deviceId: DeviceId, account: Address, token: Address | null): Outcome {
    const { offers } = this.#records.get(deviceId)
    const unshared = offers.filter(
      ({ terms, state }) =>
        terms.token === token &&
        state !== null &&
        state.sold > state.shared &&
        terms.shares.some(({ payee }) => payee === account),
    )
    return this.#call(
      payOutCall(
        unshared.map(({ terms }) => terms),
        token,
        account,
      ),
    )
  }

  /** From now on just these: what was open later is closed with it. */
  async #openingFor(deviceId: DeviceId, open: readonly HourRange[]): Promise<Result<Opening, Failure>> {
    const now = Math.floor(this.#parts.platform.unixNow() / 3600)
    const firstWord = Math.floor(now / HOURS_PER_WORD)
    const present = await readHours(this.#parts, deviceId, { first: now, end: now + HOURS_AHEAD })
    if (!present.ok) return present
    const wanted = openingOf(open.filter(({ end }) => end > now))
    const lastWanted = wanted.firstWord + wanted.open.length - 1
    let last = wanted.open.length > 0 ? lastWanted : firstWord
    for (let word = firstWord; word <= firstWord + HOURS_AHEAD / HOURS_PER_WORD; word++)
      if (present.value.wordAt(word).open !== 0n) last = Math.max(last, word)
    const words = Array.from({ length: last - firstWord + 1 }, (_, i) => {
      const at = firstWord + i - wanted.firstWord
      return wanted.open[at] ?? 0n
    })
    return ok({ firstWord, open: words })
  }

  async #termsOf(offerId: OfferId): Promise<OfferTerms | null> {
    for (const { offers } of this.#records.all.get().values()) {
      const found = offers.find(offer => offer.offerId === offerId)
      if (found) return found.terms
    }
    const found = await (await this.#parts.chain())?.findOffer(offerId, null)
    return found?.ok ? (found.value?.terms ?? null) : null
  }

  async #call(data: Uint8Array): Outcome {
    const domain = marketDomain(this.#parts)
    if (!domain) return fail({ kind: 'notOnThisNetwork' })
    const from = ownerAccount(this.#parts)
    return this.#parts.wallet.propose({ kind: 'call', from, to: domain.market, value: 0n, data: toHex(data) })
  }
}
