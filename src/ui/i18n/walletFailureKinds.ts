// Every kind of failure that the wallet's screens can meet, collected from where they arise.
import type { InjectedFailure } from '../../app/ports/injectedWallets.ts'
import type {
  ChangedElsewhere,
  NewVaultFailure,
  PasskeyFailure,
  PassphraseFailure,
  StorageFailure,
  VaultLocked,
} from '../../app/ports/vault.ts'
import type { PassphraseFault } from '../../core/wallet/passphrase.ts'
import type { PhraseError } from '../../core/wallet/phrase.ts'
import type { VaultFileError } from '../../core/wallet/vaultFile.ts'

export type VaultFailureKind =
  | PassphraseFailure['kind']
  | NewVaultFailure['kind']
  | PassphraseFault['kind']
  | PasskeyFailure['kind']
  | PhraseError['kind']
  | VaultFileError['kind']
  | StorageFailure['kind']
  | VaultLocked['kind']
  | ChangedElsewhere['kind']
  | 'backupMismatch'
  | 'backupNeeded'

export type WalletFailureKind =
  | VaultFailureKind
  | InjectedFailure['kind']
  /** A file that was chosen can't be read any more. */
  | 'fileUnreadable'
