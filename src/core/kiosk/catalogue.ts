// What a kiosk sells, as its owner signed it: products with their terms, depths, limits. A newer one replaces the last.
import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { type Address, fromHex, type Hex, toHex, utf8 } from '../bytes.ts'
import { hashTypedData, type TypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import { hasInvisible } from '../invisible.ts'
import type { MarketDomain } from '../lock/grant.ts'
import type { OfferTerms } from '../registry/marketStatements.ts'
import { fail, ok, type Result } from '../result.ts'
import { signerOf } from '../wallet/accountSignature.ts'
import { catalogueFault } from './catalogueRules.ts'
import type { Depth, PaidBy } from './sale.ts'

/** In each language of the app; English stands in where a text is empty. */
export interface KioskText {
  readonly en: string
  readonly zh: string
}

export interface CatalogueProduct {
  /** 0 to 99: its place in the Till. */
  readonly number: number
  readonly slot: number
  readonly name: KioskText
  readonly note: KioskText
  /** CID of its picture; null for none. */
  readonly picture: string | null
  readonly price: bigint
  /** null: the chain's coin. */
  readonly token: Address | null
  readonly maxQuantity: number
  /** Seconds from the payment to its refund, if nothing drops. */
  readonly fulfilWithin: number
  readonly legalHash: Hex
  readonly shares: OfferTerms['shares']
}

export interface CatalogueContent {
  readonly title: KioskText
  readonly products: readonly CatalogueProduct[]
  /** Where any wallet pays; null: nowhere. */
  readonly till: Address | null
  /** For the coin (without a token) and each token in ascending order of `upTo`, in its smallest unit: dearer sales wait for finality. */
  readonly depths: readonly { readonly upTo: bigint; readonly depth: number; readonly token?: Address }[]
  readonly ways: readonly PaidBy[]
  /** What the owner risks by selling on signatures, in the coin's smallest unit: in one sale, of one buyer, in all. */
  readonly instant: { readonly perSale: bigint; readonly perBuyer: bigint; readonly open: bigint }
}

export interface Catalogue extends CatalogueContent {
  /** The account that owns the device; its offers are by it. */
  readonly owner: Address
  readonly deviceId: DeviceId
  /** uint48, from 1. */
  readonly version: number
}

/** As it is signed, sent and stored. `content` is JSON, hashed as it stands. */
export interface SignedCatalogue {
  readonly owner: Address
  readonly deviceId: DeviceId
  readonly version: number
  readonly content: string
  /** The owner account's: r || s || v, 65 bytes. */
  readonly signature: Hex
}

export type CatalogueRefusal =
  | { readonly kind: 'catalogueMalformed'; readonly detail: string }
  /** Of another device, or by somebody who does not own it. */
  | { readonly kind: 'catalogueForOther'; readonly detail: string }
  | { readonly kind: 'catalogueNotSigned'; readonly detail: string }
  | { readonly kind: 'catalogueOlder'; readonly detail: string }

/** Characters of `content`: a hundred products with long names. */
const MAX_CATALOGUE_CONTENT = 131_072

const TYPES = {
  KioskCatalogue: [
    { name: 'owner', type: 'address' },
    { name: 'deviceId', type: 'bytes32' },
    { name: 'version', type: 'uint48' },
    { name: 'products', type: 'uint16' },
    { name: 'contentHash', type: 'bytes32' },
  ],
} as const

/**
 * In the domain {name: 'Fob', version: '1', chainId, verifyingContract: market}: `KioskCatalogue(address owner,bytes32
 * deviceId,uint48 version,uint16 products,bytes32 contentHash)`, the hash being SHA-256 of the content in UTF-8.
 */
export function catalogueTypedData(
  { chainId, market }: MarketDomain,
  { owner, deviceId, version, content }: Omit<SignedCatalogue, 'signature'>,
): TypedData {
  const products = readContent(content)
  return {
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: market },
    types: TYPES,
    primaryType: 'KioskCatalogue',
    message: {
      owner,
      deviceId,
      version,
      products: products.ok ? products.value.products.length : 0,
      contentHash: toHex(sha256(utf8(content))),
    },
  }
}

/** For whom a catalogue is taken. Who owns the device is for the chain to say. */
export interface CatalogueHolder {
  readonly deviceId: DeviceId
  readonly owner: Address
  /** Of the one that it holds; 0 for none. */
  readonly version: number
}

/** Whole, signed by the device's owner, newer than what is held, and without contradictions. */
export function checkCatalogue(
  domain: MarketDomain,
  signed: SignedCatalogue,
  holder: CatalogueHolder,
): Result<Catalogue, CatalogueRefusal> {
  const { owner, deviceId, version } = signed
  if (deviceId !== holder.deviceId) return fail({ kind: 'catalogueForOther', detail: 'another device' })
  if (owner !== holder.owner) return fail({ kind: 'catalogueForOther', detail: `by ${owner}` })
  const content = readContent(signed.content)
  if (!content.ok) return content
  const digest = hashTypedData(catalogueTypedData(domain, signed))
  if (signerOf(digest, fromHex(signed.signature) ?? new Uint8Array()) !== owner) {
    return fail({ kind: 'catalogueNotSigned', detail: `by ${owner}` })
  }
  if (version <= holder.version) {
    return fail({ kind: 'catalogueOlder', detail: `${version}, and ${holder.version} is held` })
  }
  const fault = catalogueFault(content.value)
  if (fault !== null) return fail({ kind: 'catalogueMalformed', detail: fault })
  return ok({ owner, deviceId, version, ...content.value })
}

