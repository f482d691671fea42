// What came of the last requests: asked again with the same request id, the device says it again and counts nothing.
import { type Bytes, bytesEqual, concat } from '../../src/core/bytes.ts'
import { uint256Bytes, uintOf } from '../../src/core/lock/layout.ts'
import { REQUEST_ID_LENGTH } from '../../src/core/lock/openMessage.ts'
import { type OpenStatus, statusCode, statusOf } from '../../src/core/lock/openResult.ts'
import { ByteReader, uintBytes } from '../../src/core/wallet/byteReader.ts'
import { type OwnerState, Setting } from '../owner/ownerState.ts'
import type { SettingKey } from '../owner/settings.ts'

/** Keys of the records: from here on; the counter goes round in them. */
const FIRST_KEY = 0x200
const PLACES = 16

export interface OpenRecord {
  readonly requestId: Bytes
  readonly userKeyHash: Bytes
  readonly action: number
  readonly status: OpenStatus
  /** uint48, one more with each record. */
  readonly counter: number
  readonly orderId: bigint
  readonly grantDigest: Bytes
}

export class OpenRecords {
  readonly #state: OwnerState

  constructor(state: OwnerState) {
    this.#state = state
  }

  /** A user's request; others may use the same id for theirs. */
  find(requestId: Bytes, userKeyHash: Bytes): OpenRecord | undefined {
    for (let place = 0; place < PLACES; place++) {
      const record = decode(this.#state.settings.get(FIRST_KEY + place))
      if (record && bytesEqual(record.requestId, requestId) && bytesEqual(record.userKeyHash, userKeyHash)) {
        return record
      }
    }
    return undefined
  }

  nextCounter(): number {
    return this.#state.counter(Setting.resultCounter) + 1
  }

  /** The changes that store a record and its counter, to be written together with what depends on it. */
  changes(record: OpenRecord): readonly (readonly [SettingKey, Uint8Array])[] {
    return [
      [Setting.resultCounter, uintBytes(record.counter, 6)],
      [FIRST_KEY + (record.counter % PLACES), encode(record)],
    ]
  }
}

function encode(record: OpenRecord): Bytes {
  return concat(
    record.requestId,
    record.userKeyHash,
    Uint8Array.of(record.action, statusCode(record.status)),
    uintBytes(record.counter, 6),
    uint256Bytes(record.orderId),
    record.grantDigest,
  )
}

function decode(bytes: Bytes | undefined): OpenRecord | undefined {
  if (!bytes) return undefined
  const reader = new ByteReader(bytes)
  const requestId = reader.bytes(REQUEST_ID_LENGTH)
  const userKeyHash = reader.bytes(32)
  const action = reader.uint(1)
  const status = statusOf(reader.uint(1))
  const counter = reader.uint(6)
  const orderId = uintOf(reader.bytes(32))
  const grantDigest = reader.bytes(32)
  return status && { requestId, userKeyHash, action, status, counter, orderId, grantDigest }
}
