// An offer as anybody can see it: terms by their hash, state by proof, who signs and who could open.
import { bytesEqual } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { DeviceConfig } from '../../core/registry/deviceStatements.ts'
import type { OfferStorage } from '../../core/registry/marketState.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { FoundOffer, MarketChain } from '../ports/marketChain.ts'
import type { DeviceReading } from '../ports/walletChain.ts'
import type { OfferFailure, OfferReference, OfferState, OfferView, Signer } from './market.ts'
import { amountIn, type MarketParts, marketDomain } from './parts.ts'

type OfferParts = Pick<MarketParts, 'config' | 'chain' | 'walletChain' | 'services'>

export async function readOffer(
  parts: OfferParts,
  { offerId, block }: OfferReference,
): Promise<Result<OfferView, OfferFailure>> {
  const chain = await parts.chain()
  if (!chain) return fail({ kind: 'notOnThisNetwork' })
  const found = await chain.findOffer(offerId, block)
  if (!found.ok) return found
  if (!found.value) return fail({ kind: 'offerNotFound' })
  const views = await viewsOf(parts, chain, found.value.terms.deviceId, [found.value])
  if (!views.ok) return views
  const [view] = views.value
  return view ? ok(view) : fail({ kind: 'offerNotFinal' })
}

export async function offersOf(
  parts: OfferParts,
  deviceId: DeviceId,
): Promise<Result<readonly OfferView[], OfferFailure>> {
  const chain = await parts.chain()
  if (!chain) return fail({ kind: 'notOnThisNetwork' })
  const found = await chain.offersOf(deviceId)
  return found.ok ? viewsOf(parts, chain, deviceId, found.value) : found
}

/** What is proven not to be there, or not to be final yet, is left out. */
async function viewsOf(
  parts: OfferParts,
  chain: MarketChain,
  deviceId: DeviceId,
  found: readonly FoundOffer[],
): Promise<Result<readonly OfferView[], OfferFailure>> {
  const [device, reading, filed, finality] = await Promise.all([
    (await parts.walletChain()).readDevice(deviceId),
    chain.read({ offers: found.map(({ offerId }) => offerId) }),
    chain.filedConfig(deviceId),
    chain.finalitySeconds(),
  ])
  if (!device.ok) return device
  if (!reading.ok) return reading
  const { record, config } = device.value
  const told = filed.ok ? filed.value : null
  const text = told?.config ?? null
  const signer = config && record ? await signerOf(parts, deviceId, config.issuerKey) : null
  const attestors = config === null ? null : text === null ? 'unknown' : openersOf(text)
  return ok(
    found.flatMap(({ offerId, terms }) => {
      const storage = reading.value.offers.get(offerId)
      if (!storage || storage.status === 'unknown') return []
      return [
        {
          offerId,
          terms,
          price: amountIn(parts.config(), terms.token, terms.price),
          state: stateOf({ storage, device: device.value, filed: text, parts, isInstant: terms.isInstant }),
          sold: storage.sold,
          evidence: reading.value.evidence,
          signer,
          attestors,
          areAttestorsProven: config === null || told?.isProven === true,
          finalitySeconds: finality.ok ? finality.value : null,
        },
      ]
    }),
  )
}

interface StateFacts {
  readonly storage: OfferStorage
  readonly device: Pick<DeviceReading, 'record' | 'config'>
  readonly filed: DeviceConfig | null
  readonly parts: Pick<MarketParts, 'config'>
  readonly isInstant: boolean
}

function stateOf({ storage, device, filed, parts, isInstant }: StateFacts): OfferState {
  const { record, config } = device
  if (record?.counter !== storage.counter || record.report !== 'none') return 'ended'
  if (storage.status === 'paused') return 'paused'
  if (!config || config.market !== marketDomain(parts)?.market) return 'unfulfillable'
  return isInstant && filed && openersOf(filed) === null ? 'unfulfillable' : 'live'
}

const openersOf = ({ attestors: { threshold, keys, mayOpen } }: Pick<DeviceConfig, 'attestors'>) =>
  mayOpen === true && threshold > 0 ? { threshold, of: keys.length } : null

/** null where somebody that the network names could not be asked, and nobody else said that the key is his. */
async function signerOf(
  { config, services }: OfferParts,
  deviceId: DeviceId,
  issuerKey: Uint8Array,
): Promise<Signer | null> {
  const agents = config().agents ?? []
  const states = await Promise.all(agents.map(({ url }) => services.boxState(url, deviceId)))
  const found = agents.find((_, i) => {
    const state = states[i]
    return state?.ok && bytesEqual(state.value.key, issuerKey)
  })
  if (found) return { kind: 'agent', name: found.name }
  return states.every(state => state.ok || state.error.kind === 'serviceRefused') ? { kind: 'owner' } : null
}
