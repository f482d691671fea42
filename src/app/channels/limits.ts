// How much may be signed away without asking again: by file and by day, as the person set it for this network's coin.
import type { NetworkConfig } from '../../core/network.ts'
import { parseAmount } from '../../core/wallet/rules.ts'
import type { PayingLimits } from './channels.ts'

interface Values {
  get<T>(key: string): Promise<T | undefined>
  put(key: string, value: unknown): Promise<void>
}

/** Amounts mean something else on another chain. */
const keyOf = ({ chain }: NetworkConfig): string => `payingLimits/${chain.id}`

/** A thousandth of a coin for a file, five for a day, until the person says otherwise. */
function defaultLimits({ chain }: NetworkConfig): PayingLimits {
  const thousandth = 10n ** BigInt(Math.max(0, chain.currency.decimals - 3))
  return { perFile: thousandth, perDay: 5n * thousandth }
}

export async function keptLimits(values: Values, config: NetworkConfig): Promise<PayingLimits> {
  const kept = await values.get<{ readonly perFile?: string; readonly perDay?: string }>(keyOf(config))
  const perFile = parseAmount(kept?.perFile ?? '')
  const perDay = parseAmount(kept?.perDay ?? '')
  return perFile === undefined || perDay === undefined ? defaultLimits(config) : { perFile, perDay }
}

export const storeLimits = (
  values: Values,
  config: NetworkConfig,
  { perFile, perDay }: PayingLimits,
): Promise<void> => values.put(keyOf(config), { perFile: `${perFile}`, perDay: `${perDay}` })
