// What a stored record of paid unlocks must at least look like: a damaged one is dropped instead of crashing what shows it.
import {
  array,
  bigint,
  boolean,
  instance,
  looseObject,
  nullable,
  number,
  optional,
  picklist,
  record,
  string,
} from 'valibot'
import type {
  KeyRecord,
  LentRecord,
  LettingRecord,
  LogRecord,
  ReceiptRecord,
} from '../../app/ports/marketStore.ts'
import { evidence, hex } from './recordSchemas.ts'
import { address, amount, count, hash, tableOf } from './walletRecords.ts'

const bytes = instance(Uint8Array)
const failure = looseObject({ kind: string(), detail: optional(string()) })

const grant = looseObject({
  deviceId: hash,
  orderId: bigint(),
  userKeyHash: bytes,
  notBefore: count,
  notAfter: count,
  weeklyHours: bytes,
  maxUses: count,
  actions: count,
  epoch: count,
  seq: count,
})
const terms = looseObject({
  deviceId: hash,
  owner: address,
  token: nullable(address),
  price: bigint(),
  unit: picklist(['hour', 'night', 'stay', 'product']),
  isInstant: boolean(),
  maxQuantity: count,
  slotHours: count,
  startHour: count,
  utcOffset: number(),
  fulfilWithin: count,
  weeklyHours: bytes,
  maxUses: count,
  actions: count,
  legalHash: hash,
  shares: array(looseObject({ payee: address, amount: bigint() })),
})
const order = looseObject({
  offerId: hash,
  payer: address,
  userKeyHash: hash,
  start: count,
  quantity: count,
  nonce: bigint(),
  validUntil: count,
})
const orderState = looseObject({
  status: picklist(['unknown', 'open', 'fulfilled', 'refunded']),
  deadline: count,
  seq: count,
  logBlock: count,
  epoch: optional(count),
  reboundKey: nullable(hash),
})
const offerState = looseObject({
  counter: count,
  status: picklist(['unknown', 'live', 'paused']),
  sold: bigint(),
  shared: bigint(),
})

const key = looseObject({
  id: string(),
  network: string(),
  kind: picklist(['own', 'lent', 'bought']),
  deviceId: hash,
  deviceName: string(),
  lockKey: string(),
  userKeyHash: hash,
  utcOffset: nullable(number()),
  purchase: nullable(
    looseObject({
      terms,
      order,
      offerBlock: count,
      paid: looseObject({ value: bigint(), token: nullable(address), symbol: string(), decimals: count }),
      paymentId: nullable(string()),
      isSent: boolean(),
      state: nullable(orderState),
      evidence: nullable(evidence),
      refundPaymentId: nullable(string()),
      movePaymentId: nullable(string()),
      movesTo: nullable(hash),
    }),
  ),
  grant: nullable(
    looseObject({ grant, market: address, by: picklist(['owner', 'issuer', 'chain']), evidence: hex }),
  ),
  unanswered: nullable(looseObject({ requestId: hex, at: number() })),
  uses: count,
  refused: nullable(string()),
  lastFailure: nullable(failure),
  addedAt: number(),
  vends: optional(
    looseObject({
      terms: looseObject({ use: count, slots: bytes, perDay: count, signature: bytes }),
      asked: nullable(looseObject({ orderId: bigint(), slot: count, quantity: count, notAfter: count })),
      taken: array(
        looseObject({
          at: number(),
          orderId: hash,
          slot: count,
          outcome: picklist(['dropped', 'failed']),
          cause: string(),
          counter: count,
          signature: hex,
          digest: hash,
        }),
      ),
    }),
  ),
})

const receipt = looseObject({
  id: string(),
  keyId: string(),
  network: string(),
  deviceId: hash,
  deviceName: string(),
  devicePublicKey: hex,
  at: number(),
  requestId: hex,
  action: count,
  status: string(),
  counter: count,
  orderId: amount,
  grantDigest: hash,
  logIndex: count,
  signature: hex,
  digest: hash,
})

const log = looseObject({ key: string(), leaves: bytes })

const lent = looseObject({
  id: string(),
  network: string(),
  deviceId: hash,
  name: string(),
  grant,
  code: string(),
  addedAt: number(),
})

const letting = looseObject({
  key: string(),
  offers: array(looseObject({ offerId: hash, terms, block: count, state: nullable(offerState) })),
  orders: array(
    looseObject({
      orderId: hash,
      order,
      block: count,
      at: number(),
      state: nullable(orderState),
      isOurs: optional(boolean()),
    }),
  ),
  kept: array(looseObject({ account: address, token: nullable(address), amount })),
  hasOpenHours: boolean(),
  evidence: nullable(evidence),
  readAt: nullable(number()),
  box: nullable(looseObject({ url: string(), key: hex, isOn: nullable(boolean()) })),
  making: array(looseObject({ offerId: hash, terms, paymentId: string() })),
  signing: record(string(), string()),
  signedAgain: optional(record(string(), string())),
})

export const keysTable = tableOf<KeyRecord>('keys', key, ({ id }) => id, true)
export const receiptsTable = tableOf<ReceiptRecord>('receipts', receipt, ({ id }) => id, true)
export const logsTable = tableOf<LogRecord>('logs', log, record => record.key, true)
export const lentTable = tableOf<LentRecord>('lent', lent, ({ id }) => id)
export const lettingTable = tableOf<LettingRecord>('letting', letting, record => record.key)
