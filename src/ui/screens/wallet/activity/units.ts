// What the network's money is called: the coin and the listed tokens.

import type { Address } from '../../../../core/bytes.ts'
import type { NetworkConfig } from '../../../../core/network.ts'
import type { Amount } from '../../../../core/wallet/sentence.ts'
import { useFob } from '../../../fobContext.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { useReadable } from '../../../useReadable.ts'

export interface Units {
  /** The coin first. */
  readonly all: readonly Omit<Amount, 'value'>[]
  /** An amount of it; a token that is no longer listed shows its address for a symbol. */
  amount(token: Address | null, value: bigint): Amount
}

function unitsOf(config: NetworkConfig | null): Units {
  const { symbol, decimals } = config?.chain.currency ?? { symbol: '', decimals: 18 }
  const coin = { token: null, symbol, decimals }
  const tokens = (config?.chain.tokens ?? []).map(token => ({
    token: token.address,
    symbol: token.symbol,
    decimals: token.decimals,
  }))
  const all = [coin, ...tokens]
  return {
    all,
    amount(token, value) {
      const unit = all.find(each => each.token === token)
      return unit ? { ...unit, value } : { token, symbol: shortHash(token ?? ''), decimals: 0, value }
    },
  }
}

export function useUnits(): Units {
  const network = useReadable(useFob().network)
  return unitsOf(network.status === 'ready' ? network.config : null)
}
