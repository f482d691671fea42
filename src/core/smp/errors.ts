// What an SMP device says when it refuses: the code tables of Zephyr and every form in which the codes travel.
import { type CborMap, readInt, readMap, readText, readUint } from './cbor.ts'
import { SmpGroup } from './message.ts'

/** `enum mcumgr_err_t` of Zephyr's mgmt_defines.h: codes of SMP itself, in `{rc}`. From 256 on they are the device's own. */
export const MgmtError = {
  EOK: 0,
  EUNKNOWN: 1,
  ENOMEM: 2,
  EINVAL: 3,
  ETIMEOUT: 4,
  ENOENT: 5,
  EBADSTATE: 6,
  EMSGSIZE: 7,
  ENOTSUP: 8,
  ECORRUPT: 9,
  EBUSY: 10,
  EACCESSDENIED: 11,
  UNSUPPORTED_TOO_OLD: 12,
  UNSUPPORTED_TOO_NEW: 13,
} as const

/** `enum os_mgmt_err_code_t` of Zephyr's os_mgmt.h. */
export const OsError = {
  OK: 0,
  UNKNOWN: 1,
  INVALID_FORMAT: 2,
  QUERY_YIELDS_NO_ANSWER: 3,
  RTC_NOT_SET: 4,
  RTC_COMMAND_FAILED: 5,
  QUERY_RESPONSE_VALUE_NOT_VALID: 6,
} as const

/** `enum img_mgmt_err_code_t` of Zephyr's img_mgmt.h. */
export const ImageError = {
  OK: 0,
  UNKNOWN: 1,
  FLASH_CONFIG_QUERY_FAIL: 2,
  NO_IMAGE: 3,
  NO_TLVS: 4,
  INVALID_TLV: 5,
  TLV_MULTIPLE_HASHES_FOUND: 6,
  TLV_INVALID_SIZE: 7,
  HASH_NOT_FOUND: 8,
  NO_FREE_SLOT: 9,
  FLASH_OPEN_FAILED: 10,
  FLASH_READ_FAILED: 11,
  FLASH_WRITE_FAILED: 12,
  FLASH_ERASE_FAILED: 13,
  INVALID_SLOT: 14,
  NO_FREE_MEMORY: 15,
  FLASH_CONTEXT_ALREADY_SET: 16,
  FLASH_CONTEXT_NOT_SET: 17,
  FLASH_AREA_DEVICE_NULL: 18,
  INVALID_PAGE_OFFSET: 19,
  INVALID_OFFSET: 20,
  INVALID_LENGTH: 21,
  INVALID_IMAGE_HEADER: 22,
  INVALID_IMAGE_HEADER_MAGIC: 23,
  INVALID_HASH: 24,
  INVALID_FLASH_ADDRESS: 25,
  VERSION_GET_FAILED: 26,
  CURRENT_VERSION_IS_NEWER: 27,
  IMAGE_ALREADY_PENDING: 28,
  INVALID_IMAGE_VECTOR_TABLE: 29,
  INVALID_IMAGE_TOO_LARGE: 30,
  INVALID_IMAGE_DATA_OVERRUN: 31,
  IMAGE_CONFIRMATION_DENIED: 32,
  IMAGE_SETTING_TEST_TO_ACTIVE_DENIED: 33,
  ACTIVE_SLOT_NOT_KNOWN: 34,
} as const

