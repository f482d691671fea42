// Which of our device accounts an address is: found by deriving, since only the words know.
import type { Address } from '../../../core/bytes.ts'
import { ok, type Result } from '../../../core/result.ts'
import type { VaultLocked } from '../../ports/vault.ts'
import type { OwnershipParts } from './parts.ts'

/** Indices that are looked at beyond the highest that was found (as BIP-44's gap limit, but for accounts that were given away). */
const GAP = 40

/** null where none of the addresses within the gap is it: another wallet made that account. */
export async function findAccountIndex(
  parts: Pick<OwnershipParts, 'vault'>,
  account: Address,
): Promise<Result<number | null, VaultLocked>> {
  const found = await findAccountIndices(parts, new Set([account]))
  return found.ok ? ok(found.value.get(account) ?? null) : found
}

/** By address, of those that were found. */
export async function findAccountIndices(
  { vault }: Pick<OwnershipParts, 'vault'>,
  accounts: ReadonlySet<Address>,
): Promise<Result<ReadonlyMap<Address, number>, VaultLocked>> {
  const found = new Map<Address, number>()
  for (let index = 0, end = GAP; index < end && found.size < accounts.size; index++) {
    const derived = await vault.address({ kind: 'device', index })
    if (!derived.ok) return derived
    if (!accounts.has(derived.value)) continue
    found.set(derived.value, index)
    end = index + 1 + GAP
  }
  return ok(found)
}
