// Keys that come to this phone by a code: lent, signed again, or moved to it; and the code by which it asks for one.
import { toHex } from '../../core/bytes.ts'
import { keyHash } from '../../core/lock/ownership.ts'
import { amountOf, orderIdOf, timesOf } from '../../core/registry/marketStatements.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { VendUse } from '../../core/vending/vendTerms.ts'
import { decodeKeyCode, decodeOrderCode, encodeAskCode, type KeyCode } from '../../core/wallet/keyCodes.ts'
import type { KeyRecord, StoredGrant } from '../ports/marketStore.ts'
import type { StorageFailure } from '../ports/vault.ts'
import { registryDomain } from '../wallet/ownership/meet.ts'
import { networkOf } from '../wallet/walletNetwork.ts'
import type { KeyRecords } from './keyRecords.ts'
import type { KeyCodeFailure, KeyId, KeyRequest } from './market.ts'
import { amountIn, type MarketParts, marketDomain } from './parts.ts'

/** One key for each request that was answered: whoever lends two keys can't tell that one phone has both. */
const nameOf = (count: number): string => `ask/${count}`

export class TakeKeys {
  readonly #parts: MarketParts
  readonly #records: KeyRecords

  constructor(parts: MarketParts, records: KeyRecords) {
    this.#parts = parts
    this.#records = records
  }

  async request(): Promise<Result<KeyRequest, StorageFailure | { readonly kind: 'notOnThisNetwork' }>> {
    const domain = registryDomain(this.#parts)
    if (!domain) return fail({ kind: 'notOnThisNetwork' })
    const asked = await this.#present()
    if (!asked.ok) return asked
    const { userKeyHash } = asked.value
    return ok({ text: encodeAskCode({ domain, userKeyHash }), userKeyHash })
  }

  async take(text: string): Promise<Result<KeyId, KeyCodeFailure>> {
    const key = decodeKeyCode(text)
    if (key) return this.#takeGrant(key)
    return this.#takeOrder(text)
  }

  async #takeGrant(code: KeyCode): Promise<Result<KeyId, KeyCodeFailure>> {
    const { platform } = this.#parts
    const domain = registryDomain(this.#parts)
    if (code.domain.chainId !== domain?.chainId || code.domain.registry !== domain.registry)
      return fail({ kind: 'otherNetwork' })
    const { grant, by, market, signature, deviceName, utcOffset, terms } = code
    // What sells is a kiosk's.
    if (terms && terms.use !== VendUse.free) return fail({ kind: 'notAKeyCode' })
    const vends = terms && { vends: { terms, asked: null, taken: [] } }
    const userKeyHash = toHex(grant.userKeyHash)
    if (grant.notAfter <= platform.unixNow()) return fail({ kind: 'keyEnded' })
    const stored: StoredGrant = { grant, market, by, evidence: toHex(signature) }
    const known = [...this.#records.all.get().values()].find(
      record => record.userKeyHash === userKeyHash && record.deviceId === grant.deviceId,
    )
    // Signed again for what was bought, or lent once more for longer.
    if (known)
      return this.#stored(known.id, () =>
        this.#records.change(known.id, ({ vends: had }) => ({
          ...{ grant: stored, refused: null, lastFailure: null },
          ...(vends && { vends: { ...vends.vends, ...(had && { asked: had.asked, taken: had.taken }) } }),
        })),
      )
    const asked = await this.#present()
    if (!asked.ok || asked.value.userKeyHash !== userKeyHash) return fail({ kind: 'notForUs' })
    const record = {
      ...this.#blank(asked.value),
      kind: 'lent',
      deviceId: grant.deviceId,
      deviceName,
      ...vends,
    } as const
    return this.#stored(record.id, () => this.#records.put({ ...record, utcOffset, grant: stored }))
  }

  /** The grant is looked for on the chain, and with whoever signs. */
  async #takeOrder(text: string): Promise<Result<KeyId, KeyCodeFailure>> {
    const code = decodeOrderCode(text)
    if (!code) return fail({ kind: 'notAKeyCode' })
    const { config } = this.#parts
    const domain = marketDomain(this.#parts)
    const { chainId, market } = code.domain
    if (chainId !== domain?.chainId || market !== domain.market) return fail({ kind: 'otherNetwork' })
    const { order, offerBlock } = code
    const orderId = orderIdOf(order)
    const known = [...this.#records.all.get().values()].find(
      ({ purchase }) => purchase && orderIdOf(purchase.order) === orderId,
    )
    if (known) return ok(known.id)
    const chain = await this.#parts.chain()
    const offer = await chain?.findOffer(order.offerId, offerBlock === 0 ? null : offerBlock)
    if (!offer?.ok || !offer.value) return fail({ kind: 'notAKeyCode' })
    const { terms } = offer.value
    if (timesOf(terms, order).notAfter <= this.#parts.platform.unixNow()) return fail({ kind: 'keyEnded' })
    const asked = await this.#present()
    if (!asked.ok) return fail({ kind: 'keyNotStored', detail: asked.error.kind })
    const state = await this.#stateOf(orderId)
    // What can't be read now, or is not final yet, is seen later.
    if (state?.reboundKey && state.reboundKey !== asked.value.userKeyHash) return fail({ kind: 'notForUs' })
    const record: KeyRecord = {
      ...this.#blank(asked.value),
      kind: 'bought',
      deviceId: terms.deviceId,
      utcOffset: terms.utcOffset,
      purchase: {
        terms,
        order,
        offerBlock: offer.value.block,
        paid: amountIn(config(), terms.token, amountOf(terms, order)),
        paymentId: null,
        isSent: true,
        state,
        evidence: null,
        refundPaymentId: null,
        movePaymentId: null,
        movesTo: null,
      },
    }
    return this.#stored(record.id, () => this.#records.put(record))
  }

  async #stateOf(orderId: `0x${string}`) {
    const reading = await (await this.#parts.chain())?.read({ orders: [orderId] })
    return reading?.ok ? (reading.value.orders.get(orderId) ?? null) : null
  }

  #blank({ lockKey, userKeyHash }: Asked): KeyRecord {
    const { platform, config } = this.#parts
    return {
      id: platform.randomId(),
      network: networkOf(config()),
      kind: 'lent',
      deviceId: `0x${'00'.repeat(32)}`,
      deviceName: '',
      lockKey,
      userKeyHash,
      utcOffset: null,
      purchase: null,
      grant: null,
      unanswered: null,
      uses: 0,
      refused: null,
      lastFailure: null,
      addedAt: platform.unixNow(),
    }
  }

  /** The first name that no key has: the same until one came for it, in every tab. */
  async #present(): Promise<Result<Asked, StorageFailure>> {
    const used = new Set((await this.#parts.stores.keys.all()).map(({ lockKey }) => lockKey))
    let count = 0
    while (used.has(nameOf(count))) count++
    const lockKey = nameOf(count)
    const key = await this.#parts.lockKeys.keyFor(lockKey)
    return key.ok ? ok({ lockKey, userKeyHash: toHex(keyHash(key.value.publicKey)) }) : key
  }

  async #stored(id: KeyId, task: () => Promise<unknown>): Promise<Result<KeyId, KeyCodeFailure>> {
    try {
      await task()
      return ok(id)
    } catch (error) {
      return fail({ kind: 'keyNotStored', detail: error instanceof Error ? error.message : String(error) })
    }
  }
}

interface Asked {
  readonly lockKey: string
  readonly userKeyHash: `0x${string}`
}
