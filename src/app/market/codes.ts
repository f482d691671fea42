// What a scanned or pasted text is: one of our codes about locks, or a link to an offer.
import type { Hex } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import {
  decodeAskCode,
  decodeBoxCode,
  decodeKeyCode,
  decodeOfferCode,
  decodeOrderCode,
  encodeOfferCode,
} from '../../core/wallet/keyCodes.ts'
import { registryDomain } from '../wallet/ownership/meet.ts'
import type { OfferReference, ScannedCode } from './market.ts'
import { type MarketParts, marketDomain } from './parts.ts'

type Parts = Pick<MarketParts, 'config'>

export function readMarketCode(
  parts: Parts,
  text: string,
): Result<ScannedCode, { readonly kind: 'notAMarketCode' } | { readonly kind: 'otherNetwork' }> {
  const market = marketDomain(parts)
  const registry = registryDomain(parts)
  const isOurMarket = (domain: { readonly chainId: number; readonly market: Hex }) =>
    domain.chainId === market?.chainId && domain.market === market.market
  const isOurRegistry = (domain: { readonly chainId: number; readonly registry: Hex }) =>
    domain.chainId === registry?.chainId && domain.registry === registry.registry
  const offer = decodeOfferCode(text)
  if (offer) {
    const reference = { offerId: offer.offerId, block: offer.block === 0 ? null : offer.block }
    return isOurMarket(offer.domain) ? ok({ kind: 'offer', reference }) : fail({ kind: 'otherNetwork' })
  }
  const key = decodeKeyCode(text)
  if (key) return isOurRegistry(key.domain) ? ok({ kind: 'key' }) : fail({ kind: 'otherNetwork' })
  const order = decodeOrderCode(text)
  if (order) return isOurMarket(order.domain) ? ok({ kind: 'key' }) : fail({ kind: 'otherNetwork' })
  const ask = decodeAskCode(text)
  if (ask)
    return isOurRegistry(ask.domain)
      ? ok({ kind: 'request', userKeyHash: ask.userKeyHash })
      : fail({ kind: 'otherNetwork' })
  const url = decodeBoxCode(text)
  if (url !== undefined) return ok({ kind: 'box', url })
  // The chain is whatever this app's host says: the terms hash to the id, wherever they come from.
  const link = /\/offer\/(0x[0-9a-f]{64})(?:\?b=(\d{1,15}))?(?:$|[#&\s])/i.exec(text)
  if (!link?.[1]) return fail({ kind: 'notAMarketCode' })
  const offerId: Hex = `0x${link[1].slice(2).toLowerCase()}`
  return ok({ kind: 'offer', reference: { offerId, block: link[2] === undefined ? null : Number(link[2]) } })
}

export function offerCode(parts: Parts, { offerId, block }: OfferReference): { text: string; path: string } {
  const domain = marketDomain(parts)
  if (!domain) throw new Error('an offer without a Market')
  return {
    text: encodeOfferCode({ domain, offerId, block: block ?? 0 }),
    path: `/offer/${offerId}${block === null ? '' : `?b=${block}`}`,
  }
}
