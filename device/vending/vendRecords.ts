// The orders that a machine knows: each from before its motor turns, until its receipt is acknowledged and the place is needed.
import { type Bytes, concat } from '../../src/core/bytes.ts'
import { decodeCborMap, encodeCbor } from '../../src/core/smp/cbor.ts'
import {
  isReceipt,
  parseVendRecord,
  type VendReceipt,
  type VendRecord,
  vendRecordBody,
} from '../../src/core/vending/vendRecord.ts'
import { ByteReader, uintBytes } from '../../src/core/wallet/byteReader.ts'
import { type OwnerState, Setting } from '../owner/ownerState.ts'
import type { SettingKey } from '../owner/settings.ts'

/** Keys of the records: from here on, one for each place. */
const FIRST_KEY = 0x400
const PLACES = 24
/** Records of what is metered are twice as long. */
const METERED_PLACES = 12

export interface StoredVend {
  readonly place: number
  readonly record: VendRecord
  /** What the drop sensor had counted before. */
  readonly passedBefore: number
}

export type Change = readonly [SettingKey, Uint8Array]

export class VendRecords {
  readonly #state: OwnerState
  readonly #places: number

  constructor(state: OwnerState, isMetered: boolean) {
    this.#state = state
    this.#places = isMetered ? METERED_PLACES : PLACES
  }

  find(orderId: bigint): StoredVend | undefined {
    return this.#all().find(({ record }) => record.orderId === orderId)
  }

  /** There is one at most: one motor turns at a time. */
  running(): StoredVend | undefined {
    return this.#all().find(({ record }) => record.state === 'running')
  }

  /** Receipts that nobody has acknowledged, the oldest first. */
  pending(): readonly VendReceipt[] {
    return this.#all()
      .map(({ record }) => record)
      .filter(isReceipt)
      .filter(({ isAcknowledged }) => !isAcknowledged)
      .sort((a, b) => a.counter - b.counter)
  }

  /** An order that is not known may be one that was forgotten where its deadline is no later than theirs. */
  mayBeForgotten(notAfter: number): boolean {
    return notAfter <= this.#state.counter(Setting.forgottenUntil)
  }

  /**
   * A place for one more, and the change that notes what is forgotten for it: of what was acknowledged that with the earliest
   * deadline. undefined where nothing may be forgotten.
   */
  room(): { readonly place: number; readonly changes: readonly Change[] } | undefined {
    const stored = this.#all()
    const taken = new Set(stored.map(({ place }) => place))
    for (let place = 0; place < this.#places; place++) if (!taken.has(place)) return { place, changes: [] }
    const [oldest] = stored
      .filter(({ record }) => record.isAcknowledged)
      .sort((a, b) => a.record.notAfter - b.record.notAfter)
    if (!oldest) return undefined
    const until = Math.max(this.#state.counter(Setting.forgottenUntil), oldest.record.notAfter)
    return { place: oldest.place, changes: [[Setting.forgottenUntil, uintBytes(until, 6)]] }
  }

  nextCounter(): number {
    return this.receiptCounter + 1
  }

  get receiptCounter(): number {
    return this.#state.counter(Setting.receiptCounter)
  }

  /** What stores a record, to be written together with what depends on it; with its counter, where it has one. */
  changes({ place, record, passedBefore }: StoredVend): readonly Change[] {
    const value = concat(uintBytes(passedBefore, 6), encodeCbor(vendRecordBody(record)))
    const entry: Change = [FIRST_KEY + place, value]
    const isNew = record.counter > this.receiptCounter
    return isNew ? [entry, [Setting.receiptCounter, uintBytes(record.counter, 6)]] : [entry]
  }

  #all(): readonly StoredVend[] {
    const stored: StoredVend[] = []
    for (let place = 0; place < this.#places; place++) {
      const found = decode(place, this.#state.settings.get(FIRST_KEY + place))
      if (found) stored.push(found)
    }
    return stored
  }
}

function decode(place: number, bytes: Bytes | undefined): StoredVend | undefined {
  if (!bytes) return undefined
  const passedBefore = new ByteReader(bytes).uint(6)
  const body = decodeCborMap(bytes.subarray(6))
  const record = body.ok ? parseVendRecord(body.value) : undefined
  return record && { place, record, passedBefore }
}
