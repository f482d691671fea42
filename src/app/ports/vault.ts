// The vault as the use cases see it: what it may be asked while it is there, locked or open, and how each may fail.
import type { Address, Bytes } from '../../core/bytes.ts'
import type { Result } from '../../core/result.ts'
import type { AccountName } from '../../core/wallet/accounts.ts'
import type { Signable, Signed, WrongSigner } from '../../core/wallet/door.ts'
import type { PassphraseFault } from '../../core/wallet/passphrase.ts'
import type { PhraseError, PhraseLanguage } from '../../core/wallet/phrase.ts'
import type { VaultFileError } from '../../core/wallet/vaultFile.ts'

interface PasskeyInfo {
  readonly credentialId: Bytes
  readonly label: string
  /** Unix seconds. */
  readonly addedAt: number
}

export type VaultState =
  /** The store was not read yet. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'none' }
  | { readonly kind: 'locked'; readonly passkeys: readonly PasskeyInfo[] }
  /**
   * Locked, and no passphrase is tried before `until` (Unix seconds, as this clock counts now; the state changes by itself
   * when the time is over, whatever the clock was set to meanwhile). Passkeys open it at once.
   */
  | { readonly kind: 'waiting'; readonly until: number; readonly passkeys: readonly PasskeyInfo[] }
  | { readonly kind: 'unlocked'; readonly isBackedUp: boolean; readonly passkeys: readonly PasskeyInfo[] }
  /** There is a vault, and this app can't read it; nothing was changed. */
  | { readonly kind: 'unreadable'; readonly why: VaultFileError | StorageFailure }

export type StorageFailure =
  /** The quota is used up; what was stored before is still there. */
  | { readonly kind: 'vaultStorageFull' }
  /** The browser gives no database, or took it away. */
  | { readonly kind: 'vaultStorageUnavailable'; readonly detail: string }
  /** What was written did not read back the same; what was stored before is still there. */
  | { readonly kind: 'vaultNotStored'; readonly detail: string }

export interface VaultLocked {
  readonly kind: 'vaultLocked'
}

/** The checked passphrase was wrong, or may not be tried yet. */
export type PassphraseFailure =
  | { readonly kind: 'vaultMissing' }
  | VaultFileError
  | StorageFailure
  | { readonly kind: 'wrongPassphrase' }
  /** Unix seconds, as in the state `waiting`. */
  | { readonly kind: 'vaultWaiting'; readonly until: number }
  /** The device has not the memory or the worker to stretch the passphrase. */
  | { readonly kind: 'stretchFailed'; readonly detail: string }

export type NewVaultFailure =
  | { readonly kind: 'vaultExists' }
  | PassphraseFault
  | StorageFailure
  | { readonly kind: 'stretchFailed'; readonly detail: string }

/** Another tab changed the vault meanwhile; this one locked itself and shows the new state. */
export interface ChangedElsewhere {
  readonly kind: 'vaultChangedElsewhere'
}

export type PasskeyFailure =
  /** No WebAuthn here, or not for this origin. */
  | { readonly kind: 'passkeyUnavailable' }
  | { readonly kind: 'passkeyCancelled' }
  /** This authenticator has no PRF: it can sign in, and can't open a vault. */
  | { readonly kind: 'passkeyWithoutPrf' }
  | { readonly kind: 'passkeyExists' }
  | { readonly kind: 'passkeyUnknown' }
  /** It answered, and its answer opens nothing: another authenticator's copy, or a vault that was changed. */
  | { readonly kind: 'wrongPasskey' }
  | { readonly kind: 'passkeyLimit'; readonly max: number }
  | { readonly kind: 'passkeyFailed'; readonly detail: string }

/** A word of the phrase at its place, from 0. */
export interface PhraseAnswer {
  readonly index: number
  readonly word: string
}

/**
 * Passphrases come as `passphraseBytes` makes them; the vault overwrites them, however the call ends. Every method that
 * takes one counts wrong ones.
 */
export interface VaultPort {
  /** The present state, and a subscription to its changes; the returned function ends it. */
  readonly state: {
    get(): VaultState
    subscribe(listener: () => void): () => void
  }

