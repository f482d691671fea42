// What became of an order at the machine: running, or ended by exactly one receipt that the device has signed.
import { type Address, type Bytes, fromHex, toHex } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import { type DeviceId, deviceIdOf } from '../identity.ts'
import { SaleOutcome, type SaleReceipt, saleReceiptDigest } from '../lock/saleReceipt.ts'
import { isDigestSignedBy } from '../p256.ts'
import { type CborMap, readBool, readBytes, readOptional, readUint } from '../smp/cbor.ts'
import { amountDue, type MeterPart, meterPartBody, meterReceiptDigest, parseMeterPart } from './meterPart.ts'
import { parseVendOrder, type VendOrder, vendOrderBody } from './vendOrder.ts'
import { METERED, type RecordUse, recordUseOf, VendUse } from './vendTerms.ts'

/** One byte on the wire. Below 16 of what was given out, from 16 on of what was not. */
const CAUSE_CODES = {
  /** All of it was given out; or it is still running. */
  none: 0,
  /** Stopped by whoever pays for it. */
  stopped: 1,
  /** The order's deadline came near. */
  deadline: 2,
  /** No voucher came for the next unit. */
  unpaid: 3,
  /** The motor did not get through. */
  jam: 16,
  /** The motor turned, and nothing passed the drop sensor. */
  noDrop: 17,
  /** The power went after the order was written down: what the sensor had counted by then has decided. */
  powerCut: 18,
  doorOpened: 19,
  /** Ended by the kiosk before the machine had begun. */
  cancelled: 20,
} as const

/** Not signed: for screens and logs. */
export type VendCause = keyof typeof CAUSE_CODES

const STATES = ['running', 'dropped', 'failed'] as const
type VendState = (typeof STATES)[number]

export interface VendRecord extends VendOrder {
  readonly use: RecordUse
  readonly state: VendState
  /** Units that passed the drop sensor, at most `quantity`: so far, where it is running; 0 where it failed. */
  readonly dropped: number
  readonly cause: VendCause
  /** uint48: of the device's receipts, one more with each; 0 while running. */
  readonly counter: number
  /** Somebody has it who needs it: from then on the machine may forget it. */
  readonly isAcknowledged: boolean
  readonly chainId: number
  /** In whose domain the receipt is signed: the Market's, of a free vend the DeviceRegistry's, of a run PaymentChannels'. */
  readonly contract: Address
  /** 32 bytes: who took it, of a free vend; null of a sale. */
  readonly userKeyHash: Bytes | null
  /** r || s, 64 bytes; null while running. */
  readonly signature: Bytes | null
  /** Of a run that vouchers pay for; its `quantity` is the units that are paid by now. */
  readonly meter?: MeterPart
}

/** One that has ended. */
export interface VendReceipt extends VendRecord {
  readonly state: 'dropped' | 'failed'
  readonly signature: Bytes
}

export const isReceipt = (record: VendRecord): record is VendReceipt =>
  record.state !== 'running' && record.signature !== null

/** What `Market.handIn` and `settle` take, with the record's signature: of what dropped as many as dropped, of a failure all. */
export function saleReceiptOf(deviceId: DeviceId, record: VendRecord): SaleReceipt {
  const { orderId, slot, state, dropped, quantity, counter } = record
  const isDropped = state === 'dropped'
  return {
    ...{ deviceId, orderId, slot, counter },
    quantity: isDropped ? dropped : quantity,
    outcome: isDropped ? SaleOutcome.dropped : SaleOutcome.failed,
  }
}

const FREE_TYPES = {
  FreeVend: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'vendId', type: 'uint256' },
    { name: 'userKeyHash', type: 'bytes32' },
    { name: 'slot', type: 'uint16' },
    { name: 'quantity', type: 'uint16' },
    { name: 'outcome', type: 'uint8' },
    { name: 'counter', type: 'uint48' },
  ],
} as const

/**
 * The 32-byte digest that the device signs: of a sale `saleReceiptDigest` in the Market's domain; of a run
 * `meterReceiptDigest`; of a free vend, in that of
 * the DeviceRegistry, `FreeVend(bytes32 deviceId,uint256 vendId,bytes32 userKeyHash,uint16 slot,uint16 quantity,uint8
 * outcome,uint48 counter)`. Throws Eip712Error where a field does not fit.
 */