/** The offer that a product is sold under: the same terms as were offered on chain, or nobody can pay. */
export const termsOfProduct = (
  { owner, deviceId }: Pick<Catalogue, 'owner' | 'deviceId'>,
  { slot, price, token, maxQuantity, fulfilWithin, legalHash, shares }: CatalogueProduct,
): OfferTerms => ({
  deviceId,
  owner,
  token,
  price,
  unit: 'product',
  isInstant: false,
  slot,
  maxQuantity,
  slotHours: 0,
  startHour: 0,
  utcOffset: 0,
  fulfilWithin,
  weeklyHours: new Uint8Array(21),
  maxUses: 0,
  actions: 0,
  legalHash,
  shares,
})

/** How deep a payment has to lie. */
export function depthFor(
  { depths }: Pick<CatalogueContent, 'depths'>,
  { token }: CatalogueProduct,
  total: bigint,
): Depth {
  return depths.find(each => (each.token ?? null) === token && total <= each.upTo)?.depth ?? 'final'
}

/** JSON with amounts as decimal text; the same value gives the same text. */
export function writeContent(content: CatalogueContent): string {
  const { title, products, till, depths, ways, instant } = content
  return JSON.stringify({
    title: textOf(title),
    products: products.map(product => ({
      number: product.number,
      slot: product.slot,
      name: textOf(product.name),
      note: textOf(product.note),
      picture: product.picture,
      price: `${product.price}`,
      token: product.token,
      maxQuantity: product.maxQuantity,
      fulfilWithin: product.fulfilWithin,
      legalHash: product.legalHash,
      shares: product.shares.map(({ payee, amount }) => ({ payee, amount: `${amount}` })),
    })),
    till,
    depths: depths.map(({ upTo, ...rest }) => ({ upTo: `${upTo}`, ...rest })),
    ways,
    instant: {
      perSale: `${instant.perSale}`,
      perBuyer: `${instant.perBuyer}`,
      open: `${instant.open}`,
    },
  })
}

const textOf = ({ en, zh }: KioskText) => ({ en, zh })

export function readContent(content: string): Result<CatalogueContent, CatalogueRefusal> {
  if (content.length > MAX_CATALOGUE_CONTENT) return malformed(`${content.length} characters`)
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch {
    return malformed('not JSON')
  }
  const parsed = v.safeParse(contentSchema, json)
  return parsed.success ? ok(parsed.output) : malformed(issueOf(parsed.issues))
}

/** As it comes from a box: nothing of it is believed yet. */
export function readSignedCatalogue(json: unknown): Result<SignedCatalogue, CatalogueRefusal> {
  const parsed = v.safeParse(signedSchema, json)
  return parsed.success ? ok(parsed.output) : malformed(issueOf(parsed.issues))
}

const malformed = (detail: string) => fail({ kind: 'catalogueMalformed' as const, detail })

type Issues = readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]
const issueOf = ([issue]: Issues): string => `${v.getDotPath(issue) ?? 'the catalogue'}: ${issue.message}`

const hex = (digits: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x[0-9a-f]{${digits}}$`)),
    v.transform(text => text as Hex),
  )
const amount = v.pipe(
  v.string(),
  v.regex(/^(0|[1-9]\d{0,28})$/),
  v.transform(text => BigInt(text)),
)
const uint = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max))
/** No control characters, nor any that turn the line around. */
const plain = (max: number) =>
  v.pipe(
    v.string(),
    v.maxLength(max),
    v.check(text => !hasInvisible(text), 'has invisible characters'),
  )
const text = (max: number) => v.strictObject({ en: plain(max), zh: plain(max) })

const productSchema = v.strictObject({
  number: uint(99),
  slot: uint(255),
  name: text(60),
  note: text(300),
  picture: v.nullable(v.pipe(v.string(), v.regex(/^[a-zA-Z0-9]{46,100}$/))),
  price: amount,
  token: v.nullable(hex(40)),
  maxQuantity: uint(65_535),
  fulfilWithin: uint(86_400),
  legalHash: hex(64),
  shares: v.pipe(v.array(v.strictObject({ payee: hex(40), amount })), v.maxLength(16)),
})

const contentSchema = v.strictObject({
  title: text(60),
  products: v.pipe(v.array(productSchema), v.maxLength(100)),
  till: v.nullable(hex(40)),
  depths: v.pipe(
    v.array(v.strictObject({ upTo: amount, depth: uint(1000), token: v.exactOptional(hex(40)) })),
    v.maxLength(16),
  ),
  ways: v.pipe(v.array(v.picklist(['till', 'order', 'instant'])), v.maxLength(3)),
  instant: v.strictObject({ perSale: amount, perBuyer: amount, open: amount }),
})

const signedSchema = v.strictObject({
  owner: hex(40),
  deviceId: hex(64),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 48 - 1)),
  content: v.pipe(v.string(), v.maxLength(MAX_CATALOGUE_CONTENT)),
  signature: hex(130),
})