/** Fob's own group (docs/device-protocol.md, "Errors"). */
export const FobError = {
  OK: 0,
  UNKNOWN: 1,
  /** A field or a message that does not have its form. */
  MALFORMED: 2,
  NOT_PAIRED: 3,
  ALREADY_PAIRED: 4,
  /** Neither was the button pressed nor a claim code proven. */
  PAIRING_CLOSED: 5,
  CLAIM_CODE_WRONG: 6,
  /** Wrong codes were given before: none is tried for some time. */
  CLAIM_CODE_WAIT: 7,
  SIGNATURE_INVALID: 8,
  /** The pairing counter is not the present one + 1. */
  COUNTER_WRONG: 9,
  /** The Config's version is not the present one + 1. */
  VERSION_WRONG: 10,
  /** No nonce was given on this connection, or it was used, or it is too old. */
  NONCE_INVALID: 11,
  /** There is no session on this connection (any more), or the message is not of it. */
  NO_SESSION: 12,
  /** Only the owner's own session may do this. */
  NOT_OWNER: 13,
  NO_CONFIG: 14,
  /** Keys from which no session can be made, or a ciphertext that does not open. */
  CIPHER_INVALID: 15,
  /** The Config's epoch is lower than the present one: what was revoked would hold again. */
  EPOCH_WRONG: 16,
  /** The time lies before what the device is certain to have passed. */
  TIME_PASSED: 17,
  /** Without the owner's word: more than 30 days on, or nobody is named to tell the time. */
  OWNER_TIME_NEEDED: 18,
  /** The session has no vend terms. */
  VEND_TERMS_MISSING: 19,
  /** An order that was asked for before, with another slot, quantity or deadline. */
  ORDER_DIFFERS: 20,
  /** Not known, with a deadline that is not after those of forgotten orders. */
  ORDER_FORGOTTEN: 21,
  ORDER_UNKNOWN: 22,
  SLOT_UNKNOWN: 23,
  SLOT_NOT_GRANTED: 24,
  DAY_LIMIT: 25,
  /** The session's grant does not hold now, or has no uses left. */
  GRANT_OVER: 26,
  DEADLINE_NEAR: 27,
  DEADLINE_FAR: 28,
  TIME_UNCERTAIN: 29,
  MACHINE_BUSY: 30,
  SLOT_EMPTY: 31,
  SLOT_FAULTY: 32,
  DOOR_OPEN: 33,
  TOO_WARM: 34,
  NO_MARKET: 35,
  RECEIPTS_FULL: 36,
  VEND_RUNNING: 37,
  /** What the slot gives can't be stopped half-way, so no voucher pays for it bit by bit. */
  NOT_METERED: 38,
  /** Not signed by the channel's signer, for this chain, contract, channel and total. */
  VOUCHER_INVALID: 39,
  /** For more than the channel holds. */
  VOUCHER_TOO_HIGH: 40,
  /** The run has ended. */
  METER_STOPPED: 41,
} as const

const TABLES: ReadonlyMap<number | null, readonly [prefix: string, codes: Readonly<Record<string, number>>]> =
  new Map([
    [null, ['MGMT_ERR', MgmtError]],
    [SmpGroup.os, ['OS_MGMT_ERR', OsError]],
    [SmpGroup.image, ['IMG_MGMT_ERR', ImageError]],
    [SmpGroup.fob, ['FOB_ERR', FobError]],
  ])

export interface DeviceError {
  /** The group whose table `rc` is from; null for SMP's own (`MgmtError`), the only kind that version 1 has. */
  readonly group: number | null
  readonly rc: number
  /** Zephyr's name where there is one, like `IMG_MGMT_ERR_INVALID_IMAGE_TOO_LARGE`; else the numbers. */
  readonly name: string
  /** The device's own words (`rsn`), where it gives them. */
  readonly reason: string | null
}

export function deviceErrorName(group: number | null, rc: number): string {
  const [prefix, codes] = TABLES.get(group) ?? []
  const known = Object.entries(codes ?? {}).find(([, code]) => code === rc)
  if (known) return `${prefix}_${known[0]}`
  return group === null ? `MGMT_ERR ${rc}` : `group ${group} error ${rc}`
}

export type Outcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'error'; readonly error: DeviceError }
  /** Neither: an `rc` or `err` that is not in any known form must not be taken for a success. */
  | { readonly kind: 'malformed'; readonly detail: string }

/**
 * Reads the outcome from a response body ("SMP Protocol Specification", minimal response): `{err: {group, rc}}`, `{rc}`
 * (version 1, and SMP's own errors in version 2), `{ret: {group, rc}}` (what `err` was called before Zephyr 3.5).
 * A code of 0, or none of the fields, is success.
 */
export function readOutcome(body: CborMap): Outcome {
  for (const key of ['err', 'ret']) {
    const err = readMap(body, key)
    // A `ret` that is no map is data: the shell group returns its command's exit code there.
    if (err === undefined && (key === 'ret' || !Object.hasOwn(body, key))) continue
    const group = err && readUint(err, 'group')
    const rc = err && readUint(err, 'rc')
    if (group === undefined || rc === undefined) return { kind: 'malformed', detail: `field "${key}"` }
    if (rc !== 0) return outcomeOf(group, rc, body)
  }
  if (!Object.hasOwn(body, 'rc')) return { kind: 'success' }
  const rc = readInt(body, 'rc')
  if (rc === undefined) return { kind: 'malformed', detail: 'field "rc"' }
  return rc === 0 ? { kind: 'success' } : outcomeOf(null, rc, body)
}

function outcomeOf(group: number | null, rc: number, body: CborMap): Outcome {
  const reason = readText(body, 'rsn') ?? null
  return { kind: 'error', error: { group, rc, name: deviceErrorName(group, rc), reason } }
}