  /** Makes a wallet with new words and leaves the vault open. The words are shown once, to be written down. */
  create(options: {
    readonly words: 12 | 24
    readonly language: PhraseLanguage
    readonly passphrase: Bytes
  }): Promise<Result<{ readonly phrase: readonly string[] }, NewVaultFailure>>
  /** Makes a vault of known words and leaves it open; it counts as backed up. */
  restore(options: {
    readonly phrase: string
    readonly passphrase: Bytes
  }): Promise<Result<null, NewVaultFailure | PhraseError>>
  /** Takes an export file, once its passphrase was shown to open it, and leaves the vault open. */
  importFile(options: {
    readonly file: Uint8Array
    readonly passphrase: Bytes
  }): Promise<Result<null, NewVaultFailure | VaultFileError | { readonly kind: 'wrongPassphrase' }>>
  /** The sealed vault as it is stored: it opens with the present passphrase, and with its passkeys at this origin. */
  exportFile(): Promise<Result<Bytes, { readonly kind: 'vaultMissing' } | VaultFileError | StorageFailure>>
  /** Deletes the vault from this browser. Without the words or an export file everything in it is lost. */
  erase(): Promise<Result<null, StorageFailure>>

  unlock(passphrase: Bytes): Promise<Result<null, PassphraseFailure>>
  /** To be called from a click: the browser asks the person for the passkey. */
  unlockWithPasskey(): Promise<
    Result<null, PasskeyFailure | { readonly kind: 'vaultMissing' } | VaultFileError | StorageFailure>
  >
  lock(): void
  /** The person did something: the time until the vault locks by itself starts again. */
  touch(): void

  /** From now on only `next` opens the vault, besides its passkeys. An export file from before keeps the old one. */
  changePassphrase(options: {
    readonly present: Bytes
    readonly next: Bytes
  }): Promise<Result<null, PassphraseFailure | PassphraseFault>>
  /** To be called from a click. The passphrase goes on opening the vault. */
  addPasskey(options: {
    readonly passphrase: Bytes
    readonly label: string
  }): Promise<Result<null, PassphraseFailure | PasskeyFailure>>
  removePasskey(options: {
    readonly passphrase: Bytes
    readonly credentialId: Uint8Array
  }): Promise<Result<null, PassphraseFailure | PasskeyFailure>>
  canUsePasskeys(): Promise<boolean>

  revealPhrase(passphrase: Bytes): Promise<Result<readonly string[], PassphraseFailure>>
  /** At least three different words of the phrase at their places prove that it was written down. */
  confirmBackup(
    answers: readonly PhraseAnswer[],
  ): Promise<
    Result<null, VaultLocked | ChangedElsewhere | StorageFailure | { readonly kind: 'backupMismatch' }>
  >

  address(account: AccountName): Promise<Result<Address, VaultLocked>>
  /** The address to be shown to whoever pays: not before the phrase was written down. */
  receiveAddress(
    account: AccountName,
  ): Promise<Result<Address, VaultLocked | { readonly kind: 'backupNeeded' }>>
  /** x || y, 64 bytes: what a device pins. */
  ownerPublicKey(generation: number): Promise<Result<Bytes, VaultLocked>>

  /** Signs what `readRequest` decoded, after the person saw its sentence. */
  sign(signable: Signable, account: AccountName): Promise<Result<Signed, VaultLocked | WrongSigner>>
  signWithOwnerKey(signable: Signable, generation: number): Promise<Result<Signed, VaultLocked>>
}

/** The key that opens locks: P-256 in this browser, which even the app can't read out. */
export interface LockKey {
  /** x || y, 64 bytes, big-endian. */
  readonly publicKey: Bytes
  /** r || s, 64 bytes, low s: ECDSA with SHA-256 over the 32-byte EIP-712 digest. Throws RangeError for another length. */
  sign(digest: Bytes): Promise<Bytes>
}

export interface LockKeys {
  /** The key of that name, made when first asked for. A name per counterparty keeps them from comparing keys. */
  keyFor(name: string): Promise<Result<LockKey, StorageFailure>>
  forget(name: string): Promise<Result<null, StorageFailure>>
}
