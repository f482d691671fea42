// Tries one passphrase or passkey on the stored vault; wrong passphrases are counted, and soon have to wait.
import type { PasskeyFailure, PassphraseFailure, StorageFailure } from '../../app/ports/vault.ts'
import { type Bytes, bytesEqual } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { owned, wipe } from '../../core/wallet/secretBytes.ts'
import type { Stretching } from '../../core/wallet/stretching.ts'
import {
  type OpenVault,
  openWithPasskey,
  openWithPassphrase,
  passkeyWrappingKey,
  type VaultFileError,
} from '../../core/wallet/vaultFile.ts'
import type { PasskeyAnswer } from './passkeys.ts'
import type { Session } from './session.ts'
import type { StoredVault } from './slots.ts'
import type { VaultWorld } from './world.ts'

/** All of it is the caller's to overwrite or to hand on. */
export interface Opened {
  readonly stored: StoredVault
  readonly open: OpenVault
  /** The stretched passphrase. */
  readonly passphraseKey: Bytes
  /** How long stretching took, in milliseconds. */
  readonly ms: number
}

/** Inside of `exclusively`. */
export async function tryPassphrase(
  session: Session,
  passphrase: Bytes,
): Promise<Result<Opened, PassphraseFailure>> {
  const { attempts, world } = session
  const loaded = await session.load()
  if (!loaded.ok) return loaded
  const stored = loaded.value
  if (!stored) return fail({ kind: 'vaultMissing' })
  const remaining = await session.updateWait()
  if (remaining > 0) {
    session.emit()
    return fail({ kind: 'vaultWaiting', until: Math.ceil((world.wallNow() + remaining) / 1000) })
  }
  await attempts.begin()
  const { header } = stored.sealed
  const begun = world.timer.now()
  const stretched = await stretchWith(world, passphrase, header.salt, header.stretching)
  if (!stretched.ok) {
    await attempts.takeBack()
    return stretched
  }
  const ms = world.timer.now() - begun
  const passphraseKey = stretched.value
  const opened = openWithPassphrase(stored.sealed, passphraseKey)
  if (!opened.ok) {
    wipe(passphraseKey)
    await session.updateWait()
    session.emit()
    return opened
  }
  await attempts.succeeded()
  await session.updateWait()
  return ok({ stored, open: opened.value, passphraseKey, ms })
}

/** Inside of `exclusively`, with what the authenticator answered for the vault that was stored before. */
export async function tryPasskey(
  session: Session,
  answer: PasskeyAnswer,
): Promise<
  Result<
    { readonly stored: StoredVault; readonly open: OpenVault },
    PasskeyFailure | { readonly kind: 'vaultMissing' } | VaultFileError | StorageFailure
  >
> {
  const loaded = await session.load()
  if (!loaded.ok) return loaded
  const stored = loaded.value
  if (!stored) return fail({ kind: 'vaultMissing' })
  const { passkeys } = stored.sealed.header
  const index = passkeys.findIndex(slot => bytesEqual(slot.credentialId, answer.credentialId))
  const slot = passkeys[index]
  if (!slot) return fail({ kind: 'passkeyUnknown' })
  const key = passkeyWrappingKey(answer.prf, slot.salt)
  const opened = openWithPasskey(stored.sealed, index, key)
  wipe(key)
  return opened.ok ? ok({ stored, open: opened.value }) : opened
}

export async function stretchWith(
  { stretch }: VaultWorld,
  passphrase: Bytes,
  salt: Bytes,
  stretching: Stretching,
): Promise<Result<Bytes, { readonly kind: 'stretchFailed'; readonly detail: string }>> {
  // The worker's copy is made when it is called; this one outlives a caller that overwrites its own meanwhile.
  const copy = Uint8Array.from(passphrase)
  try {
    return ok(owned(await stretch(copy, salt, stretching)))
  } catch (error) {
    // Browsers throw RangeError, or nothing that has a name, where 128 MiB are not to be had.
    return fail({ kind: 'stretchFailed', detail: String(error) })
  } finally {
    wipe(copy)
  }
}
