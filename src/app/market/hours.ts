// Which hours of a device are for sale, and which are taken: read by proof, word by word of its calendar.
import type { DeviceId } from '../../core/identity.ts'
import { type HourRange, type HoursWord, wordsOf } from '../../core/registry/deviceHours.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { HoursReading, OfferFailure } from './market.ts'
import type { MarketParts } from './parts.ts'

const CLOSED: HoursWord = { open: 0n, booked: 0n }
/** Two years: more is not asked for at once. */
const MAX_WORDS = 140

export async function readHours(
  { chain: openChain }: Pick<MarketParts, 'chain'>,
  deviceId: DeviceId,
  range: HourRange,
): Promise<Result<HoursReading, OfferFailure>> {
  const chain = await openChain()
  if (!chain) return fail({ kind: 'notOnThisNetwork' })
  const words = wordsOf(range)
    .map(({ word }) => word)
    .slice(0, MAX_WORDS)
  const reading = await chain.read({ hours: { deviceId, words } })
  if (!reading.ok) return reading
  const { hours, evidence } = reading.value
  return ok({ wordAt: word => hours.get(word) ?? CLOSED, evidence })
}
