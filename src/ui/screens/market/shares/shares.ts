// Who gets what of a price: percentages as they are typed, made into amounts that add up to the last unit.
import type { Address } from '../../../../core/bytes.ts'
import type { Share } from '../../../../core/registry/marketStatements.ts'
import { readAddress } from '../../../../core/wallet/address.ts'
import { readAmount } from '../../../i18n/amounts.ts'

/** As it is typed. */
export interface ShareDraft {
  readonly id: number
  readonly payee: string
  readonly percent: string
}

type ShareFault = 'payee' | 'payeeTwice' | 'percent' | 'nothing'

export interface SplitPrice {
  /** In the order of the drafts; null where one is all right. */
  readonly faults: readonly (ShareFault | null)[]
  /** Hundredths of a percent that are left to whoever gets the rest; below zero where too much was given away. */
  readonly left: number
  /** They add up to the price; null while they can't. */
  readonly shares: readonly Share[] | null
}

const WHOLE = 10_000
/** As many as an offer can have. */
export const maxShares = 16

/** Splits `price` (the smallest unit of its money) among the drafts; what is left is `rest`’s. */
export function splitPrice(price: bigint, rest: Address, drafts: readonly ShareDraft[]): SplitPrice {
  const read = drafts.map(draft => readDraft(draft))
  const left = read.reduce((sum, { points }) => sum - (points ?? 0), WHOLE)
  const faults = read.map(({ payee, points }, index): ShareFault | null => {
    if (payee === null) return 'payee'
    if (payee === rest || read.findIndex(other => other.payee === payee) < index) return 'payeeTwice'
    if (points === null || points === 0) return 'percent'
    return (price * BigInt(points)) / BigInt(WHOLE) === 0n ? 'nothing' : null
  })
  if (left < 0 || faults.some(fault => fault !== null)) return { faults, left, shares: null }
  const shares = read.flatMap(({ payee, points }) =>
    payee === null || points === null ? [] : [{ payee, amount: (price * BigInt(points)) / BigInt(WHOLE) }],
  )
  const missing = price - shares.reduce((sum, { amount }) => sum + amount, 0n)
  if (left > 0)
    return { faults, left, shares: missing > 0n ? [{ payee: rest, amount: missing }, ...shares] : null }
  // All of it was given away: what rounding left over is the first one’s.
  const [first, ...others] = shares
  return {
    faults,
    left,
    shares: first === undefined ? null : [{ ...first, amount: first.amount + missing }, ...others],
  }
}

function readDraft({ payee, percent }: ShareDraft) {
  const address = readAddress(payee)
  const points = readAmount(percent, 2)
  return {
    payee: address.ok ? address.value.address : null,
    points: points.ok && points.value <= BigInt(WHOLE) ? Number(points.value) : null,
  }
}
