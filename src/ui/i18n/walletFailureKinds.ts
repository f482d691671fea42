// Every kind of failure that the wallet's screens can meet, collected from where they arise.
import type { ChainFailure } from '../../app/ports/chain.ts'
import type { InjectedFailure } from '../../app/ports/injectedWallets.ts'
import type {
  ChangedElsewhere,
  NewVaultFailure,
  PasskeyFailure,
  PassphraseFailure,
  StorageFailure,
  VaultLocked,
} from '../../app/ports/vault.ts'
import type { GiveCodeFailure } from '../../app/wallet/deviceOwnership.ts'
import type { ConfirmFailure, ProposeFailure } from '../../app/wallet/wallet.ts'
import type { DeviceRefusal } from '../../core/lock/refusal.ts'
import type { PassphraseFault } from '../../core/wallet/passphrase.ts'
import type { PhraseError } from '../../core/wallet/phrase.ts'
import type { VaultFileError } from '../../core/wallet/vaultFile.ts'

type VaultFailureKind =
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
  /** What it means for money is something else than what it means for firmware. */
  | 'chainUnreachable'
  /** A file that was chosen can't be read any more. */
  | 'fileUnreadable'

/** What signing and sending can end in, beyond what the chain's reader and the vault say. */
export type MoneyFailureKind =
  | Exclude<
      ProposeFailure['kind'] | ConfirmFailure['kind'],
      ChainFailure['kind'] | VaultFailureKind | InjectedFailure['kind']
    >
  | 'faucetUnavailable'
  | 'faucetEnough'

/** What a task with a device near us can end in, beyond what its link says. */
export type OwnershipFailureKind =
  | DeviceRefusal['kind']
  | GiveCodeFailure['kind']
  | 'buttonNotPressed'
  | 'cancelled'
  | 'claimCodeMistyped'
  | 'configFiledAlready'
  | 'configInvalid'
  | 'configNotDelivered'
  | 'deviceAnswerInvalid'
  | 'deviceForgotten'
  | 'deviceHasNoButton'
  | 'deviceHasNoClaimCode'
  | 'deviceModelChanged'
  | 'deviceNotMet'
  | 'deviceOfOthers'
  | 'deviceReported'
  | 'deviceWithoutOwner'
  | 'identityForOtherNetwork'
  | 'malformed'
  | 'notATakeCode'
  | 'notYoursYet'
  | 'openRefused'
  | 'pairedForOtherNetwork'
  | 'passVoid'
  | 'rulesMalformed'
  | 'sameDeviceAccount'
  | 'sessionRefused'
  | 'sessionRepeated'
