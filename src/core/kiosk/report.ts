// What a kiosk tells its owner from time to time: stock, alarms, gas. Signed by the kiosk's key, so a box can't make it up.
import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { type Bytes, fromHex, type Hex, toHex, utf8 } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import type { MarketDomain } from '../lock/grant.ts'
import { isDigestSignedBy } from '../p256.ts'
import { fail, ok, type Result } from '../result.ts'
import { SLOT_FAULTS, type SlotFault, VEND_UNITS, type VendUnit } from '../vending/machine.ts'

export interface KioskReportContent {
  readonly slots: readonly {
    readonly slot: number
    readonly unit: VendUnit
    readonly stock: number
    readonly capacity: number
    readonly fault: SlotFault
    /** Units that staff has taken for nothing, as far as this kiosk has collected the machine's receipts. */
    readonly free: number
  }[]
  /** Kinds of the kiosk's alarms. */
  readonly alarms: readonly string[]
  /** Of the gas key, in wei. */
  readonly gasBalance: bigint
  /** What became of the owner's requests, the newest at most: `done` by the machine's own word, else why not. */
  readonly requests: readonly { readonly number: number; readonly end: string }[]
}

/** As it is signed, sent and stored. */
export interface KioskReport {
  readonly deviceId: DeviceId
  /** P-256, x || y, 64 bytes: whose hash the owner has seen in the kiosk's code. */
  readonly kioskKey: Hex
  /** Unix seconds. */
  readonly at: number
  readonly content: string
  /** r || s, 64 bytes. */
  readonly signature: Hex
}

export interface ReportFailure {
  readonly kind: 'reportMalformed' | 'reportNotSigned'
}

const MAX_CONTENT = 32_768
/** Requests of which a kiosk says what became of them. */
export const MAX_REQUESTS = 16

const TYPES = {
  KioskReport: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'at', type: 'uint40' },
    { name: 'contentHash', type: 'bytes32' },
  ],
} as const

/** The 32-byte digest of `KioskReport(bytes32 deviceId,uint40 at,bytes32 contentHash)`, the hash being SHA-256 of the content. */
export const reportDigest = (
  { chainId, market }: MarketDomain,
  { deviceId, at, content }: Pick<KioskReport, 'deviceId' | 'at' | 'content'>,
): Bytes =>
  hashTypedData({
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: market },
    types: TYPES,
    primaryType: 'KioskReport',
    message: { deviceId, at, contentHash: toHex(sha256(utf8(content))) },
  })

export const writeReport = ({ slots, alarms, gasBalance, requests }: KioskReportContent): string =>
  JSON.stringify({
    slots: slots.map(({ slot, unit, stock, capacity, fault, free }) => ({
      ...{ slot, unit, stock, capacity, fault, free },
    })),
    alarms,
    gasBalance: `${gasBalance}`,
    requests: requests.map(({ number, end }) => ({ number, end })),
  })

/** Whether the key that it names has signed it, and what it says. Whose key that is, the reader has to know. */
export function checkReport(
  domain: MarketDomain,
  report: KioskReport,
): Result<KioskReportContent, ReportFailure> {
  const key = fromHex(report.kioskKey)
  const signature = fromHex(report.signature)
  if (key?.length !== 64 || signature?.length !== 64) return fail({ kind: 'reportMalformed' })
  if (!isDigestSignedBy(key, reportDigest(domain, report), signature))
    return fail({ kind: 'reportNotSigned' })
  const content = v.safeParse(contentSchema, parseJson(report.content))
  return content.success ? ok(content.output) : fail({ kind: 'reportMalformed' })
}

/** As it comes from a box or a kiosk: nothing of it is believed yet. */
export function readReport(json: unknown): KioskReport | undefined {
  const parsed = v.safeParse(reportSchema, json)
  return parsed.success ? parsed.output : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const hex = (digits: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x[0-9a-f]{${digits}}$`)),
    v.transform(text => text as Hex),
  )
const uint = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max))

const kind = v.pipe(v.string(), v.regex(/^[a-zA-Z]{1,40}$/))

const contentSchema = v.strictObject({
  slots: v.pipe(
    v.array(
      v.strictObject({
        ...{ slot: uint(255), unit: v.picklist(VEND_UNITS), stock: uint(65_535), capacity: uint(65_535) },
        ...{ fault: v.picklist(SLOT_FAULTS), free: uint(2 ** 32 - 1) },
      }),
    ),
    v.maxLength(256),
  ),
  alarms: v.pipe(v.array(kind), v.maxLength(64)),
  requests: v.pipe(
    v.array(v.strictObject({ number: uint(2 ** 48 - 1), end: kind })),
    v.maxLength(MAX_REQUESTS),
  ),
  gasBalance: v.pipe(
    v.string(),
    v.regex(/^\d{1,30}$/),
    v.transform(text => BigInt(text)),
  ),
})

const reportSchema = v.strictObject({
  deviceId: hex(64),
  kioskKey: hex(128),
  at: uint(2 ** 40 - 1),
  content: v.pipe(v.string(), v.maxLength(MAX_CONTENT)),
  signature: hex(128),
})
