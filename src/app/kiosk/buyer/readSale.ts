// A kiosk's code, read and proven: what is sold, for how much, to whom, and which ways of paying would do.
import { type CatalogueProduct, checkCatalogue, termsOfProduct } from '../../../core/kiosk/catalogue.ts'
import { decodeSaleCode, type SaleCode } from '../../../core/kiosk/codes.ts'
import { signedUntil } from '../../../core/kiosk/sale.ts'
import type { MarketDomain } from '../../../core/lock/grant.ts'
import { type OfferTerms, offerIdOf } from '../../../core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { amountIn, marketDomain } from '../../market/parts.ts'
import type { BuyerParts } from './buyerParts.ts'
import type { SaleRequest, SoldProduct } from './saleBuyer.ts'

/** Seconds: a kiosk waits some minutes for a payment; the rest is for clocks that differ. */
const LONGEST_SALE = 3600

/** The terms hash to the code's id; whether it is for sale is proven. */
export async function readSale(parts: BuyerParts, text: string): Promise<Result<SaleRequest, Failure>> {
  const { config, wallet } = parts
  const code = decodeSaleCode(text)
  const domain = marketDomain(parts)
  // Whoever holds a signed order can put its money aside until it ends: no kiosk waits for years.
  if (!code || code.until > parts.platform.unixNow() + LONGEST_SALE) return fail({ kind: 'codeMalformed' })
  if (code.domain.chainId !== domain?.chainId || code.domain.market !== domain.market)
    return fail({ kind: 'codeForOther' })
  const chain = await parts.chainAt('final')
  const found = await chain.findOffer(code.offerId, code.offerBlock === 0 ? null : code.offerBlock)
  if (!found.ok) return found
  if (found.value?.terms.unit !== 'product') return fail({ kind: 'offerNotFound' })
  const { terms } = found.value
  // Of a token that this network does not list nobody here knows what an amount of it means.
  const isListed = config().chain.tokens?.some(({ address }) => address === terms.token) === true
  if (terms.token !== null && !isListed) return fail({ kind: 'tokenUnknown', detail: terms.token })
  const account = wallet.owner.get()?.address
  const purse = account ? [{ account, token: terms.token }] : []
  const [reading, device, product] = await Promise.all([
    chain.read({ offers: [code.offerId], prepaid: purse }),
    (await parts.walletChain()).readDevice(terms.deviceId),
    productOf(parts, domain, code, terms),
  ])
  if (!reading.ok) return reading
  if (!device.ok) return device
  const offer = reading.value.offers.get(code.offerId)
  const { record } = device.value
  const isOurs = record?.counter === offer?.counter && record?.report === 'none'
  const total = terms.price * BigInt(code.quantity)
  const [prepaid] = reading.value.prepaid
  const validUntil = signedUntil({ until: code.until, terms })
  const isEnough =
    prepaid !== undefined &&
    prepaid.amount >= total &&
    (prepaid.withdrawableAt === 0 || prepaid.withdrawableAt > validUntil)
  const amount = (value: bigint) => amountIn(config(), terms.token, value)
  const isInstant = code.ways.instant && terms.token === null
  return ok({
    code: text,
    deviceId: terms.deviceId,
    terms,
    quantity: code.quantity,
    product,
    total: amount(total),
    until: code.until,
    state: !isOurs || !offer || offer.status === 'unknown' ? 'ended' : offer.status,
    evidence: reading.value.evidence,
    order: code.ways.order,
    instant: isInstant ? { prepaid: amount(prepaid?.amount ?? 0n), isEnough } : null,
  })
}

/** Milliseconds: whoever stands before a machine pays without its name rather than wait for a box that is away. */
const BOX_PATIENCE = 3_000

/** Of the catalogue that the account which offers it has signed. */
async function productOf(
  { ports, platform }: BuyerParts,
  domain: MarketDomain,
  { boxUrl, offerId }: SaleCode,
  { deviceId, owner }: OfferTerms,
): Promise<SoldProduct | null> {
  if (boxUrl === null) return null
  const late = new Promise<null>(resolve => platform.timer.after(BOX_PATIENCE, () => resolve(null)))
  const found = await Promise.race([ports.box.catalogue(boxUrl, deviceId), late])
  if (!found?.ok || found.value === null) return null
  const checked = checkCatalogue(domain, found.value, { deviceId, owner, version: 0 })
  if (!checked.ok) return null
  const isIt = (product: CatalogueProduct) => offerIdOf(termsOfProduct(checked.value, product)) === offerId
  const product = checked.value.products.find(isIt)
  return product ? { name: product.name, note: product.note, picture: product.picture } : null
}
