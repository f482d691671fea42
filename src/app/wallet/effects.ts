// What a simulated call would change, as holdings before and after.
import type { Address } from '../../core/bytes.ts'
import type { NetworkConfig } from '../../core/network.ts'
import type { Simulation } from '../ports/walletChain.ts'
import type { AccountRecord } from '../ports/walletStore.ts'
import type { AccountId, Effect } from './wallet.ts'
import { unitKey, unitOf } from './walletNetwork.ts'

/**
 * Of accounts of ours, in units that the network lists. `held`: what the sender has to spend now; of the others, what was
 * last read.
 */
export function effectsOf(
  changes: NonNullable<Simulation['changes']>,
  accounts: ReadonlyMap<AccountId, AccountRecord>,
  sender: Address,
  held: ReadonlyMap<string, bigint>,
  config: NetworkConfig,
): readonly Effect[] {
  return changes.flatMap(({ account, token, change }) => {
    const unit = unitOf(config, token)
    const owner = [...accounts].find(([, record]) => record.address === account)
    if (!unit || !owner || change === 0n) return []
    const [id, record] = owner
    const key = unitKey(token)
    const read = record.balances?.[key]
    const value = account === sender ? held.get(key) : read === undefined ? undefined : BigInt(read)
    if (value === undefined) return []
    return [{ account, id, before: { ...unit, value }, after: { ...unit, value: value + change } }]
  })
}
