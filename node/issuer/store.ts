// What the agent knows of offers and orders, and every grant that it has signed: on the disk before anything of it is sent.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Address, fromHex, type Hex, toHex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import type { OfferId, OfferTerms, Order, OrderId } from '../../src/core/registry/marketStatements.ts'
import { readSignedAgentIssuing, type SignedAgentIssuing } from '../../src/core/wallet/agentIssuing.ts'
import { readJsonIfThere } from '../files.ts'

/** Writes durably; what it is given replaces what was there. */
export type WriteFile = (path: string, content: string, mode?: number) => void

const hexOf = (digits: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x[0-9a-f]{${digits}}$`)),
    v.transform(text => text as Hex),
  )
const bytes = v.pipe(
  v.string(),
  v.regex(/^0x([0-9a-f]{2})*$/),
  v.transform(text => fromHex(text) ?? new Uint8Array()),
)
const bigint = v.pipe(
  v.string(),
  v.regex(/^\d{1,78}$/),
  v.transform(text => BigInt(text)),
)
const uint = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const orderSchema = v.object({
  offerId: hexOf(64),
  payer: hexOf(40),
  userKeyHash: hexOf(64),
  start: uint,
  quantity: uint,
  nonce: bigint,
  validUntil: uint,
}) satisfies v.GenericSchema<unknown, Order>

const grantSchema = v.object({
  /** uint32, as in Grant. */
  seq: uint,
  epoch: uint,
  userKeyHash: hexOf(64),
  /** r || s, 64 bytes. */
  signature: bytes,
})

const recordSchema = v.object({
  orderId: hexOf(64),
  order: orderSchema,
  /** One for each seq: with a seq nothing else is ever signed. */
  grants: v.array(grantSchema),
  /** Whether the first grant may be known to others: it is on its way to the chain. */
  isReleased: v.boolean(),
  /** The payer has bound it to another key, and no grant was signed for that one yet. */
  isRebound: v.boolean(),
  /** As proven last: null while something may be left to do; missed where the deadline has passed and nobody was refunded yet. */
  end: v.nullable(v.picklist(['fulfilled', 'refunded', 'missed'])),
})
export type OrderRecord = v.InferOutput<typeof recordSchema>
export type SignedGrant = v.InferOutput<typeof grantSchema>

const termsSchema = v.object({
  deviceId: hexOf(64),
  owner: hexOf(40),
  token: v.nullable(hexOf(40)),
  price: bigint,
  unit: v.picklist(['hour', 'night', 'stay', 'product']),
  isInstant: v.boolean(),
  slot: uint,
  maxQuantity: uint,
  slotHours: uint,
  startHour: uint,
  utcOffset: v.pipe(v.number(), v.safeInteger()),
  fulfilWithin: uint,
  weeklyHours: bytes,
  maxUses: uint,
  actions: uint,
  legalHash: hexOf(64),
  shares: v.array(v.object({ payee: hexOf(40), amount: bigint })),
}) satisfies v.GenericSchema<unknown, OfferTerms>

const deviceSchema = v.object({
  issuing: v.unknown(),
  /** Of each owner that the device has had. */
  versions: v.array(v.tuple([hexOf(40), uint])),
})

const offerSchema = v.object({ offerId: hexOf(64), terms: termsSchema })

const cursorSchema = v.object({
  /** The last block whose events were read, for all devices that `caughtUp` names. */
  block: v.pipe(v.number(), v.safeInteger(), v.minValue(-1)),
  caughtUp: v.array(hexOf(64)),
})
type Cursor = v.InferOutput<typeof cursorSchema>

/** A file can't be read. Nothing is signed by half of what is known. */
class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
}

export interface IssuerStore {
  readonly issuings: ReadonlyMap<DeviceId, SignedAgentIssuing>
  readonly offers: ReadonlyMap<OfferId, OfferTerms>
  readonly orders: ReadonlyMap<OrderId, OrderRecord>
  cursor(): Cursor
  /** The greatest version of what this owner has ever said of this device; 0 for nothing. */
  versionOf(deviceId: DeviceId, owner: Address): number
  /** When a device's owner was paid out last, Unix seconds. */
  withdrawnAt(deviceId: DeviceId): number
  putIssuing(issuing: SignedAgentIssuing): void
  putOffer(offerId: OfferId, terms: OfferTerms): void
  putOrder(record: OrderRecord): void
  putCursor(cursor: Cursor): void
  putWithdrawn(deviceId: DeviceId, at: number): void
}

/** Throws StoreDamaged where a file is not what it should be. */
export function openIssuerStore(directory: string, write: WriteFile): IssuerStore {
  const read = <S extends v.GenericSchema>(folder: string, schema: S): v.InferOutput<S>[] => {
    const place = join(directory, folder)
    mkdirSync(place, { recursive: true, mode: 0o700 })
    // A file that was being written when the process ended has another ending, and is not yet of any importance.
    const names = readdirSync(place).filter(name => name.endsWith('.json'))
    return names.map(name => readOne(join(place, name), schema))
  }
  const put = (path: string, value: unknown) => write(join(directory, path), `${toText(value)}\n`, 0o600)
  const versions = new Map<DeviceId, ReadonlyMap<Address, number>>()
  const issuings = new Map(
    read('devices', deviceSchema).map(({ issuing, versions: [...passed] }) => {
      const signed = readSignedAgentIssuing(issuing)
      if (!signed.ok) throw new StoreDamaged(`${directory}: ${signed.error.detail}`)
      versions.set(signed.value.deviceId, new Map(passed))
      return [signed.value.deviceId, signed.value] as const
    }),
  )
  const offers: Map<OfferId, OfferTerms> = new Map(
    read('offers', offerSchema).map(({ offerId, terms }) => [offerId, terms] as const),
  )
  const orders = new Map(read('orders', recordSchema).map(record => [record.orderId, record] as const))
  const cursorFile = join(directory, 'cursor.json')
  let cursor = readJsonIfThere(cursorFile) === undefined ? start : readOne(cursorFile, cursorSchema)
  let writtenTo = cursor.block
  const withdrawalsFile = join(directory, 'withdrawals.json')
  let withdrawals: Readonly<Record<string, number>> =
    readJsonIfThere(withdrawalsFile) === undefined ? {} : readOne(withdrawalsFile, v.record(v.string(), uint))
  return {
    issuings,
    offers,
    orders,
    cursor: () => cursor,
    withdrawnAt: deviceId => withdrawals[deviceId] ?? 0,
    versionOf: (deviceId, owner) => versions.get(deviceId)?.get(owner) ?? 0,
    putIssuing(issuing) {
      const { deviceId, owner, version } = issuing
      const passed = new Map(versions.get(deviceId)).set(owner, version)
      put(`devices/${deviceId}.json`, { issuing, versions: [...passed] })
      versions.set(deviceId, passed)
      issuings.set(issuing.deviceId, issuing)
    },
    putOffer(offerId, terms) {
      put(`offers/${offerId}.json`, { offerId, terms })
      offers.set(offerId, terms)
    },
    putOrder(record) {
      put(`orders/${record.orderId}.json`, record)
      orders.set(record.orderId, record)
    },
    putCursor(next) {
      // A little behind costs one longer look after a restart, and saves a write for every block.
      const isDue = Math.abs(next.block - writtenTo) >= 64 || next.caughtUp.length !== cursor.caughtUp.length
      cursor = next
      if (!isDue) return
      put('cursor.json', next)
      writtenTo = next.block
    },
    putWithdrawn(deviceId, at) {
      const next = { ...withdrawals, [deviceId]: at }
      put('withdrawals.json', next)
      withdrawals = next
    },
  }
}

const start: Cursor = { block: -1, caughtUp: [] }

function readOne<S extends v.GenericSchema>(path: string, schema: S): v.InferOutput<S> {
  const parsed = v.safeParse(schema, readJsonIfThere(path))
  if (!parsed.success) throw new StoreDamaged(`${path} is damaged: ${parsed.issues[0].message}`)
  return parsed.output
}

const toText = (value: unknown): string =>
  JSON.stringify(
    value,
    (_key, member) => {
      if (member instanceof Uint8Array) return toHex(member)
      return typeof member === 'bigint' ? `${member}` : member
    },
    1,
  )
