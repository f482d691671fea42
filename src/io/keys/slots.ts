// Write, verify, swap: two slots and a pointer, so that an interrupted change leaves the vault as it was.
import type { StorageFailure } from '../../app/ports/vault.ts'
import { type Bytes, bytesEqual } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { readVault, type SealedVault, type VaultFileError } from '../../core/wallet/vaultFile.ts'
import { type KeyStore, stored } from './keyDatabase.ts'

export interface StoredVault {
  readonly bytes: Bytes
  readonly sealed: SealedVault
}

type Slot = 'vault-a' | 'vault-b'
const SLOTS: readonly Slot[] = ['vault-a', 'vault-b']
const POINTER = 'vault-current'

interface Found {
  /** null where there is nothing. */
  readonly vault: StoredVault | null
  readonly slot: Slot | null
}

/**
 * The vault that the pointer names. Where that can't be read, or no pointer was written yet, the readable one of the
 * highest revision: whatever was interrupted or damaged, a vault that is there is found.
 */
export async function loadVault(
  store: KeyStore,
): Promise<Result<StoredVault | null, VaultFileError | StorageFailure>> {
  const found = await find(store)
  return found.ok ? ok(found.value.vault) : found
}

/**
 * Stores `bytes` beside the present vault, reads them back, and only then makes them the present one. On a failure the
 * vault before is still the present one: what an interrupted swap means is decided by reading it again.
 */
export async function saveVault(store: KeyStore, bytes: Bytes): Promise<Result<null, StorageFailure>> {
  const present = await presentSlot(store)
  if (!present.ok) return present
  const slot: Slot = present.value === 'vault-a' ? 'vault-b' : 'vault-a'
  const written = await stored(async () => {
    await store.put(slot, bytes)
    return store.get(slot)
  })
  if (!written.ok) return written
  if (!(written.value instanceof Uint8Array) || !bytesEqual(written.value, bytes)) {
    return fail({ kind: 'vaultNotStored', detail: `${slot} reads back otherwise` })
  }
  const swapped = await stored(() => store.put(POINTER, slot))
  if (!swapped.ok) {
    const now = await presentSlot(store)
    if (!now.ok || now.value !== slot) return swapped
  }
  // What the old passphrase opened must not stay; if this fails, the next load does it.
  if (present.value) await stored(() => store.delete(present.value ?? slot))
  return ok(null)
}

/** Slots first: interrupted, it either is all there or all gone. */
export async function eraseVault(store: KeyStore): Promise<Result<null, StorageFailure>> {
  const erased = await stored(async () => {
    for (const key of [...SLOTS, POINTER]) await store.delete(key)
  })
  return erased.ok ? ok(null) : erased
}

/** Removes what an interrupted change left beside the present vault. */
export async function tidyVault(store: KeyStore): Promise<void> {
  const found = await find(store)
  if (!found.ok) return
  const { slot } = found.value
  await stored(async () => {
    if (slot && (await store.get(POINTER)) !== slot) await store.put(POINTER, slot)
    for (const other of SLOTS) {
      if (other !== slot && (await store.get(other)) !== undefined) await store.delete(other)
    }
  })
}

async function presentSlot(store: KeyStore): Promise<Result<Slot | null, StorageFailure>> {
  const found = await find(store)
  if (found.ok) return ok(found.value.slot)
  const { error } = found
  switch (error.kind) {
    case 'vaultStorageFull':
    case 'vaultStorageUnavailable':
    case 'vaultNotStored':
      return fail(error)
    default:
      // It can't be read now, and a newer app may be able to: never overwritten.
      return fail({
        kind: 'vaultNotStored',
        detail: `a vault that can't be read is in the way: ${error.kind}`,
      })
  }
}

async function find(store: KeyStore): Promise<Result<Found, VaultFileError | StorageFailure>> {
  const read = await stored(async () => ({
    pointer: await store.get(POINTER),
    slots: await Promise.all(SLOTS.map(async slot => ({ slot, value: await store.get(slot) }))),
  }))
  if (!read.ok) return read
  const { pointer, slots } = read.value
  let best: { vault: StoredVault; slot: Slot } | undefined
  let fault: VaultFileError | undefined
  for (const { slot, value } of slots) {
    if (value === undefined) continue
    const bytes = value instanceof Uint8Array ? Uint8Array.from(value) : new Uint8Array()
    const sealed = readVault(bytes)
    if (!sealed.ok) {
      // Before there was a pointer nothing was ever finished: half a first write is nothing.
      const counts = pointer !== undefined || isReadableElsewhere(sealed.error)
      if (counts && (!fault || slot === pointer)) fault = sealed.error
      continue
    }
    const candidate = { vault: { bytes, sealed: sealed.value }, slot }
    if (!best || slot === pointer) best = candidate
    else if (best.slot !== pointer && revisionOf(candidate) > revisionOf(best)) best = candidate
  }
  // An older revision beside it must not pass for the present one, or the newer app would find its own overwritten.
  if (fault && isReadableElsewhere(fault)) return fail(fault)
  if (best) return ok(best)
  return fault ? fail(fault) : ok({ vault: null, slot: null })
}

const revisionOf = ({ vault }: { readonly vault: StoredVault }): number => vault.sealed.header.revision

/** Whole, and only not for this version of the app, or not for this device. */
const isReadableElsewhere = ({ kind }: VaultFileError): boolean =>
  kind === 'vaultNewer' || kind === 'vaultStrengthRefused'
