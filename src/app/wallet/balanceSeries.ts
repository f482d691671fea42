// The course of a balance, for a small plot: walked back from what there is now, movement by movement.
import type { Address } from '../../core/bytes.ts'
import type { Movement } from '../ports/walletChain.ts'

export interface BalancePoint {
  /** Unix seconds. */
  readonly at: number
  /** After what happened then. */
  readonly balance: bigint
}

/**
 * Oldest first; `movements` newest first. `token` null is the chain's coin, which pays the fees too. The first point is
 * what there was before the oldest movement, one second earlier; empty without movements.
 */
export function balanceSeries(
  movements: readonly Movement[],
  token: Address | null,
  balanceNow: bigint,
): readonly BalancePoint[] {
  const points: BalancePoint[] = []
  let balance = balanceNow
  let oldest: number | null = null
  for (const movement of movements) {
    const change = changeOf(movement, token)
    if (change === 0n) continue
    points.push({ at: movement.at, balance })
    balance -= change
    oldest = movement.at
  }
  if (oldest !== null) points.push({ at: oldest - 1, balance })
  return points.reverse()
}

/** What a movement did to the balance of one unit: the amount, and for the coin the fee. */
export function changeOf(movement: Movement, token: Address | null): bigint {
  const { direction, amount, fee, succeeded } = movement
  const own = movement.token === token && succeeded ? (direction === 'in' ? amount : -amount) : 0n
  return token === null ? own - fee : own
}
