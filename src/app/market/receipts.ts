// What locks have said and signed, kept on this phone.
import { toHex } from '../../core/bytes.ts'
import { resultDigest, type SignedResult } from '../../core/lock/openResult.ts'
import { Observable, type Readable } from '../observable.ts'
import type { KeyRecord, MarketStores, ReceiptRecord } from '../ports/marketStore.ts'
import type { MetDevice } from '../wallet/ownership/meet.ts'
import type { KeyId, ReceiptView } from './market.ts'
import type { MarketParts } from './parts.ts'

/** Of one key: more than that are a door's whole history, and the oldest go. */
const KEPT = 200

export function receiptOf(
  { platform }: Pick<MarketParts, 'platform'>,
  record: KeyRecord,
  { devicePublicKey, domain }: Pick<MetDevice, 'devicePublicKey' | 'domain'>,
  { result, signature }: SignedResult,
): Omit<ReceiptRecord, 'logIndex'> {
  return {
    // Asked again, the lock says the same: one receipt.
    id: `${record.id}/${toHex(result.requestId)}/${result.status}`,
    keyId: record.id,
    network: record.network,
    deviceId: record.deviceId,
    deviceName: record.deviceName,
    devicePublicKey: toHex(devicePublicKey),
    at: platform.unixNow(),
    requestId: toHex(result.requestId),
    action: result.action,
    status: result.status,
    counter: result.counter,
    orderId: result.orderId.toString(),
    grantDigest: toHex(result.grantDigest),
    signature: toHex(signature),
    digest: toHex(resultDigest(domain, result)),
  }
}

export const receiptView = ({
  id,
  keyId,
  deviceId,
  deviceName,
  at,
  status,
  counter,
  orderId,
  signature,
  digest,
}: Omit<ReceiptRecord, 'logIndex'>): ReceiptView => ({
  id,
  keyId,
  deviceId,
  deviceName,
  at,
  status,
  counter,
  orderId,
  signature,
  digest,
})

export class Receipts {
  readonly #stores: Pick<MarketStores, 'receipts'>
  readonly #views = new Map<KeyId, Observable<readonly ReceiptView[]>>()
  #all: readonly ReceiptRecord[] = []

  constructor(stores: Pick<MarketStores, 'receipts'>) {
    this.#stores = stores
  }

  async load(): Promise<void> {
    this.#all = await this.#stores.receipts.all()
    for (const keyId of this.#views.keys()) this.#show(keyId)
  }

  of(keyId: KeyId): Readable<readonly ReceiptView[]> {
    const known = this.#views.get(keyId)
    if (known) return known
    const made = new Observable<readonly ReceiptView[]>(this.#newestFirst(keyId).map(receiptView))
    this.#views.set(keyId, made)
    return made
  }

  async add(receipt: ReceiptRecord): Promise<void> {
    this.#all = [...this.#all.filter(({ id }) => id !== receipt.id), receipt]
    this.#show(receipt.keyId)
    await this.#stores.receipts.put(receipt)
    for (const { id } of this.#newestFirst(receipt.keyId).slice(KEPT)) {
      await this.#stores.receipts.delete(id)
      this.#all = this.#all.filter(each => each.id !== id)
    }
  }

  async forget(keyId: KeyId): Promise<void> {
    for (const { id } of this.#newestFirst(keyId)) await this.#stores.receipts.delete(id)
    this.#all = this.#all.filter(each => each.keyId !== keyId)
    this.#show(keyId)
  }

  #newestFirst(keyId: KeyId): readonly ReceiptRecord[] {
    return this.#all
      .filter(receipt => receipt.keyId === keyId)
      .sort((a, b) => b.at - a.at || b.counter - a.counter)
  }

  #show(keyId: KeyId): void {
    this.#views.get(keyId)?.set(this.#newestFirst(keyId).map(receiptView))
  }
}