export function recordDigest(deviceId: DeviceId, record: VendRecord): Bytes {
  const { use, chainId, contract, userKeyHash } = record
  const receipt = saleReceiptOf(deviceId, record)
  if (use === VendUse.sell) return saleReceiptDigest({ chainId, market: contract }, receipt)
  const { orderId: vendId, slot, quantity, outcome, counter } = receipt
  if (record.meter) {
    const { meter, dropped: units } = record
    const ran = { deviceId, runId: vendId, channelId: meter.channelId, slot, units, counter }
    return meterReceiptDigest(
      { chainId, paymentChannels: contract },
      { ...ran, amount: amountDue(meter, units) },
    )
  }
  return hashTypedData({
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: contract },
    types: FREE_TYPES,
    primaryType: 'FreeVend',
    message: {
      ...{ deviceId, vendId, slot, quantity, outcome, counter },
      userKeyHash: userKeyHash ?? new Uint8Array(32),
    },
  })
}

/** Whether the device with this key (x || y, 64 bytes) has ended the order so. */
export const isRecordSignedBy = (devicePublicKey: Uint8Array, record: VendRecord): record is VendReceipt =>
  isReceipt(record) &&
  isDigestSignedBy(devicePublicKey, recordDigest(deviceIdOf(devicePublicKey), record), record.signature)

/**
 * `{u: use, id, sl, q, na, st: 0 running | 1 dropped | 2 failed, d: dropped, w: cause, n: counter, ak: acknowledged,
 * ch: chain id, ct: bytes20 contract}`, of a free vend `uk: bytes32`, of what has ended `sg: signature`, of a run `meterPartBody`.
 */
export function vendRecordBody(record: VendRecord): CborMap {
  const { use, state, dropped, cause, counter, isAcknowledged, chainId, contract } = record
  const { userKeyHash, signature } = record
  return {
    u: use,
    ...vendOrderBody(record),
    st: STATES.indexOf(state),
    d: dropped,
    w: causeCode(cause),
    n: counter,
    ak: isAcknowledged,
    ch: chainId,
    ct: fromHex(contract) ?? new Uint8Array(20),
    ...(userKeyHash && { uk: userKeyHash }),
    ...(signature && { sg: signature }),
    ...(record.meter && meterPartBody(record.meter)),
  }
}

/** undefined for a body that no machine makes: also where the fields contradict each other. The signature is not checked. */
export function parseVendRecord(body: CborMap): VendRecord | undefined {
  const use = recordUseOf(readUint(body, 'u'))
  const order = parseVendOrder(body, use === METERED ? 0 : 1)
  const meter = use === METERED ? parseMeterPart(body) : null
  const state = STATES[readUint(body, 'st') ?? STATES.length]
  const cause = causeOf(readUint(body, 'w'))
  const dropped = readUint(body, 'd')
  const counter = readUint(body, 'n')
  const isAcknowledged = readBool(body, 'ak')
  const chainId = readUint(body, 'ch')
  const contract = readBytes(body, 'ct')
  const userKeyHash = readOptional(body, 'uk', readBytes, null)
  const signature = readOptional(body, 'sg', readBytes, null)
  if (
    !order ||
    !use ||
    meter === undefined ||
    !state ||
    !cause ||
    dropped === undefined ||
    counter === undefined
  )
    return undefined
  if (isAcknowledged === undefined || chainId === undefined || contract?.length !== 20) return undefined
  if (userKeyHash === undefined || signature === undefined || counter >= 2 ** 48) return undefined
  const isFree = use === VendUse.free
  if (isFree !== (userKeyHash !== null) || (userKeyHash && userKeyHash.length !== 32)) return undefined
  const isRunning = state === 'running'
  if (isRunning !== (signature === null) || (signature && signature.length !== 64)) return undefined
  if (isRunning !== (counter === 0) || (isRunning && isAcknowledged)) return undefined
  if (dropped > order.quantity || (!isRunning && (state === 'dropped') !== dropped > 0)) return undefined
  const common = { use, state, dropped, cause, counter, isAcknowledged, chainId }
  const record = { ...order, ...common, contract: toHex(contract), userKeyHash, signature }
  return meter ? { ...record, meter } : record
}

const causeCode = (cause: VendCause): number => CAUSE_CODES[cause]

const causeOf = (code: number | undefined): VendCause | undefined => CAUSES.get(code ?? -1)

const CAUSES: ReadonlyMap<number, VendCause> = new Map<number, VendCause>(
  Object.entries(CAUSE_CODES).flatMap(([name, code]) => (isCause(name) ? [[code, name] as const] : [])),
)

function isCause(name: string): name is VendCause {
  return Object.hasOwn(CAUSE_CODES, name)
}
