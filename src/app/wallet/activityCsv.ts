// Movements of an account as a table for other programs.
import type { Address } from '../../core/bytes.ts'
import { csv } from '../../core/csv.ts'
import type { Movement } from '../ports/walletChain.ts'

/** What the table needs to know of a unit: the chain's coin (null) or a token. */
export interface CsvUnit {
  readonly symbol: string
  readonly decimals: number
}

/** Ten columns, one row for each movement, newest first as given; times in ISO 8601 (UTC), amounts exact with a point. */
export function activityCsv(
  movements: readonly Movement[],
  heads: readonly string[],
  unitOf: (token: Address | null) => CsvUnit,
  nameOf: (address: Address) => string | null,
): string {
  const rows = movements.map(movement => {
    const { at, block, transaction, direction, token, amount, counterparty, fee, succeeded } = movement
    const unit = unitOf(token)
    return [
      new Date(at * 1000).toISOString(),
      String(block),
      transaction ?? '',
      direction,
      decimal(amount, unit.decimals),
      unit.symbol,
      counterparty ?? '',
      (counterparty && nameOf(counterparty)) ?? '',
      decimal(fee, unitOf(null).decimals),
      succeeded ? 'yes' : 'no',
    ]
  })
  return csv([heads, ...rows])
}

function decimal(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const rest = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '')
  return rest === '' ? whole : `${whole}.${rest}`
}
