// Which network a record of the wallet is of, and what its money is called.
import type { Address } from '../../core/bytes.ts'
import type { NetworkConfig } from '../../core/network.ts'
import type { Amount } from '../../core/wallet/sentence.ts'

/** Two registries on one chain know different owners: their records must not mix. */
export const networkOf = ({ chain }: NetworkConfig): string =>
  `${chain.id}/${chain.contracts?.deviceRegistry ?? 'none'}`

/** Milliseconds until what somebody waits for is looked at again: once for each block, where blocks come that fast; at most `slowest`. */
export const everyBlock = ({ chain }: NetworkConfig, slowest: number): number =>
  Math.min(slowest, Math.max(1_000, 1_000 * (chain.blockSeconds ?? Number.POSITIVE_INFINITY)))

export type Unit = Omit<Amount, 'value'>

export const coinUnit = ({ chain }: NetworkConfig): Unit => ({ token: null, ...chain.currency })

const tokenUnits = ({ chain }: NetworkConfig): readonly Unit[] =>
  (chain.tokens ?? []).map(({ address, symbol, decimals }) => ({ token: address, symbol, decimals }))

/** The coin first, then the tokens in the order of the network's list. */
export const unitsOf = (config: NetworkConfig): readonly Unit[] => [coinUnit(config), ...tokenUnits(config)]

export const unitOf = (config: NetworkConfig, token: Address | null): Unit | undefined =>
  unitsOf(config).find(unit => unit.token === token)

export const tokensOf = ({ chain }: NetworkConfig): readonly Address[] =>
  (chain.tokens ?? []).map(({ address }) => address)

/** How a unit is called in records of balances. */
export const unitKey = (token: Address | null): string => token ?? 'coin'
